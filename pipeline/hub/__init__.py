"""The fan-out: one feed in, one clock, the legs and the recording out."""
