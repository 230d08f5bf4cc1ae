"""The chunk layer: interleaving, timestamps near and beyond 4 h 39 m, sizes checked before anything is stored."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.hub.rtmp import limits
from pipeline.hub.rtmp.chunks import AUDIO, VIDEO, ChunkReader, Message
from pipeline.hub.rtmp.faults import ProtocolFault
from tests.support.rtmp_peer import chunk, message


def read(data: bytes, *, step: int | None = None, trusted: bool = True) -> list[Message]:
    reader = ChunkReader()
    reader.trusted = trusted
    out = []
    for at in range(0, len(data), step or len(data)):
        reader.push(data[at : at + (step or len(data))])
        while (found := reader.next()) is not None:
            out.append(found)
    return out


@pytest.mark.parametrize("step", [1, 7, 128, None])
def test_messages_survive_any_cutting(step: int | None) -> None:
    bodies = [b"a" * 5, b"b" * 128, b"c" * 300, b""]
    data = b"".join(message(VIDEO, body, timestamp=40 * n) for n, body in enumerate(bodies))
    assert [(m.body, m.timestamp) for m in read(data, step=step)] == [(b, 40 * n) for n, b in enumerate(bodies)]


def test_interleaved_streams_are_told_apart() -> None:
    head = bytes(3) + (200).to_bytes(3, "big") + bytes((VIDEO,)) + bytes(4)
    sound = message(AUDIO, b"s" * 10, chunk_stream=5)
    data = chunk(0, 4, head, b"v" * 128) + sound + chunk(3, 4, b"", b"v" * 72)
    assert [(m.kind, len(m.body)) for m in read(data)] == [(AUDIO, 10), (VIDEO, 200)]


def test_deltas_add_up_and_wrap() -> None:
    first = message(VIDEO, b"x", timestamp=0xFFFFFFF0)
    delta = chunk(1, 4, (40).to_bytes(3, "big") + (1).to_bytes(3, "big") + bytes((VIDEO,)), b"y")
    same = chunk(2, 4, (40).to_bytes(3, "big"), b"z")
    assert [m.timestamp for m in read(first + delta + same)] == [0xFFFFFFF0, 24, 64]


@pytest.mark.parametrize("repeated", [True, False])
def test_both_dialects_of_the_extended_timestamp(repeated: bool) -> None:
    timestamp = 0xFFFFFF + 5000
    body = b"abcd" * 60
    extended = struct.pack(">I", timestamp)
    head = b"\xff\xff\xff" + len(body).to_bytes(3, "big") + bytes((VIDEO,)) + bytes(4) + extended
    again = extended if repeated else b""
    data = chunk(0, 4, head, body[:128]) + chunk(3, 4, again, body[128:])
    assert read(data) == [Message(VIDEO, 0, timestamp, body)]


def test_long_chunk_stream_numbers() -> None:
    plain = message(VIDEO, b"x")
    assert read(b"\x00\x0a" + plain[1:])[0].body == b"x"
    assert read(b"\x01\x0a\x01" + plain[1:])[0].body == b"x"


@pytest.mark.parametrize(
    "data",
    [
        chunk(3, 4, b"", b"x"),
        chunk(1, 2, bytes(7), b""),
        message(VIDEO, b"a" * 200)[:140] + message(VIDEO, b"b"),
        b"".join(message(VIDEO, b"x", chunk_stream=n) for n in range(3, 30)),
        chunk(0, 4, bytes(3) + (limits.VIDEO + 1).to_bytes(3, "big") + bytes((VIDEO,)) + bytes(4), b""),
        chunk(0, 4, bytes(3) + (limits.COMMAND + 1).to_bytes(3, "big") + bytes((20,)) + bytes(4), b""),
    ],
)
def test_refuses(data: bytes) -> None:
    with pytest.raises(ProtocolFault):
        read(data)


def test_a_stranger_may_not_send_large_media() -> None:
    with pytest.raises(ProtocolFault):
        read(message(VIDEO, bytes(limits.COMMAND + 1)), trusted=False)


@given(st.binary(max_size=400), st.integers(1, 50))
def test_raises_nothing_else(data: bytes, step: int) -> None:
    with contextlib.suppress(ProtocolFault):
        read(data, step=step)
