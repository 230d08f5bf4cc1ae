"""One event on air."""
