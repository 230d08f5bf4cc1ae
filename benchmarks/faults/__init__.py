"""The fault suite: real processes are hurt, and what reached each far end is counted by payload."""
