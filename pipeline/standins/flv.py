"""Reads an FLV file while it grows: tags with their times, whole ones only. Nothing is decoded here."""

from collections.abc import Iterator
from dataclasses import dataclass

AUDIO, VIDEO, SCRIPT = 8, 9, 18
_HEADER = 9 + 4
_TAG_HEADER = 11
MAX_BUFFER = 32 << 20


class FlvError(ValueError):
    """The bytes are no FLV."""


@dataclass(frozen=True, slots=True)
class Tag:
    """`dts_ms` counts from the publisher's zero; `body` is the tag's data."""

    kind: int
    dts_ms: int
    body: bytes


class FlvReader:
    """Feed it bytes as they come; it gives whole tags and keeps the rest."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[Tag]:
        self._buffer += data
        if len(self._buffer) > MAX_BUFFER:
            raise FlvError("a tag without end")
        if not self._begun:
            if len(self._buffer) < _HEADER:
                return
            if self._buffer[:3] != b"FLV":
                raise FlvError("no FLV signature")
            del self._buffer[:_HEADER]
            self._begun = True
        place = 0
        while len(self._buffer) - place >= _TAG_HEADER:
            head = self._buffer[place : place + _TAG_HEADER]
            size = int.from_bytes(head[1:4], "big")
            end = place + _TAG_HEADER + size + 4
            if len(self._buffer) < end:
                break
            dts = int.from_bytes(head[4:7], "big") | head[7] << 24
            yield Tag(head[0] & 0x1F, dts, bytes(self._buffer[place + _TAG_HEADER : end - 4]))
            place = end
        del self._buffer[:place]
