"""The composition root: ties the rooms of one floor together, a file for each process or purpose."""
