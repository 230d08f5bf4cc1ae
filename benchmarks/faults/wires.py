"""Wires between two real programs that can be hurt: TCP (any protocol, TLS included, untouched) and UDP."""

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Literal, Self

Mode = Literal["whole", "frozen", "reset", "refuse", "mute", "garbage", "slow"]
_PIECE = 16384
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class TcpWire:
    """Listens on loopback and carries bytes to 127.0.0.1:`target` and back, as its mode says.

    `frozen` carries nothing on links that stay; `mute` takes new links and never says a word; `garbage` answers
    each new link with noise; `refuse` takes no new links; `reset` resets each new one; `slow` carries
    `rate` bytes a second. `cut` resets the links that exist.
    """

    def __init__(self, target: int, listener: socket.socket | None = None) -> None:
        self.target = target
        self.rate = 20_000
        self.links = 0
        self._mode: Mode = "whole"
        self._flows = threading.Event()
        self._flows.set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = listener or socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def become(self, mode: Mode) -> None:
        self._mode = mode
        if mode == "refuse":
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        elif self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=16)
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        (self._flows.clear if mode == "frozen" else self._flows.set)()

    def cut(self) -> None:
        with self._lock:
            links, self._open = self._open, set()
        for link in links:
            with contextlib.suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                link.shutdown(socket.SHUT_RD)
            link.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flows.set()
        self.cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            self.links += 1
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with self._lock:
            self._open.add(near)
        if self._mode == "reset":
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            near.close()
        elif self._mode == "garbage":
            with contextlib.suppress(OSError), near:
                near.recv(1)
                near.sendall(random.Random(1).randbytes(4096))
                while near.recv(_PIECE):
                    pass
        elif self._mode != "mute":
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._lock:
            self._open.add(far)
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        """One direction: an end is handed on as an end, a broken link breaks the other one."""
        try:
            while data := self._piece(source):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            for link in (source, sink):
                with contextlib.suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)

    def _piece(self, source: socket.socket) -> bytes:
        self._flows.wait()
        data = source.recv(_PIECE if self._mode != "slow" else 2048)
        self._flows.wait()
        if self._mode == "slow":
            time.sleep(len(data) / self.rate)
        return data


class UdpWire:
    """Takes datagrams on a free port of loopback and sends on those that `passes` lets through, in order."""

    def __init__(self, target: int, port: int = 0) -> None:
        self.passes: Callable[[int], bool] = lambda _number: True
        self.target = target
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.passes = lambda _number: False
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(2)
        self._socket.close()

    def _carry(self) -> None:
        number = 0
        while data := self._socket.recv(65536):
            number += 1
            if self.passes(number):
                with contextlib.suppress(OSError):
                    self._socket.sendto(data, ("127.0.0.1", self.target))
