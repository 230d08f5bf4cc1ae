"""The web console: looks and asks, never works itself."""
