"""The source goes away, hangs, flaps: the slate must fill the time in the same sessions, nothing be lost after."""

import os
import signal

from benchmarks.faults.fault import SOURCE_S, Fault
from benchmarks.faults.rig import Rig
from benchmarks.faults.signals import stopped


def killed_for(rig: Rig, seconds: float) -> None:
    rig.broken()
    rig.publisher.away()
    rig.play(seconds)
    rig.publisher.back()
    rig.mended()


def goodbye(rig: Rig) -> None:
    rig.broken()
    rig.publisher.goodbye()
    rig.play(6)
    rig.publisher.back()
    rig.mended()


def mute(rig: Rig) -> None:
    """Connected, and not a byte: what a person's eye takes for a stream that runs."""
    rig.broken()
    rig.feed_wire.become("frozen")
    rig.play(12)
    rig.feed_wire.cut()
    rig.feed_wire.become("whole")
    rig.mended()


def cut(rig: Rig) -> None:
    rig.broken()
    rig.feed_wire.cut()
    rig.mended()


def flap(rig: Rig) -> None:
    for _ in range(4):
        rig.broken()
        os.kill(rig.publisher.pid, signal.SIGKILL)
        rig.mended()
        rig.play(2.5)


def thin(rig: Rig) -> None:
    """The way from the source carries a quarter of what it sends."""
    rig.broken()
    rig.feed_wire.rate = 25_000
    rig.feed_wire.become("slow")
    rig.play(8)
    rig.feed_wire.become("whole")
    rig.mended()


FAULTS = (
    Fault("source-killed", "source killed for 8 s", lambda rig: killed_for(rig, 8), health_s=SOURCE_S, slate=True),
    Fault("source-ended", "source stops streaming for 6 s", goodbye, health_s=SOURCE_S, slate=True),
    Fault(
        "source-stopped",
        "source stopped for 3 s",
        stopped(lambda rig: rig.publisher.pid, 3),
        health_s=SOURCE_S,
        slate=True,
    ),
    Fault(
        "source-hung",
        "source hung for 12 s",
        stopped(lambda rig: rig.publisher.pid, 12),
        health_s=SOURCE_S,
        slate=True,
    ),
    Fault("source-mute", "source connected, sends nothing for 12 s", mute, health_s=SOURCE_S, slate=True),
    Fault("source-cut", "connection of the source reset", cut, health_s=SOURCE_S, slate=True),
    Fault("source-flaps", "source killed four times in 10 s", flap, health_s=SOURCE_S, slate=True),
    Fault("source-thin", "source comes at a quarter of its speed for 8 s", thin, health_s=12, slate=True),
)
