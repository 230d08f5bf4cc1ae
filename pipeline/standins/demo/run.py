"""The demo from its first step to its verdict."""

import threading
from gettext import gettext as _
from pathlib import Path
from typing import Any

from pipeline.app import jobs as after
from pipeline.cli.jobs_table import step_name
from pipeline.errors import PipelineError
from pipeline.model.load import load_station
from pipeline.standins.demo.display import Display
from pipeline.standins.demo.evidence import Evidence, gather
from pipeline.standins.demo.play import LENGTH_S, Play
from pipeline.standins.lesson import Lesson, make_lesson
from pipeline.standins.stage import KLASS, Stage
from pipeline.standins.technician import Technician

AFTER_WORK_S = 600.0
_LOOK_S = 1.0


class Demo:
    """Runs once; `seconds` are how long each part took. Interrupted, it ends everything that it began."""

    def __init__(self, folder: Path, language: str, display: Display) -> None:
        self.folder = folder
        self._language, self._display = language, display
        self.seconds: dict[str, float] = {}
        self.told: dict[str, Any] = {}

    def run(self) -> Evidence:
        """Everything, the far ends ended with it. PipelineError for what could not be done at all."""
        lesson = self._lesson()
        with self._far_ends(lesson) as stage:
            technician = Technician(stage.station, self._language)
            pictures = self.folder / "pokaz"
            pictures.mkdir(exist_ok=True)
            self._check(technician)
            play = Play(stage, technician, self._display, pictures)
            self._on_air(play)
            done = self._after_work(technician)
            verified = self._verify(technician)
            with self._display.step(_("The far ends' reports, the files measured anew")):
                stage.headend.stop()
                evidence = gather(stage, play.played, play.secrets(), done, verified)
        evidence.seconds = self.seconds
        return evidence

    def _lesson(self) -> Lesson:
        with self._display.step(_("A class is made: moving picture, speech, music")) as step:
            lesson = make_lesson(self.folder / "lesson")
            step.note = _("{sentences} Polish sentences").format(sentences=len(lesson.spoken))
        return lesson

    def _far_ends(self, lesson: Lesson) -> Stage:
        self._display.say(str(self.folder))
        return Stage(self.folder, lesson, language=self._language)

    def _check(self, technician: Technician) -> None:
        with self._display.step("ekultura check pokaz") as step:
            told = technician.asks("check", KLASS, timeout_s=90, may_be=(0, 3))
            step.note = _("{checks} checks").format(checks=len(told.data))

    def _on_air(self, play: Play) -> None:
        with self._display.step("ekultura live pokaz") as step:
            told = play.go_on_air()
            self.seconds["live"] = told.seconds
            step.note = _("returns once on air")
        with self._display.step(_("On air: {seconds} s").format(seconds=round(LENGTH_S))):
            play.follow_script()
        with self._display.step("ekultura stop") as step:
            play.stop()
            shown = sorted(play.played.first_picture_s.items())
            text = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in shown)
            step.note = _("command to first picture: {times}").format(times=text)
            assert play.played.stop is not None
            self.seconds["stop"] = play.played.stop.seconds

    def _after_work(self, technician: Technician) -> list[dict[str, Any]]:
        stop = threading.Event()
        watch = threading.Thread(target=self._watch_jobs, args=(stop,), daemon=True)
        with self._display.step(_("Captions, videos, archive package (ekultura jobs --wait)")) as step:
            watch.start()
            try:
                told = technician.asks("jobs", "--wait", timeout_s=AFTER_WORK_S, may_be=(0, 3))
            finally:
                stop.set()
                watch.join(5)
            self.seconds["after-work"] = told.seconds
            step.note = _("nobody asked for it: it began by itself")
        return list(told.data)

    def _watch_jobs(self, stop: threading.Event) -> None:
        """Show how far the work is; that it cannot be looked at fails nothing."""
        station = load_station(self.folder)
        while not stop.wait(_LOOK_S):
            try:
                found = after.look(station)
            except PipelineError:
                continue
            if found:
                view = found[0].view
                self._display.progress(view.per_cent / 100, step_name(view.step))

    def _verify(self, technician: Technician) -> list[dict[str, Any]]:
        with self._display.step("ekultura archive verify"):
            return list(technician.asks("archive", "verify", timeout_s=120).data)
