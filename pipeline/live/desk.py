"""What people may ask a running broadcast, from any terminal: the handlers of its control socket."""

import logging
from collections.abc import Callable, Mapping

from pipeline.clock import utc_text
from pipeline.errors import PipelineError, Refused
from pipeline.live.broadcast import Broadcast
from pipeline.model.config import Destination
from pipeline.model.presets import CablePreset

log = logging.getLogger(__name__)

Question = dict[str, object]
Answer = dict[str, object]
Reread = Callable[[], tuple[Mapping[str, Destination], Mapping[str, CablePreset]]]
LONGEST_MARKER = 500


class Desk:
    """`reread` reads the station's destinations anew, for a leg that is added while on air."""

    def __init__(self, broadcast: Broadcast, reread: Reread) -> None:
        self._broadcast, self._gear, self._reread = broadcast, broadcast.gear, reread

    def handlers(self) -> dict[str, Callable[[Question], Answer]]:
        return {
            "status": self.status,
            "scene": self.scene,
            "marker": self.marker,
            "slate": self.slate,
            "leg": self.leg,
            "sheet": self.sheet,
            "next": self.next,
            "hold": self.hold,
            "extend": self.extend,
            "stop": self.stop,
        }

    def status(self, _question: Question) -> Answer:
        """Everything that a view shows, in one answer."""
        gear, plan = self._gear, self._gear.plan
        seen = self._broadcast.seen
        return {
            "id": plan.id,
            "title": plan.title,
            "class": plan.klass_name,
            "folder": str(plan.folder),
            "phase": gear.memory.phase,
            "why": gear.memory.why,
            "begun": utc_text(plan.begun),
            "planned_end": utc_text(gear.memory.planned_end),
            "overdue": self._broadcast.overdue(),
            "rehearse": plan.rehearse,
            "private": plan.private,
            "scene": seen.scene if seen else None,
            "scenes": {name: scene.label for name, scene in plan.klass.scenes.items()},
            "wanted": gear.legs.wanted(),
            "hub": gear.hub.status,
            "studio": None
            if seen is None
            else {
                "streaming": seen.streaming,
                "recording": seen.recording,
                "record_bytes": seen.record_bytes,
                "lost_frames": self._broadcast.lost_frames,
            },
            "sheet": self._broadcast.sheet.status(),
            "platforms": gear.platforms.states(),
            "findings": [
                {"code": finding.code, "level": finding.level, "about": finding.about}
                for finding in self._broadcast.findings.values()
            ],
        }

    def scene(self, question: Question) -> Answer:
        """Show a scene of the class, by its name or its label."""
        name, scenes = str(question.get("name", "")), self._gear.plan.klass.scenes
        if name not in scenes:
            by_label = [key for key, scene in scenes.items() if scene.label.casefold() == name.casefold()]
            if not by_label:
                raise Refused("live.unknown-scene", scene=name, known=", ".join(scenes))
            name = by_label[0]
        self._gear.studio.show(name)
        self._gear.journal.append("scene", hub_us=self._gear.hub.us(), who="technician", name=name)
        self._broadcast.sheet.by_hand(name)
        self._broadcast.look()
        return {"scene": name}

    def marker(self, question: Question) -> Answer:
        """Note a moment, with its text, at the hub time of the asking."""
        text = str(question.get("text", "")).strip()[:LONGEST_MARKER]
        if not text:
            raise Refused("live.empty-marker")
        self._gear.hub.poll()
        line = self._gear.journal.append("marker", who="technician", hub_us=self._gear.hub.us(), text=text)
        return {"n": line.n, "hub_us": line.hub_us}

    def slate(self, question: Question) -> Answer:
        """Hide the programme behind the slate on the legs, or show it again."""
        return self._gear.hub.client.ask("slate", on=bool(question.get("on")))

    def leg(self, question: Question) -> Answer:
        """Add, drop or retry a destination's leg."""
        do, name = question.get("do_what"), str(question.get("name", ""))
        memory = self._gear.memory
        if do not in ("add", "drop", "retry"):
            raise Refused("control.unknown", do=str(do)[:40])
        if do != "drop":
            self._refresh(must=do == "add")
        if not self._gear.legs.known(name):
            raise Refused("live.unknown-destination", destination=name)
        if do == "add":
            self._take(name)
        elif do == "drop":
            memory.dropped.append(name)
        if do != "drop":
            self._gear.platforms.retry(name)
            self._gear.legs.again(name, self._gear.hub.part("legs"))
        memory.save()
        if self._gear.hub.poll():
            self._gear.legs.settle(self._gear.hub.part("legs"))
        return {"wanted": self._gear.legs.wanted()}

    def _refresh(self, *, must: bool) -> None:
        """Read the destinations anew, for a new key; a retry does without where the file has a fault just now."""
        try:
            settings, cable = self._reread()
        except PipelineError as error:
            if must:
                raise
            log.warning("the settings cannot be read: %s", error.code)
        else:
            self._gear.legs.refresh(settings, cable)

    def _take(self, name: str) -> None:
        memory = self._gear.memory
        memory.dropped[:] = [other for other in memory.dropped if other != name]
        if name not in memory.added:
            memory.added.append(name)

    def sheet(self, _question: Question) -> Answer:
        """The run sheet as it stands now."""
        return self._broadcast.sheet.status()

    def next(self, _question: Question) -> Answer:
        """Let the run sheet's next cue come now."""
        scene = self._broadcast.sheet.next()
        return {"scene": scene, **self._broadcast.sheet.status()}

    def hold(self, question: Question) -> Answer:
        """Let nothing of the run sheet come, or let it go on."""
        self._broadcast.sheet.hold(question.get("on") is not False)
        return self._broadcast.sheet.status()

    def extend(self, question: Question) -> Answer:
        """Move the planned end, and what the run sheet has yet to bring, by whole minutes."""
        minutes = question.get("minutes")
        if not isinstance(minutes, int) or not 1 <= minutes <= 480:
            raise Refused("live.bad-minutes", given=str(minutes))
        self._broadcast.extend(minutes)
        return {"planned_end": utc_text(self._gear.memory.planned_end)}

    def stop(self, question: Question) -> Answer:
        """End the broadcast; the answer comes before the end does."""
        self._broadcast.stop("command", now=bool(question.get("now")))
        return {"phase": self._gear.memory.phase}
