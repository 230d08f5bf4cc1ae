"""Frozen records, a noun a file: settings, presets, plans, journal lines, recordings."""
