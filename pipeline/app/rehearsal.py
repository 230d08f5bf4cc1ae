"""A rehearsal: a broadcast whose destinations are nowhere, watched from beside, told, and removed."""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.app import outside
from pipeline.app.beginning import begin
from pipeline.clock import SYSTEM
from pipeline.errors import PipelineError
from pipeline.live import air as on_air
from pipeline.live import plan
from pipeline.live.air import Air
from pipeline.live.preflight import microphones
from pipeline.live.preflight.check import Check, Outcome, failed, ok, warning
from pipeline.live.start import REHEARSALS, Wishes
from pipeline.media.probe import probe
from pipeline.model.levels import Heard, heard
from pipeline.model.load import LoadedStation

BEAT_S = 1.0
LOST_SHARE = 0.01
CLOSE_BEATS = 120


@dataclass(slots=True)
class Rehearsal:
    """One rehearsal on air. `watch` until its time is over, then `checks` once the broadcast has closed."""

    station: LoadedStation
    air: Air
    klass: str
    scenes: list[str] = field(default_factory=list)
    levels: dict[str, Heard] = field(default_factory=dict)
    last: dict[str, object] = field(default_factory=dict)

    def watch(self, seconds: float, stop: threading.Event) -> None:
        """Go through every scene of the class, listening; returns after `seconds` or when `stop` is set."""
        frozen = plan.load(self.air.plan)
        client, wanted = on_air.broadcast(self.air), list(frozen.klass.scenes)
        meters = outside.meters(frozen.settings)
        meters.start()
        begun, shown = SYSTEM.monotonic_us(), 0
        try:
            while not stop.is_set() and (passed := (SYSTEM.monotonic_us() - begun) / 1e6) < seconds:
                with contextlib.suppress(PipelineError):
                    if shown < len(wanted) and passed >= seconds * shown / len(wanted):
                        client.ask("scene", name=wanted[shown])
                        self.scenes.append(frozen.klass.scenes[wanted[shown]].label)
                        shown += 1
                    self.last = client.ask("status", timeout_s=5.0)
                SYSTEM.wait(stop, BEAT_S)
            for name in frozen.klass.microphones:
                found = heard(meters.window(name, min(seconds, 30.0)))
                if found is not None:
                    self.levels[name] = found
        finally:
            meters.close()

    def checks(self) -> Iterator[Check]:
        """What was seen, told as checks are."""
        yield Check("studio", "scenes", ok("check.scenes", count=len(self.scenes), names=", ".join(self.scenes)))
        yield Check("studio", "encoder", self._frames())
        for name in self.station.klass(self.klass).microphones:
            living = (source := self.station.settings.sources.get(name)) is None or source.media is None
            outcome = microphones.verdict(self.levels.get(name), muted=False, living=living)
            yield Check("sound", "microphone", outcome, name)
        for name, row in _part(_part(self.last, "hub"), "legs").items():
            if isinstance(row, dict):
                yield Check("destinations", "would-get", _leg(row), name)
        for path in sorted(self.air.masters.glob("*.mkv")):
            yield Check("picture", "recording", _master(path), path.name)

    def wait_closed(self) -> None:
        """Wait until nothing of it runs any more, for a minute at most."""
        never, lock = threading.Event(), on_air.lock(self.station.settings.folders.work)
        for _ in range(CLOSE_BEATS):
            if (self.air.closed() or not self.air.plan.exists()) and lock.acquire():
                lock.release()
                return
            SYSTEM.wait(never, BEAT_S / 2)

    def remove(self) -> None:
        """Leave nothing of it: no recording, no row, no work."""
        rehearsals = self.station.settings.folders.work / REHEARSALS
        if self.air.folder.is_relative_to(rehearsals):
            shutil.rmtree(self.air.folder, ignore_errors=True)

    def _frames(self) -> Outcome:
        lost = _number(_part(self.last, "studio"), "lost_frames")
        frames = lost + _number(_part(_part(self.last, "hub"), "feed"), "frames")
        share = lost / frames if frames else 0.0
        made = ok if share <= LOST_SHARE else warning
        return made("check.frames", lost=lost, percent=f"{100 * share:.1f}")


def rehearse(station: LoadedStation, klass: str, wishes: Wishes) -> Rehearsal:
    """Begin a rehearsal; returns before it is on air. What an earlier one left behind is removed."""
    air = begin(station, klass, wishes)
    for folder in air.folder.parent.iterdir():
        if folder != air.folder:
            shutil.rmtree(folder, ignore_errors=True)
    return Rehearsal(station, air, klass)


def _leg(row: dict[str, object]) -> Outcome:
    frames, dropped, kbps = (_number(row, name) for name in ("frames_sent", "frames_dropped", "bitrate_kbps"))
    if row.get("state") != "up" or not frames:
        return failed("check.leg-not-up", state=row.get("state"), error=row.get("error") or "–")
    return (warning if dropped else ok)("check.would-get", frames=frames, dropped=dropped, kbps=kbps)


def _master(file: Path) -> Outcome:
    try:
        found = probe(file)
    except PipelineError as error:
        return failed("live.master-damaged", file=file.name, why=error.code)
    seconds = found.duration_us / 1e6
    return ok(
        "check.master", seconds=round(seconds), kbps=round(file.stat().st_size * 8 / 1000 / max(seconds, 0.1))
    )


def _number(row: dict[str, object], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def _part(answer: dict[str, object], name: str) -> dict[str, object]:
    part = answer.get(name)
    return dict(part) if isinstance(part, dict) else {}
