"""Before an event: what must be right, one check a line, each with its remedy."""
