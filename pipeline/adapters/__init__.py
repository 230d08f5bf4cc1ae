"""The outside world, one system a file: one attempt, then raise."""
