"""A process of a rig killed, or stopped and let go on: the same for the hub's rig and the whole station's."""

import os
import signal
from collections.abc import Callable
from typing import TypeVar

import psutil

from benchmarks.faults.watched import Watched
from pipeline import platform

Hurt = TypeVar("Hurt", bound=Watched)


def killed(pid_of: Callable[[Hurt], int]) -> Callable[[Hurt], None]:
    def act(rig: Hurt) -> None:
        pid = pid_of(rig)
        rig.broken()
        os.kill(pid, signal.SIGKILL)
        rig.until(lambda: not platform.alive(pid), 5, "the end of a killed process")

    return act


def stopped(pid_of: Callable[[Hurt], int], seconds: float) -> Callable[[Hurt], None]:
    """SIGSTOP, and SIGCONT after `seconds` to the same process where it is still there."""

    def act(rig: Hurt) -> None:
        process = psutil.Process(pid_of(rig))
        rig.broken()
        process.suspend()
        rig.play(seconds)
        if process.is_running():
            process.resume()
        rig.mended()

    return act
