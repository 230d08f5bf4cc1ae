"""A network of a given width: a TCP relay that reads no faster than so many kilobits a second."""

import contextlib
import socket
import threading
import time
from typing import Self

PART = 2048  # bytes at a time
HELD = 32 * 1024  # bytes that the relay's system may hold unread: a large buffer would hide how narrow it is


class Narrow:
    """Listens on `port`, carries to 127.0.0.1:`target`; `kbps` may change at any time (None: as wide as can be).

    What comes back is not held up. `carried` counts bytes, `connections` how often somebody came.
    """

    def __init__(self, target: int, kbps: int | None = None) -> None:
        self._target = target
        self.kbps = kbps
        self.carried = 0
        self.connections = 0
        self._links: list[socket.socket] = []
        self._over = threading.Event()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HELD)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.close()
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target), 5)
                far.settimeout(None)
                self.connections += 1
                self._links += [near, far]
                for work in (self._carry, self._return):
                    threading.Thread(target=work, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        due = time.monotonic()
        with contextlib.suppress(OSError):
            while data := near.recv(PART):
                far.sendall(data)
                self.carried += len(data)
                if self.kbps is None:
                    due = time.monotonic()
                    continue
                due = max(due, time.monotonic() - 0.1) + len(data) * 8 / (self.kbps * 1000)
                self._over.wait(max(0.0, due - time.monotonic()))
            far.shutdown(socket.SHUT_WR)

    def _return(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                near.sendall(data)
            near.shutdown(socket.SHUT_WR)
