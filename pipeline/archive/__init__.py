"""Packages that last and can be proved."""
