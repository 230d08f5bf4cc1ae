"""Simulated hours: the hub's pure parts on a stepped clock, fed as by OBS, with sources that come and go."""

import random
import time
from dataclasses import dataclass
from fractions import Fraction

import psutil

from pipeline.hub.packet import Packet
from pipeline.hub.queue import PacketQueue
from pipeline.hub.timeline import FLV_WRAP_US, Retimer
from tests.support.packets import fake

FRAME_US, GOP = 40_000, 50
SOUND_US = Fraction(1024 * 1_000_000, 48_000)
HOUR_US = 3_600_000_000
MOST_LATE_US = 5 * FRAME_US


@dataclass
class Hours:
    """`late_us` is the worst distance of a placed picture from its true moment, `skew_us` of sound from picture.

    `grown_mb` is the process's memory at the end against that after the first tenth.
    """

    hours: float
    packets: int = 0
    placed: int = 0
    sources: int = 1
    late_us: int = 0
    skew_us: int = 0
    backwards: int = 0
    dropped: int = 0
    left: int = 0
    grown_mb: float = 0.0
    seconds: float = 0.0


class Feed:
    """A source whose times begin near the wrap of FLV's 32 bits; its clock is 50 millionths fast."""

    def __init__(self, start_us: int) -> None:
        self._start_us = start_us
        self._frames = self._sounds = 0

    def until(self, now_us: int) -> list[Packet]:
        """What it has made since, in the order of its times."""
        out: list[Packet] = []
        while True:
            picture, sound = self._frames * FRAME_US, int(self._sounds * SOUND_US)
            if min(picture, sound) > now_us:
                return out
            if picture <= sound:
                stamp = (self._start_us + picture) // 1000 * 1000 % FLV_WRAP_US
                out.append(fake("video", stamp, key=self._frames % GOP == 0, size=60))
                self._frames += 1
            else:
                out.append(fake("audio", (self._start_us + sound) // 1000 * 1000 % FLV_WRAP_US, key=True, size=12))
                self._sounds += 1


def run(hours: float = 8.0, seed: int = 1) -> Hours:
    """Sources of some minutes each, pauses of some seconds between, all through one Retimer and a leg's queue."""
    told, chance, begun = Hours(hours), random.Random(seed), time.monotonic()
    retimer, queue = Retimer(), PacketQueue()
    process, memory, early = psutil.Process(), 0.0, hours * HOUR_US / 10
    now, highest, end = 0, -1, int(hours * HOUR_US)
    while now < end:
        retimer.begin()
        feed, zero = Feed(FLV_WRAP_US - chance.randrange(10 * 60_000_000)), now
        last = min(end, now + chance.randrange(20, 60) * 60_000_000)
        while now < last:
            now += FRAME_US
            for packet in feed.until(now - zero):
                told.packets += 1
                placed = retimer.place(packet, now)
                if placed is None:
                    continue
                told.placed += 1
                if placed.kind == "video":
                    told.late_us = max(told.late_us, abs(now - placed.dts_us))
                    told.backwards += placed.dts_us <= highest
                    highest = placed.dts_us
                else:
                    told.skew_us = max(told.skew_us, abs(placed.dts_us - highest))
                queue.put(placed)
            while queue.get(0.0):
                pass
        if not memory and now > early:
            memory = process.memory_info().rss / 1e6
        now += chance.randrange(1, 12) * 1_000_000
        told.sources += 1
    told.dropped, told.left = queue.dropped, len(queue)
    told.grown_mb = round(process.memory_info().rss / 1e6 - memory, 1)
    told.seconds = round(time.monotonic() - begun, 1)
    return told
