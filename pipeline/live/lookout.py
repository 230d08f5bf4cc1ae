"""The lookout: gathers what is known, lets the watch judge it, and says what is news, each thing once."""

import logging
from collections.abc import Iterable
from datetime import datetime

from pipeline.live.gear import Gear
from pipeline.live.notices import Notices
from pipeline.live.watch.alarms import Alarms, News
from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Seen
from pipeline.live.watch.senses import NoSenses, Senses
from pipeline.live.watch.watch import Watch
from pipeline.model.studio import StudioState

log = logging.getLogger(__name__)

PARTS = ("feed", "record", "legs")


class Lookout:
    """`look` once a tick. `notices` hears all news; what stands is in `findings`, the gravest first.

    What stood when the broadcast was killed is taken over from its memory, and not said again.
    """

    def __init__(self, gear: Gear, senses: Senses | None = None, notices: Notices | None = None) -> None:
        self._gear, self._notices = gear, notices
        self.senses: Senses = senses or NoSenses()
        self.findings = {
            key: Finding(key=key, **told)  # type: ignore[arg-type]
            for key, told in gear.memory.standing.items()
        }
        self._watch, self._alarms = Watch(), Alarms(dict(self.findings))
        self._answered_s: float | None = None
        self._scene: tuple[str, float] = ("", 0.0)

    def look(
        self,
        now: datetime,
        studio: StudioState | None,
        *,
        hub_answers: bool,
        more: Iterable[Finding] = (),
        cue_failed: str | None = None,
    ) -> None:
        """One look; `now` is the broadcast's own time, `more` what other parts have found."""
        now_s = self._gear.clock.monotonic_us() / 1e6
        seen = self._seen(now_s, now, studio, hub_answers, cue_failed)
        self.senses.counts(seen.scene is None or seen.scene.kind != "card")
        news = self._alarms.take(
            now_s, [*self._watch.look(seen), *more, *(self._notices.findings if self._notices else ())]
        )
        self.findings = self._alarms.standing()
        for one in news:
            self._say(one)
        if any(one.state != "lasts" for one in news):
            self._gear.memory.standing = {
                key: {"code": one.code, "level": one.level, "about": one.about}
                for key, one in self.findings.items()
            }
            self._gear.memory.save()

    def _seen(
        self, now_s: float, now: datetime, studio: StudioState | None, hub_answers: bool, cue_failed: str | None
    ) -> Seen:
        gear, senses = self._gear, self.senses
        if hub_answers or self._answered_s is None:
            self._answered_s = now_s
        name = studio.scene if studio else self._scene[0]
        if name != self._scene[0]:
            self._scene = (name, now_s)
        return Seen(
            now_s=now_s,
            utc=gear.clock.utc(),
            now=now,
            begun=gear.plan.begun,
            planned_end=gear.memory.planned_end,
            hub={part: gear.hub.part(part) for part in PARTS},
            hub_silent_s=now_s - self._answered_s,
            studio=studio,
            scene=gear.plan.klass.scenes.get(name),
            scene_s=now_s - self._scene[1],
            still_s=senses.still_s(),
            programme=senses.programme(),
            load=senses.load(),
            free=senses.free(),
            pages=gear.platforms.states(),
            page_news=senses.news(),
            cue_failed=cue_failed,
        )

    def _say(self, news: News) -> None:
        finding = news.finding
        fields: dict[str, object] = {"code": finding.code, "level": finding.level, "about": finding.about}
        if news.state == "over":
            fields["level"] = "over"
        elif news.state == "lasts":
            fields["lasts_s"] = round(news.for_s)
        if not (finding.told and news.state == "begins"):
            self._gear.journal.append("finding", hub_us=self._gear.hub.us(), who=None, **fields)
        if self._notices is not None:
            self._notices.tell(news)
