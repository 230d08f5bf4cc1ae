"""Processes of the air killed (-9), stopped for a while, and hung."""

import os
import signal
from collections.abc import Callable

from benchmarks.faults.fault import A_SECOND, ALL_LEGS, Fault
from benchmarks.faults.rig import CABLE, PLATFORM, RECORDING, SECOND, Rig
from benchmarks.faults.signals import killed, stopped
from pipeline import platform

HUB_BACK_S = 2.0


def leg(name: str) -> Callable[[Rig], int]:
    return lambda rig: rig.leg_pid(name)


def kill_hub(rig: Rig) -> None:
    """kill -9 of the hub; the guard must have another one answering in two seconds."""
    old = rig.hub_pid
    rig.broken()
    os.kill(old, signal.SIGKILL)
    rig.until(lambda: not platform.alive(old), 5, "the end of the killed hub")
    rig.mended()
    rig.until(lambda: rig.hub_pid != old and rig.answers(), HUB_BACK_S, "another hub answers")


def kill_hub_again(rig: Rig) -> None:
    kill_hub(rig)
    rig.play(3)
    kill_hub(rig)


def kill_guard(rig: Rig) -> None:
    """The guard dies, another one is started and must take the running hub over."""
    assert rig.guard is not None
    hub = rig.hub_pid
    rig.broken()
    rig.guard.kill()
    rig.guard.wait(5)
    rig.play(2)
    rig.start_guard()
    rig.mended()
    rig.play(2)
    assert rig.hub_pid == hub, "the new guard started another hub"


def kill_guard_then_hub(rig: Rig) -> None:
    kill_guard(rig)
    kill_hub(rig)


CABLE_ALONE = frozenset({CABLE})
HUB = {"hurts": ALL_LEGS, "lost": {RECORDING: A_SECOND}}
FAULTS = (
    Fault("leg-killed", "RTMPS leg's process killed", killed(leg(PLATFORM)), frozenset({PLATFORM})),
    Fault("leg-stopped", "RTMPS leg's process stopped for 2 s", stopped(leg(SECOND), 2)),
    Fault("leg-hung", "RTMPS leg's process hung for 12 s", stopped(leg(PLATFORM), 12), frozenset({PLATFORM})),
    Fault("cable-leg-killed", "cable leg's process killed", killed(leg(CABLE)), CABLE_ALONE),
    Fault("cable-leg-hung", "cable leg's process hung for 12 s", stopped(leg(CABLE), 12), CABLE_ALONE),
    Fault("cable-encoder-killed", "cable leg's encoder killed", killed(Rig.encoder_pid), CABLE_ALONE),
    Fault("cable-encoder-hung", "cable leg's encoder hung for 12 s", stopped(Rig.encoder_pid, 12), CABLE_ALONE),
    Fault("hub-killed", "hub killed", kill_hub, **HUB),  # type: ignore[arg-type]
    Fault("hub-killed-twice", "hub killed twice in 5 s", kill_hub_again, **HUB),  # type: ignore[arg-type]
    Fault("hub-stopped", "hub stopped for 3 s", stopped(lambda rig: rig.hub_pid, 3)),
    Fault("hub-hung", "hub hung for 20 s", stopped(lambda rig: rig.hub_pid, 20), **HUB),  # type: ignore[arg-type]
    Fault("guard-killed", "guard killed, another one takes over", kill_guard),
    Fault(
        "guard-and-hub-killed",
        "guard killed, another one takes over, then hub killed",
        kill_guard_then_hub,
        **HUB,  # type: ignore[arg-type]
    ),
)
