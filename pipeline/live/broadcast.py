"""One event on air, from the first scene to the last checked file."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from pipeline.clock import utc_text
from pipeline.errors import PipelineError
from pipeline.live import closing
from pipeline.live.beside import Act, at_once
from pipeline.live.cueing import Cueing
from pipeline.live.gear import Gear
from pipeline.live.lookout import Lookout
from pipeline.live.memory import ENDING, ON_AIR, PREPARING
from pipeline.live.studio_care import StudioCare, begin_record
from pipeline.live.watch.finding import Finding
from pipeline.model.studio import StudioState

log = logging.getLogger(__name__)

TICK_S = 0.5
SILENT_TICK_S = 0.1  # a hub that is back needs its legs before the studio's first keyframe
HUB_WAIT_S = 15.0
UNANSWERED = timedelta(minutes=15)


class Broadcast:
    """The phases preparing → on-air → ending, each safe to be killed in and to be entered again.

    `stop` and `extend`, from any thread, are the only outside influence on when it ends. `beside` does what may
    have to wait for the studio.
    """

    def __init__(self, gear: Gear, beside: Callable[[Act], None] = at_once, lookout: Lookout | None = None) -> None:
        self.gear = gear
        self.lookout = lookout or Lookout(gear)
        self._care = StudioCare(gear)
        self._beside = beside
        self._stop = threading.Event()
        self.sheet = Cueing(gear, self.elapsed_s, lambda: self.stop("planned"))

    def run(self) -> None:
        """Go on air, stay there until stopped, close. Raises only what kept it from going on air at all."""
        gear = self.gear
        gear.journal.append("process", name="broadcast", state="started", phase=gear.memory.phase)
        try:
            if gear.memory.phase == PREPARING and not gear.memory.prepared:
                self._go_on_air()
            elif gear.memory.phase != ENDING:
                self._take_over()
            else:
                self._attach()  # killed while it ended: what is left to stop must be reached
        except PipelineError as error:
            self._journal_error(error)
            closing.abandon(gear)
            raise
        self.look()
        self.lookout.senses.start()
        while gear.memory.phase == ON_AIR and not self._stop.is_set():
            answered = self._tick()
            gear.clock.wait(self._stop, TICK_S if answered else SILENT_TICK_S)
        self.lookout.senses.stop()
        self._end()

    def stop(self, why: str, *, now: bool = False) -> None:
        """Ask for the end; `now` leaves out what a calm end would wait for."""
        if not self.gear.memory.why:
            self.gear.memory.why = why
        if now:
            self.gear.hurry.set()
        self._stop.set()

    def extend(self, minutes: int) -> None:
        """Move the planned end, counted from now when it has passed, and what the run sheet has yet to bring."""
        memory = self.gear.memory
        memory.planned_end = max(memory.planned_end, self._now()) + timedelta(minutes=minutes)
        self.sheet.move(60.0 * minutes)
        memory.save()

    @property
    def findings(self) -> dict[str, Finding]:
        """What is wrong now, the gravest first."""
        return self.lookout.findings

    @property
    def seen(self) -> StudioState | None:
        """How the studio stands, as it last said; None when it does not answer."""
        return self._care.seen

    @property
    def lost_frames(self) -> int:
        """Frames that the studio lost in this broadcast."""
        return self._care.lost_frames

    def elapsed_s(self) -> float:
        """Seconds since the broadcast began, by hub time: it goes on through kills, and no jump of the wall
        clock moves it. By the wall clock only before the hub has answered."""
        hub_us = self.gear.hub.us()
        if hub_us is not None:
            return hub_us / 1e6
        return (self.gear.clock.utc() - self.gear.plan.begun).total_seconds()

    def _now(self) -> datetime:
        """The moment by the broadcast's own time, as the planned end counts."""
        return self.gear.plan.begun + timedelta(seconds=self.elapsed_s())

    def look(self) -> None:
        """Ask the studio how it stands."""
        self._care.look()

    def overdue(self) -> bool:
        """Whether the planned end has passed: then whoever watches is asked."""
        memory = self.gear.memory
        return memory.phase == ON_AIR and self._now() >= memory.planned_end

    def _go_on_air(self) -> None:
        gear = self.gear
        gear.platforms.start()
        gear.studio.prepare(gear.studio_plan)
        gear.journal.append("obs", state="launched" if gear.studio.launched else "connected")
        for found in gear.studio.findings:
            gear.journal.append("finding", code=found.code, level=found.level, about=dict(found.fields))
        gear.hub.wait(self._stop, HUB_WAIT_S)
        gear.legs.settle(gear.hub.part("legs"))  # a leg that is there first sends the feed's first keyframe
        gear.studio.show(gear.plan.klass.opening)
        gear.memory.scene, gear.memory.prepared = gear.plan.klass.opening, True
        gear.memory.save()
        self._open()

    def _open(self) -> None:
        """From a studio that stands ready to being on air; one that sends already goes on sending."""
        gear = self.gear
        gear.studio.start_stream()
        gear.hub.poll()
        gear.journal.append("obs", state="streaming", hub_us=gear.hub.us())
        gear.legs.settle(gear.hub.part("legs"))
        if gear.studio_plan.virtual_camera:
            self._offer_camera()
        gear.journal.append("scene", name=gear.plan.klass.opening, hub_us=gear.hub.us())
        self.sheet.began(gear.plan.klass.opening)
        gear.memory.phase = ON_AIR
        gear.memory.save()
        self._record()

    def _record(self) -> None:
        """Begin the studio's own recording. What is on air stays there without one: it is tried again, and told."""
        gear = self.gear
        try:
            begin_record(gear)
        except PipelineError as error:
            if error.code != "obs.already-recording":  # killed between the two lines
                self._journal_error(error)

    def _take_over(self) -> None:
        """After a kill: the air went on without us, and nothing on it is touched."""
        self.gear.platforms.start()
        self.gear.hub.poll()
        self._attach()
        if self.gear.memory.phase == PREPARING:
            self.gear.hub.wait(self._stop, HUB_WAIT_S)
            self._open()

    def _attach(self) -> None:
        try:
            self.gear.studio.attach(self.gear.studio_plan)
        except PipelineError as error:
            self._journal_error(error)

    def _offer_camera(self) -> None:
        """A computer without a virtual camera still records the class; that nobody can join it is an alarm."""
        try:
            self.gear.studio.virtual_camera(True)
        except PipelineError as error:
            self._journal_error(error)

    def _tick(self) -> bool:
        """Look at everything once; False while the hub does not answer: then the next look comes sooner."""
        gear = self.gear
        answered = gear.hub.poll()
        if answered:
            gear.legs.settle(gear.hub.part("legs"))
            gear.legs.mind(gear.hub.part("legs"), gear.platforms)
        self._beside(self._care.step)
        self.sheet.tick(self.seen)
        self.lookout.look(
            self._now(),
            self.seen,
            hub_answers=answered,
            more=self._care.findings,
            cue_failed=self.sheet.failed,
        )
        if self.overdue() and self._now() >= gear.memory.planned_end + UNANSWERED:
            self.stop("planned")
        return answered

    def _journal_error(self, error: PipelineError) -> None:
        self.gear.journal.append("finding", code=error.code, level="alarm", about=dict(error.fields))

    def _end(self) -> None:
        gear = self.gear
        self._care.end()
        if gear.memory.phase != ENDING:
            gear.memory.phase = ENDING
            gear.memory.save()
            planned = utc_text(gear.memory.planned_end)
            gear.journal.append("end", hub_us=gear.hub.us(), why=gear.memory.why or "command", planned_end=planned)
        closing.close(gear)
