"""What a publisher says over RTMP, as bytes; and a plain socket client that says it."""

import socket
import struct
from typing import Self

from pipeline.hub.rtmp import amf
from pipeline.hub.rtmp.chunks import AUDIO, COMMAND0, VIDEO, WINDOW

AVC_CONFIG = b"\x17\x00\x00\x00\x00" + bytes.fromhex("0142c00dffe1000467420000010004680000000000")
AAC_CONFIG = b"\xaf\x00\x11\x90"

HANDSHAKE = b"\x03" + bytes(1536) + bytes(1536)


def chunk(fmt: int, stream: int, head: bytes, body: bytes) -> bytes:
    return bytes((fmt << 6 | stream,)) + head + body


def message(
    kind: int, body: bytes, *, timestamp: int = 0, stream: int = 1, chunk_stream: int = 4, size: int = 128
) -> bytes:
    """One message cut into chunks of `size`, extended timestamp repeated as the standard says."""
    field = min(timestamp, 0xFFFFFF)
    extended = struct.pack(">I", timestamp) if field == 0xFFFFFF else b""
    head = field.to_bytes(3, "big") + len(body).to_bytes(3, "big") + bytes((kind,)) + stream.to_bytes(4, "little")
    out = chunk(0, chunk_stream, head + extended, body[:size])
    for at in range(size, len(body), size):
        out += chunk(3, chunk_stream, extended, body[at : at + size])
    return out


def command(*values: amf.Value) -> bytes:
    return message(COMMAND0, amf.encode(*values), stream=0, chunk_stream=3)


def connect(app: str = "live") -> bytes:
    return command("connect", 1, {"app": app, "type": "nonprivate"})


def publish(key: str) -> bytes:
    return command("createStream", 2, None) + command("publish", 3, None, key, "live")


def window(size: int) -> bytes:
    return message(WINDOW, struct.pack(">I", size), stream=0, chunk_stream=2)


def opening(app: str, key: str) -> bytes:
    """All that comes before the media."""
    return HANDSHAKE + connect(app) + publish(key)


def media(count: int, *, start_ms: int = 0, picture: bytes = b"\x00\x00\x00\x02\x65\x88") -> bytes:
    """Decoder configurations and `count` keyframes, 40 ms apart."""
    out = message(VIDEO, AVC_CONFIG, timestamp=start_ms) + message(AUDIO, AAC_CONFIG, timestamp=start_ms)
    for number in range(count):
        out += message(VIDEO, b"\x17\x01\x00\x00\x00" + picture, timestamp=start_ms + 40 * number)
    return out


class Peer:
    """A client on a socket; `heard` collects what the server said until it closed."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection(("127.0.0.1", port), 5)

    def say(self, data: bytes) -> Self:
        self.link.sendall(data)
        return self

    def hear(self, until: bytes = b"", within_s: float = 5.0) -> bytes:
        """Everything up to `until`, or up to the end of the stream."""
        self.link.settimeout(within_s)
        heard = b""
        try:
            while not until or until not in heard:
                part = self.link.recv(65536)
                if not part:
                    break
                heard += part
        except ConnectionError:
            pass
        return heard

    def closed(self, within_s: float = 5.0) -> bool:
        """Whether the server closes within that time."""
        try:
            self.hear(within_s=within_s)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self.link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
