"""The masters of a recording on the disk: which files they are, and which of them the outputs are made from."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Refused
from pipeline.media.probe import Probe, probe

_SLACK_US = 3_000_000  # OBS starts and stops recording a little after and before the stream


@dataclass(frozen=True, slots=True)
class Master:
    """A readable master; `role` is `feed`, `obs` or `import`, `length_us` counted from its packets."""

    role: str
    number: int
    probe: Probe
    length_us: int

    @property
    def path(self) -> Path:
        return self.probe.path


def role_of(path: Path) -> tuple[str, int]:
    """`feed-2.mkv` is the feed's second piece; what is neither feed nor obs was brought from elsewhere."""
    match = re.fullmatch(r"(feed|obs)(?:-(\d+))?", path.stem)
    return (match.group(1), int(match.group(2) or 1)) if match else ("import", 1)


def candidates(folder: Path) -> list[Path]:
    """The files that may be masters, torn ones (`.part`) of a crash with them; none of a copy under way."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def told_length_us(folder: Path) -> int:
    """The length that the masters' headers tell, before anything is verified; 0 where none tells any."""
    lengths = {"feed": 0, "obs": 0, "import": 0}
    for path in candidates(folder):
        with contextlib.suppress(Refused):
            lengths[role_of(path)[0]] += probe(path).duration_us
    return max(lengths.values())


def final_name(path: Path) -> Path:
    """Where a torn master belongs once its writer is dead: its own name without `.part`, or the next free one."""
    if path.suffix != ".part":
        return path
    target, number = path.with_suffix(""), 2
    while target.exists():
        target = path.with_name(f"{path.with_suffix('').stem.split('-')[0]}-{number}{path.with_suffix('').suffix}")
        number += 1
    return target


def chosen(masters: list[Master]) -> list[Master]:
    """What the outputs are made from: OBS's own file where it is whole and as long as the feed, else the feed.

    OBS's file has the microphones apart and no gap of the network in it; the feed's pieces survive OBS.
    """
    feed = sorted((m for m in masters if m.role == "feed"), key=lambda m: m.number)
    obs = sorted((m for m in masters if m.role == "obs"), key=lambda m: m.number)
    fed = sum(master.length_us for master in feed)
    if len(obs) == 1 and obs[0].length_us >= fed - _SLACK_US:
        return obs
    if feed and fed >= sum(master.length_us for master in obs):
        return feed
    return obs or feed or masters[:1]
