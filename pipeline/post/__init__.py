"""The after-work of a recording."""
