"""Where things lie while on air: the files of a running broadcast, and how anyone finds it."""

from dataclasses import dataclass
from pathlib import Path

from pipeline import platform
from pipeline.errors import Refused
from pipeline.hub.control import ControlClient
from pipeline.store import journal, work_folder

LOCK = "broadcast.lock"


@dataclass(frozen=True, slots=True)
class Air:
    """The files of one broadcast. `air/` holds what only a running one needs; secrets leave it at the end."""

    folder: Path

    @property
    def private(self) -> Path:
        return self.folder / "air"

    @property
    def journal(self) -> Path:
        return self.folder / journal.NAME

    @property
    def masters(self) -> Path:
        return self.folder / "masters"

    @property
    def plan(self) -> Path:
        return self.private / "plan.json"

    @property
    def state(self) -> Path:
        return self.private / "state.json"

    @property
    def control(self) -> Path:
        return self.private / "control.json"

    @property
    def hub(self) -> Path:
        return self.private / "hub.json"

    @property
    def hub_control(self) -> Path:
        return self.private / "hub-control.json"

    @property
    def guard(self) -> Path:
        return self.private / "guard.json"

    def make(self) -> None:
        """Make the folders; the private one is its owner's alone."""
        for name in ("masters", "outputs", "captions", "pictures"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.private.mkdir(mode=0o700, exist_ok=True)

    def clear(self) -> None:
        """Remove what only the running broadcast needed, all that holds a secret included; its logs stay."""
        for path in (self.plan, self.hub, self.state, self.control, self.hub_control):
            path.unlink(missing_ok=True)

    def closed(self) -> bool:
        """Whether the journal says that the broadcast ended and was checked."""
        return any(line.what == "closed" for line in journal.read(self.journal))


def point(work: Path, air: Air, identity: str) -> None:
    """Say in the station's work folder which broadcast runs."""
    work_folder.point(work, air.folder, identity)


def unpoint(work: Path) -> None:
    work_folder.unpoint(work)


def pointed(work: Path) -> Air | None:
    """The broadcast that the work folder names, running or not; None where none is named."""
    folder = work_folder.pointed(work)
    return None if folder is None else Air(folder)


def lock(work: Path) -> platform.FileLock:
    """The lock that one broadcast a station holds for its whole life."""
    return platform.FileLock(work / LOCK)


def running(work: Path) -> Air:
    """The broadcast on air; Refused `live.none` where there is none."""
    air = pointed(work)
    if air is None or not air.plan.exists():
        raise Refused("live.none")
    return air


def broadcast(air: Air) -> ControlClient:
    """The running broadcast's control."""
    return ControlClient(air.control)


def hub(air: Air) -> ControlClient:
    """The running hub's control: it answers even when the broadcast is dead."""
    return ControlClient(air.hub_control)
