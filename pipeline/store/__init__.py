"""What lasts: atomic files and folders, the journal, the database."""
