"""The pipe between the acceptor and the demuxer: FLV bytes, written by one thread, read by another."""

import threading
from collections import deque
from collections.abc import Callable

from pipeline.hub.rtmp import flv, limits
from pipeline.hub.rtmp.chunks import AUDIO, VIDEO


class FlvPipe:
    """One publisher's stream as a file object for `av.open(pipe, format="flv")`.

    The writer never blocks; it watches the size that `write` returns. `read` blocks until there is data and
    gives b"" once the publisher is gone and everything was read. `ready` is set when both decoder
    configurations have come (a demuxer opened earlier guesses), or at the end.
    """

    def __init__(self, on_drained: Callable[[], None] = lambda: None) -> None:
        self.ready = threading.Event()
        self.size = 0
        self.reason = ""  # why it ended, in our own words
        self._on_drained = on_drained
        self._parts: deque[memoryview] = deque([memoryview(flv.HEADER)])
        self._filled = threading.Condition()
        self._closed = False
        self._configured: set[int] = set()

    @property
    def complete(self) -> bool:
        """Whether both picture and sound have announced their configuration."""
        return self._configured >= {AUDIO, VIDEO}

    def write(self, kind: int, timestamp: int, body: bytes) -> int:
        """Add a message as an FLV tag; the bytes now waiting. Nothing is added after `finish`."""
        data = memoryview(flv.tag(kind, timestamp, body))
        with self._filled:
            if not self._closed:
                self._parts.append(data)
                self.size += len(data)
                self._filled.notify()
            if flv.is_sequence_header(kind, body):
                self._configured.add(kind)
                if self.complete:
                    self.ready.set()
            return self.size

    def finish(self, reason: str) -> None:
        """No more comes: the reader gets what is left, then the end. The first reason stands."""
        with self._filled:
            if not self._closed:
                self._closed, self.reason = True, reason
                self._filled.notify_all()
        self.ready.set()

    def read(self, count: int) -> bytes:
        with self._filled:
            while not self._parts and not self._closed:
                self._filled.wait()
            if not self._parts:
                return b""
            part = self._parts.popleft()
            if len(part) > count:
                self._parts.appendleft(part[count:])
                part = part[:count]
            before, self.size = self.size, self.size - len(part)
        if before > limits.PIPE_LOW >= self.size:
            self._on_drained()
        return bytes(part)
