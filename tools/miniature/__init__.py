"""How the miniature Whisper of the tests and the demo is made: speech, windows, model, training, evaluation."""
