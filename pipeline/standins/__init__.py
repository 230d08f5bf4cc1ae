"""Strict far ends of real protocols, for the demo and the tests."""
