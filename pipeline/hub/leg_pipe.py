"""What flows from the hub to a leg's process: the stream, and between its bytes what the process is told.

Each part has a head of five bytes: its kind and its length. So an order comes after all that was sent before it.
"""

import json
import os
import struct
from collections.abc import Callable, Mapping

from pipeline.hub.output import WholeWrites

STREAM, ORDER = 0, 1
MOST = 16 * 1024 * 1024

_HEAD = struct.Struct(">BI")


class LegPipe(WholeWrites):
    """The hub's end: `write` takes the muxer's bytes, `order` plain values; OSError when the process has gone."""

    def write(self, data: bytes) -> int:
        super().write(_HEAD.pack(STREAM, len(data)) + data)
        return len(data)

    def order(self, values: Mapping[str, object]) -> None:
        body = json.dumps(values).encode()
        super().write(_HEAD.pack(ORDER, len(body)) + body)


class LegInput:
    """The process's end, a file for the demuxer; `on_order` is called between reads. Ends where the pipe does."""

    def __init__(self, descriptor: int, on_order: Callable[[dict[str, object]], None]) -> None:
        self._descriptor = descriptor
        self._on_order = on_order
        self._left = 0

    def read(self, count: int) -> bytes:
        while not self._left:
            head = self._exactly(_HEAD.size)
            if len(head) < _HEAD.size:
                return b""
            kind, length = _HEAD.unpack(head)
            if length > MOST:
                return b""
            if kind == ORDER:
                self._on_order(json.loads(self._exactly(length)))
            else:
                self._left = length
        part = os.read(self._descriptor, min(count, self._left))
        self._left -= len(part)
        return part

    def _exactly(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            part = os.read(self._descriptor, count - len(got))
            if not part:
                break
            got += part
        return got
