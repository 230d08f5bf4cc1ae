"""The set-up: system programs, the virtual environment, torch, the locked packages. Standard library only."""
