"""A strict RTMP far end for legs: it takes one key, demuxes what comes and keeps what it saw."""

import hashlib
import queue
import threading
from collections.abc import Callable
from typing import Self

from pipeline.errors import PipelineError
from pipeline.hub.ingest import packets
from pipeline.hub.packet import Packet
from pipeline.hub.rtmp.acceptor import Acceptor
from pipeline.hub.rtmp.faults import Rejection
from pipeline.hub.rtmp.pipe import FlvPipe


class FarEnd:
    """Sessions of packets, in the order in which publishers came; `rejections` of those that were refused."""

    def __init__(self, key: str = "platform-key", app: str = "rtmp", port: int = 0) -> None:
        self.sessions: list[list[Packet]] = []
        self.rejections: list[Rejection] = []
        self.app, self.key = app, key
        self._pipes: queue.SimpleQueue[FlvPipe | None] = queue.SimpleQueue()
        self._acceptor = Acceptor("127.0.0.1", port, app, key, self._pipes.put, self.rejections.append)
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._acceptor.stop()
        self._pipes.put(None)
        self._thread.join(5)

    @property
    def port(self) -> int:
        return self._acceptor.port

    @property
    def url(self) -> str:
        return f"rtmp://127.0.0.1:{self.port}/{self.app}"

    @property
    def frames(self) -> list[Packet]:
        """Every video packet of every session."""
        return [packet for session in list(self.sessions) for packet in list(session) if packet.kind == "video"]

    def on_packet(self, packet: Packet) -> None:
        """For who wants to know at once."""

    def _read(self) -> None:
        while (pipe := self._pipes.get()) is not None:
            session: list[Packet] = []
            self.sessions.append(session)
            try:
                for packet in packets(pipe):
                    session.append(packet)
                    self.on_packet(packet)
            except PipelineError:
                continue


def pictures(packets: list[Packet]) -> list[str]:
    """A digest of each video packet's slices: SPS, PPS, SEI and delimiters are left out, for muxers may add or
    drop them.
    """
    return [
        hashlib.sha1(b"".join(slices(packet.data))).hexdigest()[:12] for packet in packets if packet.kind == "video"
    ]


def slices(annex_b: bytes) -> list[bytes]:
    """The NAL units of types 1 to 5."""
    units = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [unit for unit in units if unit and 1 <= unit[0] & 31 <= 5]


def wait_for(condition: Callable[[], object], within_s: float = 20.0, what: str = "") -> None:
    """Wait until `condition` is true; AssertionError after `within_s`."""
    stop = threading.Event()
    waited = 0.0
    while not condition():
        if waited > within_s:
            raise AssertionError(what or "waited in vain")
        stop.wait(0.05)
        waited += 0.05
