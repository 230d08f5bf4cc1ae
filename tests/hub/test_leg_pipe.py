"""The pipe to a leg's process: bytes and orders arrive in the order in which they were sent."""

import os
import threading
from io import FileIO

from pipeline.hub.leg_pipe import LegInput, LegPipe


def test_orders_come_between_the_bytes_they_were_sent_between() -> None:
    near, far = os.pipe()
    heard: list[object] = []
    total = bytearray()

    def send() -> None:
        with FileIO(far, "w") as file:
            pipe = LegPipe(file)
            pipe.write(b"a" * 100_000)
            pipe.order({"rendition": {"kbps": 900}})
            pipe.write(b"b" * 3)
            pipe.order({"rendition": None})

    sender = threading.Thread(target=send)
    sender.start()
    source = LegInput(near, lambda order: heard.append((len(total), order)))
    while part := source.read(4096):
        total += part
    sender.join(5)
    os.close(near)
    assert bytes(total) == b"a" * 100_000 + b"b" * 3
    assert heard == [(100_000, {"rendition": {"kbps": 900}}), (100_003, {"rendition": None})]


def test_a_pipe_that_breaks_is_its_end() -> None:
    near, far = os.pipe()
    os.write(far, b"\0\0\0")
    os.close(far)
    assert LegInput(near, lambda order: None).read(10) == b""
    os.close(near)
