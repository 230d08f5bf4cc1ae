"""The look at the studio: its scenes are built, then for some seconds everything is watched at once, recording."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.clock import Clock
from pipeline.errors import PipelineError
from pipeline.live.preflight import encoder, microphones, sources
from pipeline.live.preflight.check import FAILED, OK, WARNING, Check, Outcome, ok
from pipeline.live.preflight.ports import ExamStudio, Inspector, Meters
from pipeline.model.levels import heard
from pipeline.model.source_look import SourceLook
from pipeline.model.studio import StudioFinding, StudioPlan, StudioState

WATCH_S = 6.0
SETTLE_S = 1.5  # a scene that was just built needs a moment for its cameras
LOOKS = 5
LEVELS = {"alarm": FAILED, "warning": WARNING, "notice": OK}


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen within the seconds of one watch."""

    looks: Mapping[str, list[SourceLook]]
    before: StudioState
    after: StudioState
    seconds: float
    busy_percent: float


@dataclass(slots=True)
class Exam:
    """One class's look at the studio. `names`: each source's name in the studio (two may be one device)."""

    plan: StudioPlan
    names: Mapping[str, str]
    studio: ExamStudio
    inspector: Inspector
    meters: Meters
    scratch: Path
    clock: Clock

    def run(self) -> Iterator[Check]:
        """Yield the studio's, the sources', the microphones' and the encoder's checks; leaves nothing running.

        A studio that was there before us gets its own collection and profile back.
        """
        try:
            try:
                self.studio.prepare(self.plan)
            except PipelineError as error:
                yield Check("studio", "obs", Outcome(FAILED, error.code, dict(error.fields)))
                return
            yield Check("studio", "obs", ok("check.version", version=self.studio.state().version))
            yield from self._findings()
            yield from self._watch()
        finally:
            with contextlib.suppress(PipelineError):
                if not self.studio.launched:
                    self.studio.restore()
            self.studio.close()
            shutil.rmtree(self.scratch, ignore_errors=True)

    def _findings(self) -> Iterator[Check]:
        found = [one for one in self.studio.findings if one.level != "notice"]
        for one in found:
            yield Check("studio", "scenes", Outcome(LEVELS[one.level], one.code, dict(one.fields)))
        if not found:
            yield Check(
                "studio", "scenes", ok("check.scenes", count=len(self.plan.scenes), names=_labels(self.plan))
            )

    def _watch(self) -> Iterator[Check]:
        opened = contextlib.ExitStack()
        with opened:
            try:
                self.inspector.open()
                opened.callback(self.inspector.close)
                self.meters.start()
                opened.callback(self.meters.close)
                watched = self._recorded()
            except PipelineError as error:
                yield Check("studio", "encoder", Outcome(FAILED, error.code, dict(error.fields)))
                return
            yield Check("studio", "encoder", self._encoder(watched))
            missing = _missing(self.studio.findings)
            for name, source in sorted(self.plan.sources.items()):
                if sources.kind_of(source) != "audio" and name not in missing and not self._heard_only(name):
                    looks = watched.looks[self.names[name]]
                    yield Check("picture", "source", sources.delivers(source, looks), name)
            for name in self.plan.microphones:
                yield Check("sound", "microphone", self._microphone(name), name)

    def _heard_only(self, name: str) -> bool:
        """A source that no scene shows: a file that stands for a microphone."""
        return name in self.plan.microphones and all(
            name not in scene.sources for scene in self.plan.scenes.values()
        )

    def _recorded(self) -> Watched:
        """Show the hall, record for a while, and look meanwhile."""
        hall = next((key for key, scene in self.plan.scenes.items() if scene.kind != "card"), self.plan.opening)
        never = threading.Event()
        self.studio.show(hall)
        self.clock.wait(never, SETTLE_S)
        self.studio.start_record(self.scratch)
        try:
            names = sorted(set(self.names.values()))
            looks: dict[str, list[SourceLook]] = {name: [] for name in names}
            psutil.cpu_percent()
            before, begun = self.studio.state(), self.clock.monotonic_us()
            for _ in range(LOOKS):
                self.clock.wait(never, WATCH_S / LOOKS)
                for name, look in self.inspector.looks(names).items():
                    looks[name].append(look)
            after, ended = self.studio.state(), self.clock.monotonic_us()
            busy = psutil.cpu_percent()
        finally:
            self.studio.stop_record()
        return Watched(looks, before, after, (ended - begun) / 1e6, busy)

    def _encoder(self, watched: Watched) -> Outcome:
        return encoder.keeps_up(
            self.plan.encoder, watched.before, watched.after, watched.seconds, watched.busy_percent
        )

    def _microphone(self, name: str) -> Outcome:
        source, known = self.plan.sources[name], self.names[name]
        found = heard(self.meters.window(known, WATCH_S))
        speech = source.role in (None, "speech")
        return microphones.verdict(
            found, muted=self.inspector.muted(known), speech=speech, living=source.media is None
        )


def _missing(findings: tuple[StudioFinding, ...]) -> set[str]:
    """Sources that a finding of the studio has told already."""
    return {str(one.fields.get("source")) for one in findings if one.level == "alarm"}


def _labels(plan: StudioPlan) -> str:
    return ", ".join(scene.label for scene in plan.scenes.values())


MakeExam = Callable[[], Exam]
