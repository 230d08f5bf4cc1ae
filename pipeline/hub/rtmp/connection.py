"""One TCP connection to the acceptor: its deadlines, its back pressure, and the ways it ends."""

import asyncio
import contextlib
import logging
import socket
from typing import Protocol, cast

from pipeline.hub.rtmp import flv, limits
from pipeline.hub.rtmp.chunks import AUDIO, DATA0, VIDEO
from pipeline.hub.rtmp.faults import ProtocolFault, Rejection
from pipeline.hub.rtmp.pipe import FlvPipe
from pipeline.hub.rtmp.session import Event, Goodbye, Media, Publish, Session

log = logging.getLogger(__name__)


class House(Protocol):
    """What a connection needs of its acceptor; everything is called on the loop's thread."""

    def arrived(self, connection: "Connection") -> None: ...

    def left(self, connection: "Connection") -> None: ...

    def lingers(self, connection: "Connection") -> None: ...

    def admit(self, connection: "Connection", wish: Publish) -> FlvPipe:
        """The pipe of the new publisher, or Rejection."""

    def rejected(self, rejection: Rejection) -> None: ...


class Connection(asyncio.Protocol):
    """Reads a peer's bytes into its session and the publisher's messages into its pipe."""

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        self._house = house
        self._loop = loop
        self._session = Session()
        self._pipe: FlvPipe | None = None
        self._over = False
        self._paused_at: float | None = None
        self._last = loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        link: socket.socket = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._timer = self._loop.call_later(limits.PUBLISH_DEADLINE_S, self.drop, "no publish in time")
        self._house.arrived(self)

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._last = self._loop.time()
        try:
            self._session.receive(data)
            while not self._over and (event := self._session.next_event()) is not None:
                self._handle(event)
        except Rejection as rejection:
            self._reject(rejection)
        except ProtocolFault as fault:
            self.drop(str(fault))
        else:
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        self._over = True
        if self._pipe:
            self._pipe.finish("connection lost")
        self._house.left(self)

    def feeds(self, pipe: FlvPipe) -> bool:
        return self._pipe is pipe

    def resume(self) -> None:
        """The demuxer has caught up."""
        if self._paused_at is not None and not self._transport.is_closing():
            self._paused_at, self._last = None, self._loop.time()
            self._transport.resume_reading()

    def drop(self, reason: str) -> None:
        """Close at once and without a word."""
        log.info("connection dropped: %s", reason)
        self._over = True
        self._timer.cancel()
        if self._pipe:
            self._pipe.finish(reason)
        self._transport.abort()

    def _flush(self) -> None:
        out = self._session.take_output()
        if out:
            self._transport.write(out)
        if self._transport.get_write_buffer_size() > limits.UNREAD:
            self.drop("peer does not read")

    def _handle(self, event: Event) -> None:
        match event:
            case Publish():
                self._pipe = self._house.admit(self, event)
                self._session.accept()
                self._timer.cancel()
                self._timer = self._loop.call_later(0.5, self._watch)
            case Media(kind, timestamp, body):
                self._media(kind, timestamp, body)
            case Goodbye():
                self._end("publisher stopped")

    def _media(self, kind: int, timestamp: int, body: bytes) -> None:
        if self._pipe is None or kind not in (AUDIO, VIDEO, DATA0):
            return
        if kind != DATA0 and body:
            if flv.extra_track(kind, body):
                return
            codec = flv.foreign_codec(kind, body)
            if codec:
                raise Rejection(
                    "hub.foreign-codec",
                    "NetStream.Publish.Rejected",
                    f"Only H.264 video and AAC audio are accepted, not {codec}.",
                    codec=codec,
                )
        waiting = self._pipe.write(kind, timestamp, body)
        if waiting > limits.PIPE_HIGH and self._paused_at is None:
            self._paused_at = self._loop.time()
            self._transport.pause_reading()  # TCP then slows the sender

    def _watch(self) -> None:
        now = self._loop.time()
        if self._paused_at is not None:
            if now - self._paused_at > limits.PIPE_STALL_S:
                return self.drop("demuxer stalled")
        elif now - self._last > limits.IDLE_S:
            return self.drop("publisher silent")
        self._timer = self._loop.call_later(0.5, self._watch)
        return None

    def _reject(self, rejection: Rejection) -> None:
        log.warning("publisher refused: %s", rejection.code)
        self._house.rejected(rejection)
        self._session.reject(rejection.status, rejection.text)
        self._flush()
        self._end(rejection.code)

    def _end(self, reason: str) -> None:
        """Half-close and linger: closing with input unread would reset, and the peer miss our last words."""
        self._flush()
        self._over = True
        if self._pipe:
            self._pipe.finish(reason)
        self._house.lingers(self)
        self._timer.cancel()
        if not self._transport.is_closing():
            with contextlib.suppress(OSError):
                self._transport.write_eof()
        self._timer = self._loop.call_later(limits.LINGER_S, self._transport.abort)
