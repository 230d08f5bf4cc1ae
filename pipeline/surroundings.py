"""What the system says of power, sleep and clock. Asks, and changes nothing; what it cannot know it calls None.

With `platform` the only file that has Windows and POSIX branches.
"""

import ctypes
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_ASK_S = 4.0
_SPANS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86400, "day": 86400}
_MASKS = ("suspend.target", "sleep.target")
_LOGIND = (Path("/etc/systemd/logind.conf"), Path("/etc/systemd/logind.conf.d"), Path("/run/systemd/logind.conf.d"))
_IDLE_S = 1800.0  # logind's own default
_UNSYNCHRONISED, _TIME_ERROR = 0x40, 5


@dataclass(frozen=True, slots=True)
class Power:
    """A computer with a battery: whether the mains feed it, and how full the battery is."""

    plugged: bool
    percent: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """One setting that may put an idle computer to sleep: after how many seconds (infinite: never)."""

    setting: str
    after_s: float


@dataclass(frozen=True, slots=True)
class ClockState:
    """Whether a time server keeps the clock right, and by how much it may be wrong; None: nobody says."""

    synchronised: bool | None
    error_ms: int | None = None


def power() -> Power | None:
    """None where there is no battery, or none that the system tells of."""
    found = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if found is None:
        return None
    return Power(found.power_plugged is not False, round(found.percent))


def sleep_settings() -> list[Sleep]:
    """Every setting found that concerns an idle computer on the mains; none where the system tells of none."""
    if sys.platform == "win32":
        said = _asked(["powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"])
        return windows_sleep(said) if said else []
    if sys.platform == "darwin":
        said = _asked(["pmset", "-g"])
        return mac_sleep(said) if said else []
    if any(Path("/etc/systemd/system", name).resolve() == Path(os.devnull) for name in _MASKS):
        return [Sleep("systemctl mask", math.inf)]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in _logind_files()]
    return [*(logind_sleep(texts) if texts else []), *_gnome()]


def clock_state() -> ClockState:
    """What the system knows of its own clock."""
    if sys.platform.startswith("linux"):
        return _kernel_clock()
    if sys.platform == "win32":
        said = _asked(["w32tm", "/query", "/status"])
        return windows_clock(said) if said else ClockState(None)
    return ClockState(None)


def logind_sleep(texts: Iterable[str]) -> list[Sleep]:
    """logind.conf and its drop-ins in their order: the last word counts."""
    action, after = "ignore", _IDLE_S
    for text in texts:
        for key, value in re.findall(r"^\s*(IdleAction|IdleActionSec)\s*=\s*(\S+)", text, re.MULTILINE):
            if key == "IdleAction":
                action = value
            else:
                after = _span(value)
    sleeps = action in ("suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate", "poweroff", "halt")
    return [Sleep("logind.conf: IdleAction", after if sleeps else math.inf)]


def gnome_sleep(kind: str, seconds: str) -> list[Sleep]:
    """What gsettings says of `sleep-inactive-ac-type` and `-timeout` (0: never)."""
    number = re.search(r"\d+$", seconds.strip())
    if not kind.strip() or number is None:
        return []
    never = "nothing" in kind or "blank" in kind or number[0] == "0"
    return [Sleep("GNOME: sleep-inactive-ac", math.inf if never else float(number[0]))]


def windows_sleep(said: str) -> list[Sleep]:
    """powercfg's answer, in any language: its last two numbers are the mains' and the battery's, in seconds."""
    found = re.findall(r":\s*0x([0-9a-fA-F]{8})\s*$", said, re.MULTILINE)
    if len(found) < 2:
        return []
    seconds = int(found[-2], 16)
    return [Sleep("powercfg: STANDBYIDLE", float(seconds) if seconds else math.inf)]


def mac_sleep(said: str) -> list[Sleep]:
    """pmset's answer: minutes, 0 for never."""
    found = re.search(r"^\s*sleep\s+(\d+)", said, re.MULTILINE)
    if found is None:
        return []
    minutes = int(found[1])
    return [Sleep("pmset: sleep", minutes * 60.0 if minutes else math.inf)]


def windows_clock(said: str) -> ClockState:
    """w32tm's answer, in any language: leap indicator 3 means that no server keeps the clock."""
    leap = re.search(r":\s*([0-3])\s*\(", said)
    return ClockState(None if leap is None else leap[1] != "3")


def _kernel_clock() -> ClockState:
    """The kernel's own view (adjtimex), whichever program keeps the clock."""

    class Timex(ctypes.Structure):
        _fields_ = (
            ("modes", ctypes.c_uint),
            ("offset", ctypes.c_long),
            ("freq", ctypes.c_long),
            ("maxerror", ctypes.c_long),
            ("esterror", ctypes.c_long),
            ("status", ctypes.c_int),
            ("rest", ctypes.c_byte * 256),
        )

    state = Timex()
    try:
        answer = int(ctypes.CDLL(None).adjtimex(ctypes.byref(state)))
    except (OSError, AttributeError):
        return ClockState(None)
    if answer < 0:
        return ClockState(None)
    if answer == _TIME_ERROR or state.status & _UNSYNCHRONISED:
        # A virtual machine's clock may be its host's: there nobody tells the kernel.
        return ClockState(None if _virtual() else False)
    return ClockState(True, max(0, state.esterror // 1000))


def _virtual() -> bool:
    try:
        return "hypervisor" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def _logind_files() -> list[Path]:
    found = [path for path in _LOGIND if path.is_file()]
    for folder in _LOGIND:
        found += sorted(folder.glob("*.conf")) if folder.is_dir() else []
    return found


def _gnome() -> list[Sleep]:
    schema = "org.gnome.settings-daemon.plugins.power"
    asked = [_asked(["gsettings", "get", schema, f"sleep-inactive-ac-{what}"]) for what in ("type", "timeout")]
    return gnome_sleep(*asked) if all(asked) else []


def _asked(argv: Sequence[str]) -> str:
    """What a small program of the system says; nothing where it is not there, fails or hangs."""
    program = shutil.which(argv[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *argv[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _span(text: str) -> float:
    """A span as systemd writes it (`30min`, `1h 30min` without its blanks, `infinity`), in seconds."""
    parts = re.findall(r"(\d+)\s*([a-z]*)", text)
    return float(sum(int(number) * _SPANS.get(unit, 1) for number, unit in parts)) if parts else math.inf
