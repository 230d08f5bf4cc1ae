"""Waiting for a condition, with a deadline."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], object], *, seconds: float = 10.0, what: str = "condition") -> None:
    """Return once `condition()` is true; AssertionError after `seconds`."""
    limit = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < limit, f"not within {seconds} s: {what}"
        pause.wait(0.05)
