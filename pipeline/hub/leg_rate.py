"""How much one leg sends: what the programme needs, what its far end takes, and the rendition that follows."""

from pipeline.hub.child import Child
from pipeline.hub.lowering import LADDER, Change, Lowering, Measured, Rates
from pipeline.hub.meter import Meter
from pipeline.hub.packet import Packet
from pipeline.hub.spec import LegSpec

LOOK_US = 1_000_000
KNOWN_US = 4_000_000  # a stream's rate says something after so long
LEAST_PICTURE_KBPS = 40
LATE_MS = 1_500  # a connection that breaks while the leg is so far behind broke for want of room


class LegRate:
    """`offer` it every packet of the programme; `look` about as often as the leg is checked, and do as `rendition`
    says. `cap` is the least step that the up-link allows all legs together; 0 is no limit.
    """

    def __init__(self, spec: LegSpec) -> None:
        self._spec = spec
        self._lowering = Lowering()
        self._picture, self._sound = Meter(), Meter()
        self._began_us: int | None = None
        self._peak = Rates(0, 0)
        self._looked_us = 0
        self._losses = 0
        self._behind_ms = 0
        self.cap = 0
        self._rendered = 0  # the step that `rendition` was made for
        self._kbps = 0
        self.rendition: dict[str, object] | None = None
        self.weak = False  # the far end takes less than the programme

    @property
    def step(self) -> int:
        return max(self._lowering.step, self.cap)

    @property
    def own_step(self) -> int:
        """The step that its own far end asks for, whatever the up-link allows all legs together."""
        return self._lowering.step

    @property
    def programme(self) -> Rates:
        """What the programme needed at most, so far."""
        return self._peak

    @property
    def lowered_kbps(self) -> int | None:
        """Picture and sound together where they are lowered."""
        return None if self.rendition is None else self._kbps

    def offer(self, packet: Packet, now_us: int) -> None:
        if self._began_us is None:
            self._began_us = now_us
        (self._picture if packet.kind == "video" else self._sound).add(now_us, len(packet.data))

    def lost(self) -> None:
        """A connection that had been up broke."""
        self._losses += self._behind_ms > LATE_MS

    def look(self, now_us: int, child: Child | None, *, up: bool, behind_ms: int, dropped: int) -> Change | None:
        if now_us - self._looked_us < LOOK_US:
            return None
        self._looked_us = now_us
        if up:
            self._behind_ms = behind_ms
        self._measure(now_us)
        confirmed = child.confirmed.kbps(now_us) if child else 0
        seen = Measured(now_us, up, behind_ms, confirmed, dropped, self._losses, child.busy if child else 0.0)
        change = self._lowering.look(seen, self._peak)
        if change is not None:
            self.weak = change.reason not in ("calm", "busy")
        self._render()
        return change

    def _render(self) -> None:
        """What the leg's process is to make of the picture, None: leave it as it is; anew with each step alone."""
        if self.step == self._rendered or not self._peak.picture:
            return
        self._rendered, step = self.step, LADDER[self.step]
        self.rendition = None
        if self.step:
            kbps = max(LEAST_PICTURE_KBPS, round(self._peak.picture * step.share / 10) * 10)
            self._kbps = kbps + self._peak.sound
            self.rendition = {
                "kbps": kbps,
                "scale": step.scale,
                "still": step.still,
                "keep_size": self._spec.keep_size,
            }

    def _measure(self, now_us: int) -> None:
        if self._began_us is not None and now_us - self._began_us > KNOWN_US:
            self._peak = Rates(
                max(self._peak.picture, self._picture.kbps(now_us)),
                max(self._peak.sound, self._sound.kbps(now_us)),
            )
