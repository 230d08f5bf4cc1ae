"""Captions: from sound to words, from words to cues, from cues to files. Knows nothing of the pipeline."""
