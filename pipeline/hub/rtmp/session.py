"""RTMP's protocol without I/O: the server's side of handshake, connect and publish, for one publisher.

`receive` bytes, then take events with `next_event` until it is None; what has to be sent is in `take_output`.
After `Publish` the owner calls `accept` or `reject` before it asks for the next event.
"""

import os
import struct
from dataclasses import dataclass, field
from enum import Enum

from pipeline.hub.rtmp import amf, chunks, limits
from pipeline.hub.rtmp.chunks import ChunkReader, Message, written
from pipeline.hub.rtmp.faults import ProtocolFault

_HANDSHAKE = 1536
_OUR_WINDOW = 2_500_000
_OUR_CHUNK = 4096
_SET_DATA_FRAME = amf.encode("@setDataFrame")  # a wrapper that FLV does not want


@dataclass(frozen=True, slots=True)
class Publish:
    """The peer wants to publish."""

    app: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A message for the FLV stream; `timestamp` in milliseconds, 32 bits."""

    kind: int
    timestamp: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The publisher ended its stream."""


Event = Publish | Media | Goodbye


class _Step(Enum):
    VERSION = 1
    FIRST = _HANDSHAKE
    ECHO = _HANDSHAKE + 1  # as long as FIRST; the values only have to differ
    CHUNKS = 0


class Session:
    """One peer's conversation. Raises ProtocolFault; never anything else, whatever the bytes are."""

    def __init__(self) -> None:
        self.publishing = False
        self._step = _Step.VERSION
        self._shake = bytearray()
        self._reader = ChunkReader()
        self._out: list[bytes] = []
        self._app: str | None = None
        self._received = 0
        self._window: int | None = None  # only a peer that declares one is acknowledged: see `_acknowledge`
        self._acknowledged = 0

    def receive(self, data: bytes) -> None:
        self._received += len(data)
        if not self.publishing and self._received > limits.STRANGER:
            raise ProtocolFault("too much before publish")
        if self._step is _Step.CHUNKS:
            self._reader.push(data)
        else:
            self._shake += data
            self._handshake()
        self._acknowledge()

    def take_output(self) -> bytes:
        out, self._out = b"".join(self._out), []
        return out

    def next_event(self) -> Event | None:
        if self._step is not _Step.CHUNKS:
            return None
        while (message := self._reader.next()) is not None:
            event = self._heard(message)
            if event is not None:
                return event
        return None

    def accept(self) -> None:
        self.publishing = self._reader.trusted = True
        self._control(chunks.USER, struct.pack(">HI", 0, 1))  # stream 1 begins
        self._status("status", "NetStream.Publish.Start", "Publishing.")

    def reject(self, status: str, text: str) -> None:
        self._status("error", status, text)

    def _handshake(self) -> None:
        if self._step is _Step.VERSION and self._shake:
            if self._shake[0] != 3:
                raise ProtocolFault("not RTMP")
            del self._shake[:1]
            self._step = _Step.FIRST
        if self._step is _Step.FIRST and len(self._shake) >= _HANDSHAKE:
            first = bytes(self._shake[:_HANDSHAKE])
            del self._shake[:_HANDSHAKE]
            # A zero version in our part tells peers that know digests to use the plain handshake.
            self._out.append(b"\x03" + bytes(8) + os.urandom(_HANDSHAKE - 8) + first)
            self._step = _Step.ECHO
        if self._step is _Step.ECHO and len(self._shake) >= _HANDSHAKE:
            self._reader.push(bytes(self._shake[_HANDSHAKE:]))
            self._shake.clear()
            self._step = _Step.CHUNKS

    def _acknowledge(self) -> None:
        """Acknowledge where it was asked for.

        OBS and ffmpeg declare no window. ffmpeg never reads: acknowledgements that lie unread at its end turn
        its close into a reset, and its last packets would be lost.
        """
        if self._window and self._received - self._acknowledged >= self._window // 2:
            self._acknowledged = self._received
            self._control(chunks.ACK, struct.pack(">I", self._received & 0xFFFFFFFF))

    def _heard(self, message: Message) -> Event | None:
        kind, body = message.kind, message.body
        if kind in (chunks.AUDIO, chunks.VIDEO):
            return Media(kind, message.timestamp, body) if self.publishing and body else None
        if kind in (chunks.COMMAND0, chunks.COMMAND3):
            return self._command(body[kind == chunks.COMMAND3 :])
        if kind in (chunks.DATA0, chunks.DATA3):
            plain = body[kind == chunks.DATA3 :].removeprefix(_SET_DATA_FRAME)
            return Media(chunks.DATA0, message.timestamp, plain) if self.publishing else None
        self._control_heard(kind, body)
        return None

    def _control_heard(self, kind: int, body: bytes) -> None:
        number = int.from_bytes(body[:4], "big")
        if kind == chunks.SET_CHUNK:
            if len(body) != 4:
                raise ProtocolFault("chunk size malformed")
            self._reader.set_chunk_size(number & 0x7FFFFFFF)
        elif kind == chunks.WINDOW and len(body) == 4:
            self._window = max(number, 64 * 1024)
        elif kind == chunks.ABORT and len(body) == 4:
            self._reader.abort(number)
        elif kind == chunks.USER and body[:2] == b"\x00\x06":  # ping
            self._control(chunks.USER, b"\x00\x07" + body[2:6])

    def _command(self, body: bytes) -> Event | None:
        values = amf.decode(body)
        match values:
            case [str() as name, float() as number, *rest]:
                pass
            case _:
                raise ProtocolFault("malformed command")
        if name == "connect" and self._app is None:
            self._connect(number, rest)
        elif self._app is None:
            raise ProtocolFault("command before connect")
        elif name == "createStream":
            self._reply("_result", number, None, 1)
        elif name == "publish":
            if self.publishing:
                raise ProtocolFault("publish twice")
            key = rest[1] if len(rest) > 1 and isinstance(rest[1], str) else ""
            return Publish(self._app, key)
        elif name in ("FCUnpublish", "deleteStream", "closeStream"):
            if self.publishing:
                self.publishing = False
                return Goodbye()
        elif name in ("releaseStream", "FCPublish"):
            if number:
                self._reply("_result", number, None)  # OBS and ffmpeg do not wait for it; others do
        elif number:
            self._reply("_error", number, None, {"level": "error", "code": "NetConnection.Call.Failed"})
        return None

    def _connect(self, number: float, rest: list[amf.Value]) -> None:
        about = rest[0] if rest and isinstance(rest[0], dict) else {}
        app = about.get("app")
        self._app = app if isinstance(app, str) else ""
        self._control(chunks.WINDOW, struct.pack(">I", _OUR_WINDOW))
        self._control(chunks.BANDWIDTH, struct.pack(">IB", _OUR_WINDOW, 2))
        self._control(chunks.SET_CHUNK, struct.pack(">I", _OUR_CHUNK))
        # No fourCcList in the answer: whoever asks learns that we do not speak enhanced RTMP.
        self._reply(
            "_result",
            number,
            {"fmsVer": "FMS/3,5,3,888", "capabilities": 31},
            {
                "level": "status",
                "code": "NetConnection.Connect.Success",
                "description": "Connected.",
                "objectEncoding": 0,
            },
        )

    def _reply(self, name: str, number: float, *values: amf.Value) -> None:
        self._out.append(written(chunks.COMMAND0, amf.encode(name, number, *values)))

    def _control(self, kind: int, body: bytes) -> None:
        self._out.append(written(kind, body, chunk_stream=2))

    def _status(self, level: str, code: str, text: str) -> None:
        about: amf.Value = {"level": level, "code": code, "description": text}
        body = amf.encode("onStatus", 0, None, about)
        self._out.append(written(chunks.COMMAND0, body, stream=1, chunk_stream=5))
