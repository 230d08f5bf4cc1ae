"""The machine's wall clock jumps by an hour: hub time, the recording and the legs must not notice."""

from collections.abc import Callable

from benchmarks.faults.fault import A_SECOND, ALL_LEGS, Fault
from benchmarks.faults.processes import kill_hub
from benchmarks.faults.rig import RECORDING, Rig
from benchmarks.faults.surroundings import WallClock

HOUR = 3600
COMPILER = frozenset({"compiler"})


def jump(seconds: int, *, hub_dies: bool = False) -> Callable[[Rig], None]:
    """The wall clock jumps; with `hub_dies` the hub is killed just then and finds hub time anew."""

    def act(rig: Rig) -> None:
        before = int(rig.status()["hub_us"])
        rig.broken()
        WallClock(rig.folder).set(seconds)
        if hub_dies:
            kill_hub(rig)
        rig.play(4)
        after = int(rig.status()["hub_us"])
        rig.mended()
        gone = (after - before) / 1e6
        assert 0 < gone < 60, f"hub time went {gone:.0f} s"

    return act


FAULTS = (
    Fault("clock-forward", "wall clock jumps an hour ahead", jump(HOUR), needs=COMPILER, around="clock"),
    Fault("clock-back", "wall clock jumps an hour back", jump(-HOUR), needs=COMPILER, around="clock"),
    Fault(
        "clock-forward-hub-killed",
        "wall clock jumps an hour ahead and the hub is killed",
        jump(HOUR, hub_dies=True),
        ALL_LEGS,
        {RECORDING: A_SECOND},
        needs=COMPILER,
        around="clock",
    ),
    Fault(
        "clock-back-hub-killed",
        "wall clock jumps an hour back and the hub is killed",
        jump(-HOUR, hub_dies=True),
        ALL_LEGS,
        {RECORDING: A_SECOND},
        needs=COMPILER,
        around="clock",
    ),
)
