"""A strict far end of a websocket: the handshake done right, then what a test says. One client at a time."""

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """One accepted client: JSON text frames both ways."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw

    def say(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        head = struct.pack("!BB", 0x81, len(data)) if len(data) < 126 else struct.pack("!BBH", 0x81, 126, len(data))
        self._raw.sendall(head + data)

    def hear(self) -> dict[str, Any] | None:
        """The next text frame, or None when the client has gone. Client frames must be masked."""
        first, second = self._exact(2)
        assert second & 0x80, "an unmasked frame from a client"
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._exact(2))
        mask = self._exact(4)
        body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(self._exact(length)))
        return dict(json.loads(body)) if first & 0x0F == 1 else None

    def _exact(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self._raw.recv(count - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data


class WebsocketServer:
    """Listens on a free port of the loopback; `talk` gets each client after the handshake. Use with `with`."""

    def __init__(self, talk: Callable[[Peer], None] | None, greeting: bytes | None = None) -> None:
        self._talk = talk
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "WebsocketServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for raw in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
            raw.close()
        self._thread.join(2)

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(raw)
            try:
                self._client(raw)
            except OSError:
                continue

    def _client(self, raw: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += raw.recv(4096)
        if self._greeting is not None:
            raw.sendall(self._greeting)
            raw.close()
        elif self._talk is not None:
            key = next(
                line.partition(":")[2].strip()
                for line in asked.decode().splitlines()
                if line.lower().startswith("sec-websocket-key:")
            )
            accept = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()
            raw.sendall(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            )
            self._talk(Peer(raw))
