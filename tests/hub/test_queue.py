"""The queue before a leg: bounded, never blocking, going on at a keyframe, counting what was lost."""

import threading
import time

from pipeline.hub.queue import PacketQueue
from tests.support.packets import fakes


def taken(queue: PacketQueue) -> list[int]:
    out = []
    while (packet := queue.get(0)) is not None:
        if packet.kind == "video":
            out.append(packet.dts_us)
    return out


def test_begins_at_a_keyframe_and_counts_nothing_before() -> None:
    queue = PacketQueue()
    for packet in fakes(30, gop=10)[2:]:
        queue.put(packet)
    assert taken(queue) == [40_000 * n for n in range(10, 30)]
    assert queue.dropped == 0


def test_an_overflow_by_bytes_empties_it_until_the_next_keyframe() -> None:
    queue = PacketQueue(most_bytes=1500)
    packets = fakes(30, gop=10)
    for packet in packets:
        queue.put(packet)
    left = taken(queue)
    assert left
    assert left[0] % 400_000 == 0
    assert queue.dropped == 30 - len(left)


def test_an_overflow_by_time() -> None:
    queue = PacketQueue(most_us=400_000)
    for packet in fakes(25, gop=5):
        queue.put(packet)
    assert len(queue) <= 2 * 11
    assert queue.dropped > 0


def test_restart_waits_for_a_keyframe() -> None:
    queue = PacketQueue()
    packets = fakes(20, gop=10)
    for packet in packets[:10]:
        queue.put(packet)
    queue.restart()
    for packet in packets[10:]:
        queue.put(packet)
    assert taken(queue)[0] == 400_000
    assert queue.dropped == 10


def test_putting_never_waits_and_getting_wakes_up() -> None:
    queue = PacketQueue()
    got: list[object] = []
    reader = threading.Thread(target=lambda: got.append(queue.get(5)))
    reader.start()
    began = time.monotonic()
    queue.put(fakes(1)[0])
    reader.join(2)
    assert got[0] is not None
    assert time.monotonic() - began < 2
    assert queue.get(0.01) is None


def test_the_sound_stays_when_the_pictures_have_to_go() -> None:
    queue = PacketQueue(most_us=400_000, keep_sound=True)
    packets = fakes(17, gop=5)
    for packet in packets:
        queue.put(packet)
    sound = []
    while (packet := queue.get(0)) is not None:
        sound += [packet.dts_us] if packet.kind == "audio" else []
    assert sound == [packet.dts_us for packet in packets if packet.kind == "audio"]
    assert queue.dropped > 0


def test_pictures_come_back_when_half_of_the_room_is_free() -> None:
    queue = PacketQueue(most_us=400_000, keep_sound=True)
    packets = fakes(60, gop=5)
    for packet in packets[:30]:
        queue.put(packet)
    while queue.get(0) is not None:
        pass
    for packet in packets[30:40]:
        queue.put(packet)
    assert taken(queue)[0] % 200_000 == 0


def test_sound_that_nobody_takes_goes_too() -> None:
    queue = PacketQueue(most_us=400_000, keep_sound=True)
    for packet in fakes(200, gop=5):
        queue.put(packet)
    assert len(queue) < 60
