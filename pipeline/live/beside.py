"""Work beside the tick: waiting for a studio that hangs must not keep hub, legs and alarms waiting."""

import threading
from collections.abc import Callable

Act = Callable[[], None]


def at_once(act: Act) -> None:
    """Do it here and now: for tests on a stepped clock."""
    act()


class Beside:
    """One act at a time, in a thread of its own; while one is at work the next is left out, for it comes again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None

    def __call__(self, act: Act) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=act, name=self._name, daemon=True)
            self._thread.start()
