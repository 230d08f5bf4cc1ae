"""OBS's level meters, on a websocket of their own: 20 readings a second and input would drown the requests.

    meters = LevelMeters(settings)
    meters.start()                        # never raises: without OBS there are no readings, and it tries again
    meters.latest("microphone")           # the last Reading, or None where it is older than a second
    meters.window("microphone", 5.0)      # the readings of the last five seconds
    meters.close()

OBS reports an input only while a scene that is on the programme holds it. All may be called from any thread.
"""

import base64
import contextlib
import hashlib
import json
import logging
import socket
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import websocket

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import PipelineError, Refused, Temporary
from pipeline.model.config import Obs
from pipeline.model.levels import Channel, Reading, decibels

log = logging.getLogger(__name__)

METERS = 1 << 16  # obs-websocket's event subscription InputVolumeMeters
WINDOW_S = 30.0
FRESH_S = 1.0
_ANSWER_S = 3.0  # OBS that is silent for so long is frozen: meters come 20 times a second
_AGAIN_S = 1.0
_HELLO, _IDENTIFY, _IDENTIFIED, _EVENT = 0, 1, 2, 5


class LevelMeters:
    """The meters of one OBS. `window_s`: how far back `window` can look."""

    def __init__(self, settings: Obs, clock: Clock = SYSTEM, *, window_s: float = WINDOW_S) -> None:
        self._settings = settings
        self._clock = clock
        self._kept = int(window_s * 1e6)
        self._lock = threading.Lock()
        self._readings: dict[str, deque[Reading]] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.error: PipelineError | None = None

    def start(self) -> None:
        """Begin to listen, in a thread of its own; a lost OBS is looked for again every second."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="obs-levels", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop listening; may be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_ANSWER_S + 1)
            self._thread = None

    def names(self) -> list[str]:
        """The inputs that were heard of within the last second."""
        now = self._clock.monotonic_us()
        with self._lock:
            held = {name: readings[-1] for name, readings in self._readings.items() if readings}
        return sorted(name for name, last in held.items() if now - last.at_us <= FRESH_S * 1e6)

    def latest(self, name: str) -> Reading | None:
        """The last reading of an input; None where OBS has told nothing of it for a second."""
        with self._lock:
            readings = self._readings.get(name)
            last = readings[-1] if readings else None
        fresh = last is not None and self._clock.monotonic_us() - last.at_us <= FRESH_S * 1e6
        return last if fresh else None

    def window(self, name: str, seconds: float) -> list[Reading]:
        """An input's readings of the last `seconds`, the oldest first."""
        since = self._clock.monotonic_us() - int(seconds * 1e6)
        with self._lock:
            return [one for one in self._readings.get(name, ()) if one.at_us >= since]

    def take(self, inputs: Sequence[Mapping[str, Any]]) -> None:
        """Keep one event's `inputs`, as OBS sends them: linear [magnitude, peak, input peak] for each channel."""
        now = self._clock.monotonic_us()
        with self._lock:
            for one in inputs:
                channels = tuple(Channel(*map(decibels, values)) for values in one["inputLevelsMul"])
                kept = self._readings.setdefault(str(one["inputName"]), deque())
                kept.append(Reading(now, channels))
                while kept[0].at_us < now - self._kept:
                    kept.popleft()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except PipelineError as error:
                self._note(error)
            except (OSError, ValueError, KeyError, TypeError, websocket.WebSocketException):
                self._note(Temporary("obs.lost", request="InputVolumeMeters"))
            if self._clock.wait(self._stop, _AGAIN_S):
                return

    def _note(self, error: PipelineError) -> None:
        if self.error is None or self.error.code != error.code:
            log.info("no meters: %s", error.code)
        self.error = error

    def _listen(self) -> None:
        """One connection, from the greeting until it is lost or `close` is called."""
        link = websocket.WebSocket()
        address = (self._settings.host, self._settings.port)
        try:
            # Our own socket: the library would obey proxy settings.
            raw = socket.create_connection(address, timeout=_ANSWER_S)
        except OSError:
            raise Temporary("obs.not-running", host=address[0], port=address[1]) from None
        with contextlib.closing(raw):
            link.connect("ws://{}:{}".format(*address), socket=raw, timeout=_ANSWER_S)  # type: ignore[no-untyped-call]
            raw.settimeout(_ANSWER_S)
            self._identify(link)
            self.error = None
            while not self._stop.is_set():
                message = _message(link)
                if message["op"] == _EVENT and message["d"]["eventType"] == "InputVolumeMeters":
                    self.take(message["d"]["eventData"]["inputs"])

    def _identify(self, link: websocket.WebSocket) -> None:
        hello = _message(link)
        wish: dict[str, object] = {"rpcVersion": 1, "eventSubscriptions": METERS}
        asked = hello["d"].get("authentication")
        if asked:
            password = self._settings.password.get_secret_value()
            wish["authentication"] = _proof(password, str(asked["salt"]), str(asked["challenge"]))
        link.send(json.dumps({"op": _IDENTIFY, "d": wish}))
        try:
            answer = _message(link)
        except websocket.WebSocketConnectionClosedException:
            answer = {}
        if answer.get("op") != _IDENTIFIED:
            raise Refused("obs.wrong-password", host=self._settings.host, port=self._settings.port)


def _message(link: websocket.WebSocket) -> dict[str, Any]:
    text = link.recv()
    if not text:  # the library's word for a closed connection
        raise websocket.WebSocketConnectionClosedException("closed")
    return dict(json.loads(text))


def _proof(password: str, salt: str, challenge: str) -> str:
    """obs-websocket 5's answer to its challenge."""
    secret = base64.b64encode(hashlib.sha256((password + salt).encode()).digest()).decode()
    return base64.b64encode(hashlib.sha256((secret + challenge).encode()).digest()).decode()
