"""Ctrl-C as a pause: long work ends at the next good place and goes on another time."""

import contextlib
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def paused_by_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C (or a service's end) sets; a second one breaks off."""
    stop = threading.Event()
    before = {}

    def pause(number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is threading.main_thread():
        before = {one: signal.signal(one, pause) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
