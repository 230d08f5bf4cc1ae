"""Follows the run sheet on air: shows its scenes, respects a person's hand, and is steered from the desk."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from pipeline.clock import utc_text
from pipeline.errors import PipelineError, Refused
from pipeline.live.gear import Gear
from pipeline.live.run_sheet import STOP, Line, RunSheet
from pipeline.model.studio import StudioState

log = logging.getLogger(__name__)

SETTLING_S = 2.0  # so long after a scene of ours the studio may still name the one before


class Cueing:
    """One broadcast's run sheet. What must survive a kill is in the memory's `sheet`, saved at every change.

    `elapsed_s` is the broadcast's own time, which no jump of the wall clock moves. `failed` holds the scene of a
    cue that the studio refused to show; it is tried again at every tick until another one is due.
    """

    def __init__(self, gear: Gear, elapsed_s: Callable[[], float], stop: Callable[[], None]) -> None:
        self._gear, self._elapsed_s, self._stop = gear, elapsed_s, stop
        plan = gear.plan
        zone = ZoneInfo(plan.settings.station.timezone)
        self._sheet = RunSheet(plan.klass.run_sheet, plan.begun, zone)
        self._state = gear.memory.sheet
        self._shown_s = -SETTLING_S
        self._away = False  # the studio was seen sending nothing
        self._lock = threading.RLock()  # the desk asks from threads of its own
        self.failed: str | None = None

    def began(self, scene: str) -> None:
        """The broadcast has shown its opening."""
        self._shown(scene)
        self._gear.memory.save()

    def scene(self) -> str:
        """The scene that ought to be on the programme now: a person's, else the sheet's."""
        return self._state.scene or self._sheet.scene(self._state, self._gear.plan.klass.opening)

    def by_hand(self, scene: str) -> None:
        """A person has chosen a scene from the desk."""
        with self._lock:
            self._shown(scene)
            self._gear.memory.save()

    def tick(self, seen: StudioState | None) -> None:
        """Notice what a person did in the studio, then let come what is due."""
        if seen is None:
            return  # what is due comes once the studio answers
        with self._lock:
            self._look(seen)
            self._follow()

    def next(self) -> str:
        """Let the next cue come now; returns its scene. What follows keeps its time.

        Refused: the sheet is over or empty, or its next line is the end.
        """
        with self._lock:
            waiting = [line for line in self._lines() if not line.came]
            if not len(self._sheet):
                raise Refused("live.no-sheet")
            if not waiting:
                raise Refused("live.sheet-over")
            if waiting[0].scene == STOP:
                raise Refused("live.next-is-stop")
            self._show(waiting[0].scene, 1, "next")
            return waiting[0].scene

    def hold(self, on: bool) -> None:
        """Let nothing come until released; then all that follows comes later by as much as was held.

        Refused `live.no-sheet`.
        """
        state, now = self._state, self._elapsed_s()
        if not len(self._sheet):
            raise Refused("live.no-sheet")
        with self._lock:
            if on and state.held_s is None:
                state.held_s = now
            elif not on and state.held_s is not None:
                state.shift_s, state.held_s = state.shift_s + now - state.held_s, None
            self._gear.memory.save()

    def move(self, by_s: float) -> None:
        """Everything that follows comes `by_s` seconds later; the caller saves."""
        with self._lock:
            self._state.shift_s += by_s

    def status(self) -> dict[str, object]:
        """The sheet as views show it: every line, which one holds, what comes next and in how many seconds."""
        state, plan, now = self._state, self._gear.plan, self._elapsed_s()
        lines, scene = self._lines(), self._sheet.scene(self._state, plan.klass.opening)
        waiting = next((at for at, line in enumerate(lines) if not line.came), None)
        rows: list[dict[str, object]] = [
            {
                "scene": line.scene,
                "at_s": round(line.at_s, 1),
                "utc": utc_text(plan.begun + timedelta(seconds=line.at_s)),
                "came": line.came,
            }
            for line in lines
        ]
        return {
            "cues": rows,
            "elapsed_s": round(now, 1),
            "scene": scene,
            "by_hand": state.scene if state.scene and state.scene != scene else None,
            "next": None if waiting is None else {**rows[waiting], "in_s": round(lines[waiting].at_s - now, 1)},
            "held": state.held_s is not None,
            "shift_s": round(state.shift_s, 1),
            "failed": self.failed,
        }

    def _lines(self) -> list[Line]:
        return self._sheet.lines(self._state, self._elapsed_s(), self._end_s())

    def _end_s(self) -> float:
        return (self._gear.memory.planned_end - self._gear.plan.begun).total_seconds()

    def _look(self, seen: StudioState) -> None:
        """A scene that is not ours was chosen by a person, unless the studio has just been started anew."""
        gear, state = self._gear, self._state
        if not seen.streaming:
            self._away = True
            return
        away, self._away = self._away, False
        if not seen.scene or seen.scene == state.scene or self._elapsed_s() - self._shown_s < SETTLING_S:
            return
        if away and state.scene:
            try:
                gear.studio.show(state.scene)
                self._shown(state.scene)
            except PipelineError as error:
                log.warning("the scene before the studio's restart: %s", error)
            return
        first, state.scene = not state.scene, seen.scene
        gear.memory.save()
        if not first:
            gear.journal.append("scene", hub_us=gear.hub.us(), who="technician", name=seen.scene, why="by-hand")

    def _follow(self) -> None:
        due = self._sheet.due(self._state, self._elapsed_s(), self._end_s())
        scenes = [scene for scene in due if scene != STOP]
        if scenes:
            try:
                self._show(scenes[-1], len(scenes), "run-sheet")
            except PipelineError as error:
                if self.failed != scenes[-1]:
                    log.warning("run sheet: %s", error)
                self.failed = scenes[-1]
                return  # it comes with the next tick
        self.failed = None
        if STOP in due:
            self._state.came.append(self._elapsed_s())
            self._gear.memory.save()
            self._stop()

    def _show(self, scene: str, cues: int, why: str) -> None:
        """Show a scene and count so many cues as come; those before the last were missed."""
        gear = self._gear
        gear.studio.show(scene)
        self._shown(scene)
        self._state.came += [self._elapsed_s()] * cues
        gear.memory.save()
        gear.journal.append("scene", hub_us=gear.hub.us(), name=scene, why=why, missed=cues - 1)

    def _shown(self, scene: str) -> None:
        self._state.scene, self._shown_s = scene, self._elapsed_s()
        self._gear.memory.scene = scene
