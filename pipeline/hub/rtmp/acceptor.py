"""The RTMP acceptor: sockets, the one key, and the rule that there is one publisher."""

import asyncio
import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Callable

from pipeline.errors import Fatal
from pipeline.hub.rtmp import limits
from pipeline.hub.rtmp.connection import Connection
from pipeline.hub.rtmp.faults import Rejection
from pipeline.hub.rtmp.pipe import FlvPipe
from pipeline.hub.rtmp.session import Publish

log = logging.getLogger(__name__)

REMEMBERED_S = 30.0


class Acceptor:
    """Listens on its own thread. `on_stream(pipe)` is called there for each accepted publisher and must only
    hand the pipe on; `on_rejected(rejection)` likewise.

    After a refusal for its codec the next tries are refused with the same words for 30 s: OBS would
    otherwise publish again for ever, every two seconds, each time with a moment of accepted stream.
    """

    def __init__(
        self,
        host: str,
        port: int,
        app: str,
        key: str,
        on_stream: Callable[[FlvPipe], None],
        on_rejected: Callable[[Rejection], None] = lambda rejection: None,
    ) -> None:
        self.host = host
        self.port = port
        self._digest = _digest(app, key)
        self._on_stream = on_stream
        self._on_rejected = on_rejected
        self._pending: dict[Connection, None] = {}  # oldest first
        self._publisher: Connection | None = None
        self._remembered: tuple[float, Rejection] | None = None
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="rtmp", daemon=True)

    def start(self) -> None:
        """Begin to listen; `port` is then the real one. Fatal `hub.port-taken` when it cannot."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        except OSError as error:
            self.stop()
            raise Fatal("hub.port-taken", host=self.host, port=self.port) from error

    def stop(self) -> None:
        """Close everything; waits for the thread. Calling it twice does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._close)
            self._thread.join(5)

    @property
    def pending(self) -> int:
        """How many connections have not published (for tests and status)."""
        return len(self._pending)

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            lambda: Connection(self, self._loop), self.host, self.port, backlog=128, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _close(self) -> None:
        if self._server:
            self._server.close()
        for connection in [*self._pending, *([self._publisher] if self._publisher else [])]:
            connection.drop("hub ends")
        self._loop.call_later(0.05, self._loop.stop)

    # What connections ask; always on the loop's thread.

    def arrived(self, connection: Connection) -> None:
        self._pending[connection] = None
        if len(self._pending) > limits.PENDING:
            oldest = next(iter(self._pending))
            del self._pending[oldest]  # now: its own farewell comes later, and others arrive meanwhile
            oldest.drop("too many connections")

    def left(self, connection: Connection) -> None:
        self._pending.pop(connection, None)
        if self._publisher is connection:
            self._publisher = None

    def lingers(self, connection: Connection) -> None:
        """It publishes no more, but its socket still counts."""
        self.left(connection)
        self.arrived(connection)

    def rejected(self, rejection: Rejection) -> None:
        if rejection.code == "hub.foreign-codec" and self._held_against() is None:
            self._remembered = (time.monotonic() + REMEMBERED_S, rejection)
        self._on_rejected(rejection)

    def admit(self, connection: Connection, wish: Publish) -> FlvPipe:
        if not hmac.compare_digest(_digest(wish.app, wish.key), self._digest):
            raise Rejection("hub.wrong-key", "NetStream.Publish.BadName", "Wrong application name or stream key.")
        if self._publisher is not None:
            raise Rejection(
                "hub.second-publisher", "NetStream.Publish.BadName", "Another publisher is already live."
            )
        held = self._held_against()
        if held:
            raise held
        self._pending.pop(connection, None)
        self._publisher = connection
        pipe = FlvPipe(lambda: self._resume(connection))
        self._on_stream(pipe)
        return pipe

    def turn_away(self, pipe: FlvPipe, reason: str) -> None:
        """Drop the publisher whose pipe this is (from any thread); nothing when it has gone."""

        def drop() -> None:
            if self._publisher is not None and self._publisher.feeds(pipe):
                self._publisher.drop(reason)

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(drop)

    def _held_against(self) -> Rejection | None:
        """The remembered refusal while it lasts; being refused again does not prolong it."""
        until, rejection = self._remembered or (0.0, None)
        return rejection if time.monotonic() < until else None

    def _resume(self, connection: Connection) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(connection.resume)


def _digest(app: str, key: str) -> bytes:
    """Of equal length for every input, so that comparing tells nothing, not even a length."""
    return hashlib.sha256(f"{app.strip('/')}\0{key}".encode("utf-8", "replace")).digest()
