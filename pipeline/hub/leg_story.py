"""What the journal hears of a leg: the beginning and end of an outage and of a lowering, not every try."""

import logging
from collections.abc import Mapping

from pipeline.hub.hubclock import HubClock
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

NOTHING: Mapping[str, object] = {}
OUTAGE = frozenset({"down", "stopped", "parked"})


class LegStory:
    """Writes the lines of one leg; a disk that does not take them ends nothing."""

    def __init__(self, name: str, journal: Journal, hub: HubClock) -> None:
        self._name, self._journal, self._hub = name, journal, hub
        self._said: tuple[str, str | None] | None = None
        self._kbps: int | None = None
        self.lowered_why: str | None = None

    def state(self, state: str, code: str | None, said: str | None, more: Mapping[str, object] = NOTHING) -> None:
        """`said` is another word for the same state (`ended`), `more` further fields of the line."""
        outage = self._said is not None and self._said[0] in OUTAGE
        if (state == "waiting" and said is None) or (state == "starting" and outage):
            return
        line = (said or state, code)
        if line == self._said:
            return
        self._said = line
        self._write(state=line[0], **({"reason": code} if code else {}), **more)

    def lowered(self, kbps: int | None, why: str | None) -> None:
        """Picture and sound from now on, None for the programme's own; said when it has changed."""
        if kbps == self._kbps:
            return
        self._kbps = kbps
        self.lowered_why = None if kbps is None else why or "room"
        if kbps is None:
            self._write(state="whole")
        else:
            self._write(state="lowered", kbps=kbps, reason=self.lowered_why)

    def address(self, which: str) -> None:
        self._write(state="address", address=which)

    def _write(self, **fields: object) -> None:
        try:
            self._journal.append("leg", hub_us=self._hub.now_us(), destination=self._name, **fields)  # type: ignore[arg-type]
        except OSError:
            log.error("the journal cannot be written")
