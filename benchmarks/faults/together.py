"""Three faults at once."""

import os
import signal
from collections.abc import Callable

from benchmarks.faults.disks import full
from benchmarks.faults.far_ends import server_killed
from benchmarks.faults.fault import A_SECOND, ALL_LEGS, Fault
from benchmarks.faults.processes import kill_hub
from benchmarks.faults.rig import CABLE, PLATFORM, RECORDING, SECOND, Rig
from benchmarks.faults.surroundings import WallClock


def source_leg_far(rig: Rig) -> None:
    """The source, a leg's process and the platform's server die in the same moment."""
    pid = rig.leg_pid(SECOND)
    rig.broken()
    rig.publisher.away()
    os.kill(pid, signal.SIGKILL)
    server_killed(rig)
    rig.publisher.back()
    rig.mended()


def hub_far_disk(rig: Rig) -> None:
    """The hub is killed while the platform refuses and the disk is full."""
    rig.broken()
    rig.platform_wire.become("refuse")
    rig.platform_wire.cut()
    kill_hub(rig)
    full(rig)
    rig.platform_wire.become("whole")
    rig.mended()


def encoder_hung_source(rig: Rig) -> None:
    """The cable's encoder is killed, the platform deaf and the source hung."""
    encoder = rig.encoder_pid()
    rig.broken()
    os.kill(encoder, signal.SIGKILL)
    rig.platform_wire.become("frozen")
    rig.feed_wire.become("frozen")
    rig.play(10)
    rig.platform_wire.cut()
    rig.platform_wire.become("whole")
    rig.feed_wire.cut()
    rig.feed_wire.become("whole")
    rig.mended()


def clock_guard_hub(rig: Rig) -> None:
    """The clock jumps back, the guard dies, another comes, the hub dies."""
    assert rig.guard is not None
    rig.broken()
    WallClock(rig.folder).set(-3600)
    rig.guard.kill()
    rig.guard.wait(5)
    rig.start_guard()
    rig.play(1)
    kill_hub(rig)


def everything_far(rig: Rig) -> None:
    """All three legs' processes are killed at once."""
    pids = [rig.leg_pid(name) for name in (PLATFORM, SECOND, CABLE)]
    rig.broken()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def three(name: str, what: str, act: Callable[[Rig], None], **more: object) -> Fault:
    return Fault(name, what, act, **more)  # type: ignore[arg-type]


FAULTS = (
    three("three-source-leg-far", "source, a leg and the platform killed at once", source_leg_far,
          hurts=frozenset({PLATFORM, SECOND})),
    three("three-hub-far-disk", "hub killed, platform refuses, disk full", hub_far_disk,
          hurts=ALL_LEGS | {RECORDING}, needs=frozenset({"mounts"}), around="small-disk"),
    three("three-encoder-deaf-mute", "cable encoder killed, platform deaf, source mute", encoder_hung_source,
          hurts=frozenset({PLATFORM, CABLE})),
    three("three-clock-guard-hub", "clock an hour back, guard killed, hub killed", clock_guard_hub,
          hurts=ALL_LEGS, lost={RECORDING: A_SECOND}, needs=frozenset({"compiler"}), around="clock"),
    three("three-legs", "all three legs' processes killed at once", everything_far, hurts=ALL_LEGS),
)  # fmt: skip
