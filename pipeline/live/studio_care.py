"""Looks after the studio while on air: sees how it stands, remembers its scene, and brings back what fell off.

Three ways to fall, told apart: the websocket alone is gone while the feed comes (connect again, touch nothing);
an output stopped (start it again); the studio is dead or hangs (websocket *and* feed silent: one of ours is ended
and launched anew, somebody else's is asked for).
"""

import logging
import threading
from dataclasses import replace

from pipeline.errors import PipelineError, Temporary
from pipeline.live.gear import Gear
from pipeline.live.memory import ON_AIR
from pipeline.live.watch.finding import Finding
from pipeline.model.studio import StudioState

log = logging.getLogger(__name__)

AGAIN_US = 1_000_000  # between two attempts to bring something back
HUNG_US = 4_000_000  # silent for so long, and no feed: it hangs
LAST_STEP_S = 8.0
STALE_US = 5_000_000  # a state older than this says nothing any more


class StudioCare:
    """`step` is one look and one attempt; it may wait for the studio, so call it beside the tick."""

    def __init__(self, gear: Gear) -> None:
        self._gear = gear
        self._state: StudioState | None = None
        self._lost_before: int | None = None
        self._heard_us = gear.clock.monotonic_us()
        self._tried_us: int | None = None
        self._finding: Finding | None = None
        self._over = threading.Event()
        self._busy = threading.Lock()

    @property
    def seen(self) -> StudioState | None:
        """How the studio stood when it last answered; None when that is too long ago."""
        stale = self._gear.clock.monotonic_us() - self._heard_us > STALE_US
        return None if stale else self._state

    @property
    def lost_frames(self) -> int:
        """Frames that the studio lost since this process first saw it: its own count is of all its life."""
        state = self._state
        return 0 if state is None or self._lost_before is None else _lost(state) - self._lost_before

    @property
    def findings(self) -> list[Finding]:
        """What a person has to do for the studio, if anything."""
        return [self._finding] if self._finding else []

    def end(self) -> None:
        """From now on nothing is brought back, for the broadcast ends; a step at work may finish first."""
        self._over.set()
        if self._busy.acquire(timeout=LAST_STEP_S):
            self._busy.release()

    def look(self) -> None:
        """Ask the studio how it stands; remember the scene that somebody chose."""
        memory = self._gear.memory
        try:
            self._state = self._gear.studio.state()
        except PipelineError:
            self._state = None
            return
        self._heard_us, self._finding = self._gear.clock.monotonic_us(), None
        lost = _lost(self._state)
        self._lost_before = lost if self._lost_before is None else min(lost, self._lost_before)
        live = self._state.streaming and memory.phase == ON_AIR
        if live and self._state.scene in self._gear.plan.klass.scenes and self._state.scene != memory.scene:
            memory.scene = self._state.scene
            memory.save()

    def step(self) -> None:
        """Look, then bring back what is missing; a failure is tried again with a later step."""
        with self._busy:
            self._step()

    def _step(self) -> None:
        self.look()
        now, state = self._gear.clock.monotonic_us(), self._state
        if state is not None and state.streaming and state.recording and not self._stuck(state):
            return
        if self._over.is_set() or (self._tried_us is not None and now - self._tried_us < AGAIN_US):
            return
        try:
            if state is None:
                state = self._reach()
            self._put_on_air(state)
        except PipelineError as error:
            log.warning("studio not healed: %s", error)
        self._tried_us = self._gear.clock.monotonic_us()

    def _stuck(self, state: StudioState) -> bool:
        """The hub is back, and the studio still counts down to its own next attempt."""
        return state.stream_reconnecting and self._gear.hub.part("feed").get("state") != "on"

    def _reach(self) -> StudioState:
        """Connect to the studio again, or to a new one; what is on air is not touched."""
        gear = self._gear
        silent_us = gear.clock.monotonic_us() - self._heard_us
        nothing = gear.hub.part("feed").get("state") != "on"
        hangs = nothing and silent_us > HUNG_US
        if nothing and not hangs and gear.studio.launched:
            raise Temporary("obs.lost", request="")  # it lives: it has its time to answer
        gear.studio.close()
        if hangs and gear.studio.end_hung():
            gear.journal.append("obs", state="lost", hub_us=gear.hub.us(), why="hung")
        try:
            gear.studio.attach(gear.studio_plan)
        except PipelineError as error:
            if hangs:
                self._finding = Finding("live.studio-gone", "alarm", "studio-gone", {"why": error.code})
            raise
        state = gear.studio.state()
        self._state, self._heard_us, self._finding = state, gear.clock.monotonic_us(), None
        return state

    def _prepare(self) -> None:
        """A studio that sends nothing is new, or began anew: its scenes are checked, the one on air is shown."""
        gear = self._gear
        scene = gear.memory.scene or gear.plan.klass.opening
        try:
            gear.studio.prepare(replace(gear.studio_plan, opening=scene))
        except PipelineError as error:
            log.warning("studio not prepared: %s", error)  # it goes on air as it is: better than nothing
        gear.journal.append("obs", state="launched" if gear.studio.launched else "connected", hub_us=gear.hub.us())
        if gear.studio_plan.virtual_camera:
            try:
                gear.studio.virtual_camera(True)
            except PipelineError as error:
                log.warning("no virtual camera: %s", error)

    def _put_on_air(self, state: StudioState) -> None:
        gear = self._gear
        if self._over.is_set():
            return
        if not state.streaming and not state.recording:
            self._prepare()
        if self._stuck(state):
            gear.studio.stop_stream()
        if self._stuck(state) or not state.streaming:
            gear.studio.start_stream()
            gear.journal.append("obs", state="streaming", hub_us=gear.hub.us())
        if not state.recording and not self._over.is_set():
            begin_record(gear)


def begin_record(gear: Gear) -> None:
    """Begin a piece of the studio's own recording; its row says where on hub time it begins."""
    hub_us = gear.hub.us()
    path = gear.studio.start_record(gear.air.masters)
    gear.journal.append("obs", state="recording", hub_us=hub_us, piece=path.name)


def _lost(state: StudioState) -> int:
    return state.render_skipped + state.output_skipped
