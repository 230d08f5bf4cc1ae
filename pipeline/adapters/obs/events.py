"""Takes OBS's events off the connection and tells the watchers, in a thread of its own.

Never in the library's receive thread: a watcher may ask OBS for something, and may fail.
"""

import logging
import queue
import threading
from collections.abc import Callable

from pipeline.adapters.obs.connection import Connection, ObsEvent

log = logging.getLogger(__name__)

Watcher = Callable[[ObsEvent], None]

STARTED, STOPPED = "OBS_WEBSOCKET_OUTPUT_STARTED", "OBS_WEBSOCKET_OUTPUT_STOPPED"


class Events:
    """Delivers events in their order, and remembers the last state of the stream and of the recording."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._watchers: list[Watcher] = []
        self._changed = threading.Condition()
        self._output: dict[str, str] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="obs-events", daemon=True)
        self._thread.start()

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` with every event from now on; what it raises is logged and goes no further."""
        self._watchers.append(watcher)

    def forget(self, event: str) -> None:
        """Forget the last state that `event` told: the next `wait_for` waits for news."""
        with self._changed:
            self._output.pop(event, None)

    def last(self, event: str) -> str | None:
        """The last output state that `StreamStateChanged` or `RecordStateChanged` told, if any."""
        with self._changed:
            return self._output.get(event)

    def wait_for(self, event: str, state: str, seconds: float) -> bool:
        """Wait until `event` has told `state`; False after `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._output.get(event) == state, seconds)

    def close(self) -> None:
        self._end.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                event = self._connection.events.get(timeout=0.2)
            except queue.Empty:
                continue
            self._tell(event)

    def _tell(self, event: ObsEvent) -> None:
        if "outputState" in event.data:
            with self._changed:
                self._output[event.name] = str(event.data["outputState"])
                self._changed.notify_all()
        for watcher in list(self._watchers):
            try:
                watcher(event)
            except Exception:
                log.exception("a watcher failed on %s", event.name)
