"""The commands: parse, then call; the only place where sentences are made."""
