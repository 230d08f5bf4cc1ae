"""Caption formats: pure text to tracks and back."""
