"""The commands, a subject a file; `pipeline.cli.root` lists them."""
