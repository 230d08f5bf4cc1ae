"""What the centre's office needs around the events."""
