"""The stand-in for Facebook's ingest: takes RTMPS with keys that it knows, records, measures and judges.

    with Ingest(world, certificates, folder) as ingest:
        world.ingest = ingest.url          # what the Graph stand-in hands out
        ...
        ingest.report()

Keys stand in no file and no report: streams go by the number that the platform gave them.
"""

import contextlib
import threading
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.clock import SYSTEM, Clock, utc_text
from pipeline.standins.certificates import Certificates
from pipeline.standins.ingest_front import Front
from pipeline.standins.ingest_hooks import Hooks
from pipeline.standins.ingest_nginx import Nginx
from pipeline.standins.ingest_session import Session

CAP_BYTES = 512 << 20
_TICK_S = 0.1


class KeyBook(Protocol):
    """Who knows the stream keys, and is told what comes in. Called from several threads; never raises."""

    def admit(self, key: str) -> str | None:
        """The stream's id for a key that is good now, else None. A second publisher of a stream is refused."""

    def wanted(self, stream_id: str) -> bool:
        """Whether the stream may go on; False drops it."""

    def media(self, stream_id: str, health: dict[str, object]) -> None:
        """Media arrives."""

    def gone(self, stream_id: str) -> None:
        """The publisher has gone."""


class KnownKeys:
    """Keys that were told, as with a key pasted from Live Producer; each opens a stream of its own number."""

    def __init__(self, *keys: str) -> None:
        self._streams = {key: f"{number}" for number, key in enumerate(keys, start=1)}
        self._busy: set[str] = set()

    def admit(self, key: str) -> str | None:
        stream = self._streams.get(key)
        if stream is None or stream in self._busy:
            return None
        self._busy.add(stream)
        return stream

    def wanted(self, stream_id: str) -> bool:
        return True

    def media(self, stream_id: str, health: dict[str, object]) -> None:
        """Nobody asks."""

    def gone(self, stream_id: str) -> None:
        self._busy.discard(stream_id)


class Ingest:
    """Owns door, server, hooks and the thread that reads the growing recordings. `cap_bytes` bounds each one."""

    def __init__(
        self,
        keys: KeyBook,
        certificates: Certificates,
        folder: Path,
        *,
        clock: Clock = SYSTEM,
        cap_bytes: int = CAP_BYTES,
        idle_s: int = 15,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._cap = cap_bytes
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}  # by nginx's connection number while they last
        self._all: list[Session] = []
        self._refusals: deque[tuple[datetime, str]] = deque(maxlen=500)
        self._stop = threading.Event()
        self._hooks = Hooks(self._ask)
        self._nginx = Nginx(folder.resolve(), self._hooks.url, cap_bytes=cap_bytes, idle_s=idle_s)
        self._front = Front(certificates.server_context(), lambda: self._nginx.port, self._refuse)
        self._watch = threading.Thread(target=self._read_all, name="ingest-meter", daemon=True)

    @property
    def url(self) -> str:
        """`rtmps://localhost:PORT/rtmp/`, to which a key is added."""
        return f"rtmps://localhost:{self._front.port}/rtmp/"

    def start(self) -> None:
        self._hooks.start()
        self._nginx.start()
        self._front.start()
        self._watch.start()

    def stop(self) -> None:
        """End everything; what was recorded stays, and is read to its end."""
        self._front.stop()
        self._nginx.stop()
        self._stop.set()
        if self._watch.is_alive():
            self._watch.join(10)
        self._hooks.stop()
        for session in self.sessions():
            self._finish(session)

    def __enter__(self) -> "Ingest":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def cut(self) -> None:
        """Reset all connections; publishers may come back."""
        self._front.cut()

    def freeze(self, frozen: bool) -> None:
        """Stop (True) and go on (False) reading from everybody, connections kept."""
        self._front.freeze(frozen)

    def shut(self, closed: bool) -> None:
        """Be down (True) for new publishers, and up again (False)."""
        self._front.shut(closed)

    def sessions(self) -> list[Session]:
        """Every publishing that was let in, in order."""
        with self._lock:
            return list(self._all)

    def refusals(self) -> list[str]:
        """Why somebody was not let in, in order."""
        with self._lock:
            return [why for _, why in self._refusals]

    def report(self) -> dict[str, object]:
        """What was received and how it is judged: plain JSON without keys."""
        with self._lock:
            refused = [{"at": utc_text(at), "why": why} for at, why in self._refusals]
        return {"sessions": [session.report() for session in self.sessions()], "refused": refused}

    def snapshot(self, target: Path, *, stream: str | None = None) -> bool:
        """Write the last keyframe received (of `stream`, or of any) as a PNG; False when there was none."""
        for session in reversed(self.sessions()):
            if stream in (None, session.stream) and session.snapshot(target):
                return True
        return False

    def _refuse(self, why: str) -> None:
        with self._lock:
            self._refusals.append((self._clock.utc(), why))

    def _ask(self, call: str, client: str, key: str) -> str | None:
        """nginx's question, see `Hooks`."""
        if call == "publish":
            return self._publish(client, key)
        with self._lock:
            session = self._sessions.get(client)
        if session is None:
            return None
        if call == "update":
            return session.name if self._keys.wanted(session.stream) else None
        with self._lock:
            self._sessions.pop(client, None)
        session.ended = self._clock.utc()
        self._keys.gone(session.stream)
        return session.name

    def _publish(self, client: str, key: str) -> str | None:
        stream = self._keys.admit(key)
        if stream is None:
            self._refuse("the stream key is not known, used up or in use")
            return None
        with self._lock:
            name = f"{stream}-{len(self._all) + 1:03d}"
            path = self._nginx.recordings / f"{name}.flv"
            session = Session(stream, name, path, self._clock.utc(), self._cap)
            self._sessions[client] = session
            self._all.append(session)
        return name

    def _read_all(self) -> None:
        while not self._stop.wait(_TICK_S):
            for session in self.sessions():
                if not session.read_out:
                    self._read(session)

    def _read(self, session: Session) -> None:
        ending = session.ended is not None  # asked before reading: nothing is written after it
        grown = session.read(self._clock.utc())
        coming = (grown or session.truncated) and not ending
        if coming and session.meter.video.frames + session.meter.audio.frames:
            self._keys.media(session.stream, session.meter.health())
        if ending and not grown:
            session.read_out = True

    def _finish(self, session: Session) -> None:
        with contextlib.suppress(OSError):
            session.read(self._clock.utc())
        if session.ended is None:
            session.ended = self._clock.utc()
            self._keys.gone(session.stream)
