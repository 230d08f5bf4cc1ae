"""RTMP's chunk layer without I/O: bytes in, whole messages out; and one message as bytes.

Source: Adobe's RTMP specification 1.0, chapter 5. Both dialects of the extended timestamp are read: repeated
in type 3 chunks (the standard, OBS, ffmpeg) or not.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.hub.rtmp import limits
from pipeline.hub.rtmp.faults import ProtocolFault

SET_CHUNK, ABORT, ACK, USER, WINDOW, BANDWIDTH = 1, 2, 3, 4, 5, 6
AUDIO, VIDEO, DATA3, COMMAND3, DATA0, COMMAND0 = 8, 9, 15, 17, 18, 20

_HEADER_BYTES = (11, 7, 3, 0)  # by chunk type
_EXTENDED = 0xFFFFFF
_CONTROL_STREAM = 2


class Message(NamedTuple):
    """A whole message; `timestamp` in milliseconds, 32 bits, wrapping."""

    kind: int
    stream: int
    timestamp: int
    body: bytes


@dataclass(slots=True)
class _Stream:
    """The last header of a chunk stream and the message that is being put together."""

    timestamp: int = 0
    delta: int = 0  # the timestamp field as it was last sent
    extended: bool = False
    length: int = 0
    kind: int = 0
    stream: int = 0
    parts: list[bytes] = field(default_factory=list)
    got: int = 0
    open: bool = False


class _Head(NamedTuple):
    fmt: int
    stream_id: int
    basic: int  # bytes of the basic header


class ChunkReader:
    """Feed it with `push`, take messages with `next`. Nothing is stored before its size has been checked."""

    def __init__(self) -> None:
        self.trusted = False  # set once the key was accepted: until then media may not be large
        self._chunk = 128
        self._buffer = bytearray()
        self._at = 0
        self._streams: dict[int, _Stream] = {}

    def push(self, data: bytes) -> None:
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def set_chunk_size(self, size: int) -> None:
        if size < limits.SMALLEST_CHUNK:
            raise ProtocolFault("chunk size too small")
        self._chunk = size  # however large: the messages themselves are bounded

    def abort(self, stream_id: int) -> None:
        """Forget the unfinished message of a chunk stream."""
        held = self._streams.get(stream_id)
        if held:
            held.parts, held.got, held.open = [], 0, False

    def next(self) -> Message | None:
        """The next whole message, or None until more bytes come; ProtocolFault for what is not allowed."""
        while True:
            head = self._basic_header()
            if head is None:
                return None
            stream = self._known(head)
            size = self._message_header(head, stream)
            if size is None:
                return None
            wanted = min(self._chunk, stream.length - stream.got)
            start = self._at + size
            if len(self._buffer) < start + wanted:
                return None
            self._begin(head, stream)
            stream.parts.append(bytes(self._buffer[start : start + wanted]))
            stream.got += wanted
            self._at = start + wanted
            if stream.got == stream.length:
                body = b"".join(stream.parts)
                stream.parts, stream.got, stream.open = [], 0, False
                return Message(stream.kind, stream.stream, stream.timestamp, body)

    def _basic_header(self) -> _Head | None:
        raw = self._buffer[self._at : self._at + 3]
        if not raw:
            return None
        fmt, stream_id = raw[0] >> 6, raw[0] & 63
        basic = (2, 3)[stream_id] if stream_id < 2 else 1
        if len(raw) < basic:
            return None
        if basic > 1:
            stream_id = 64 + int.from_bytes(raw[1:basic], "little")
        return _Head(fmt, stream_id, basic)

    def _known(self, head: _Head) -> _Stream:
        stream = self._streams.get(head.stream_id)
        if stream is None:
            if head.fmt == 3 or (head.fmt and head.stream_id == _CONTROL_STREAM):
                raise ProtocolFault("chunk stream without a beginning")
            if len(self._streams) >= limits.CHUNK_STREAMS:
                raise ProtocolFault("too many chunk streams")
            stream = self._streams[head.stream_id] = _Stream()
        if head.fmt < 3 and stream.open:
            raise ProtocolFault("message header inside a message")
        return stream

    def _message_header(self, head: _Head, stream: _Stream) -> int | None:
        """Read the header into `stream`; its whole size in bytes, or None while it has not arrived."""
        count = _HEADER_BYTES[head.fmt]
        start = self._at + head.basic
        raw = bytes(self._buffer[start : start + count + 4])
        if head.fmt == 3:
            if not stream.extended:
                return head.basic
            if len(raw) < 4:
                return None
            repeated = int.from_bytes(raw[:4], "big") == stream.delta
            return head.basic + 4 * repeated
        if len(raw) < count:
            return None
        delta = int.from_bytes(raw[:3], "big")
        extended = delta == _EXTENDED
        if extended:
            if len(raw) < count + 4:
                return None
            delta = int.from_bytes(raw[count:], "big")
        stream.delta, stream.extended = delta, extended
        if head.fmt < 2:
            stream.length, stream.kind = int.from_bytes(raw[3:6], "big"), raw[6]
        if head.fmt == 0:
            stream.stream = int.from_bytes(raw[7:11], "little")
        self._check(stream)
        return head.basic + count + 4 * extended

    def _begin(self, head: _Head, stream: _Stream) -> None:
        if stream.open:
            return
        stream.open = True
        stream.timestamp = stream.delta if head.fmt == 0 else (stream.timestamp + stream.delta) & 0xFFFFFFFF
        self._check(stream)

    def _check(self, stream: _Stream) -> None:
        limit = limits.COMMAND
        if self.trusted:
            limit = {AUDIO: limits.AUDIO, VIDEO: limits.VIDEO}.get(stream.kind, limit)
        if stream.length > limit:
            raise ProtocolFault(f"message of type {stream.kind} too large")


def written(kind: int, body: bytes, *, stream: int = 0, chunk_stream: int = 3) -> bytes:
    """One short message of ours as a single chunk at time 0; it has to fit the chunk size in force."""
    return b"".join(
        (
            bytes((chunk_stream, 0, 0, 0)),
            len(body).to_bytes(3, "big"),
            bytes((kind,)),
            stream.to_bytes(4, "little"),
            body,
        )
    )
