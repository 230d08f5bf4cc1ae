"""The history of our tables. `REVISIONS` names every step this program knows, oldest first."""

REVISIONS = ("0001",)
HEAD = REVISIONS[-1]
