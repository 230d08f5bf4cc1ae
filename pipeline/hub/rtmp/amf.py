"""AMF0, the form of RTMP's commands: values to bytes and back, bounded in depth and number.

Source: Action Message Format AMF 0, Adobe Systems (2007).
"""

import struct
from collections.abc import Mapping, Sequence

from pipeline.hub.rtmp import limits
from pipeline.hub.rtmp.faults import ProtocolFault

NUMBER, BOOLEAN, STRING, OBJECT = 0x00, 0x01, 0x02, 0x03
NULL, UNDEFINED, MAP, END, LIST = 0x05, 0x06, 0x08, 0x09, 0x0A
DATE, LONG_STRING = 0x0B, 0x0C

Value = float | bool | str | None | Mapping[str, "Value"] | Sequence["Value"]


def encode(*values: Value) -> bytes:
    """The values one after another; TypeError for what AMF0 cannot say, struct.error for overlong keys."""
    return b"".join(_encoded(value) for value in values)


def _encoded(value: Value) -> bytes:
    match value:
        case None:
            return bytes((NULL,))
        case bool():
            return bytes((BOOLEAN, value))
        case int() | float():
            return struct.pack(">Bd", NUMBER, value)
        case str():
            raw = value.encode()
            return struct.pack(">BH", STRING, len(raw)) + raw
        case Mapping():
            pairs = [_key(key) + _encoded(item) for key, item in value.items()]
            return b"".join((bytes((OBJECT,)), *pairs, b"\0\0", bytes((END,))))
    raise TypeError(type(value).__name__)


def _key(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def decode(data: bytes) -> list[Value]:
    """Every value in `data`; ProtocolFault when it is cut short, too deep, too long or of an unknown type."""
    reader = _Reader(data)
    out = []
    while not reader.at_end():
        out.append(reader.value(0))
    return out


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._left = limits.AMF_VALUES

    def at_end(self) -> bool:
        return self._at >= len(self._data)

    def value(self, depth: int) -> Value:
        self._left -= 1
        if depth > limits.AMF_DEPTH or self._left < 0:
            raise ProtocolFault("AMF too deep or too long")
        kind = self._take(1)[0]
        if kind == NUMBER:
            return self._number()
        if kind == BOOLEAN:
            return self._take(1) != b"\0"
        if kind == STRING:
            return self._text(2)
        if kind == LONG_STRING:
            return self._text(4)
        if kind in (NULL, UNDEFINED):
            return None
        if kind == MAP:
            self._take(4)  # a count that may be wrong; the end is marked
        if kind in (OBJECT, MAP):
            return self._pairs(depth + 1)
        if kind == LIST:
            count = int.from_bytes(self._take(4), "big")
            if count > limits.AMF_VALUES:
                raise ProtocolFault("AMF list too long")
            return [self.value(depth + 1) for _ in range(count)]
        if kind == DATE:
            moment = self._number()
            self._take(2)  # a time zone that nobody sets
            return moment
        raise ProtocolFault("AMF type unknown")

    def _pairs(self, depth: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        while True:
            key = self._text(2)
            if not key and self._data[self._at : self._at + 1] == bytes((END,)):
                self._at += 1
                return out
            out[key] = self.value(depth)

    def _number(self) -> float:
        number: float = struct.unpack(">d", self._take(8))[0]
        return number

    def _text(self, width: int) -> str:
        return self._take(int.from_bytes(self._take(width), "big")).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if self._at > len(self._data):
            raise ProtocolFault("AMF cut short")
        return self._data[start : self._at]
