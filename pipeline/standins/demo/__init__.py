"""`ekultura demo`: the whole chain on one machine, by the real command line, judged by what the far ends got."""
