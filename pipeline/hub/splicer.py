"""Chooses between feed and slate for the legs (the recording gets the feed in any case), without a seam.

Pure: it is told the time with every call and gives back what has to be sent, in order. Picture and sound change
places each at its own end: the picture one frame after the highest PTS that was sent (which with B-frames is not
the last one), the sound where the last sound ended. DTS increase strictly, whatever the sources do.
"""

from enum import Enum

from pipeline.hub.packet import Kind, Packet
from pipeline.hub.slate import Loop, Playing

CATCH_UP_US = 2_000_000  # a longer silence stays a gap: nobody wants minutes of slate at once
LATE_US = 500_000  # a keyframe that comes so much later than the feed's usual ones is an old one …
PATIENCE_US = 1_500_000  # … unless no fresher one comes
SOUND_GRACE_US = 200_000  # how long after its first keyframe the feed's sound may take before the slate's goes on
OVERSLEPT_US = 150_000  # who was asleep for so long does not know whether the feed was


class Source(Enum):
    """Where what is on air comes from."""

    FEED = "feed"
    SLATE = "slate"


class Splicer:
    """Give it the feed's packets in hub time and call `tick` a few dozen times a second.

    `hidden`: somebody asked for the slate. Then the feed is not shown, even where no slate is loaded. `said` holds
    what happened, as hub time (the recording's, so that it can be found there) and fields for the journal.
    """

    def __init__(self, slate_after_us: int, *, hidden: bool = False) -> None:
        self.hidden = hidden
        self.on_air: Source | None = None
        self.since_us: int | None = None
        self.said: list[tuple[int, dict[str, object]]] = []
        self._slate_after_us = slate_after_us
        self._most_us = slate_after_us + CATCH_UP_US
        self._loop: Loop | None = None
        self._playing: Playing | None = None  # outlives the slate's picture until the feed's first sound
        self._ticked_us: int | None = None
        self._heard_us: int | None = None  # when the feed's last picture came
        self._late_us = 0  # how far the feed's pictures are usually behind hub time
        self._ahead_us = 0  # how far before its showing the feed sends a keyframe: more than nothing with B-frames
        self._stale_us: int | None = None  # since when only old keyframes have come
        self._aired_us = 0  # the recording's time up to which the feed was on air
        self._shift: dict[Kind, int] = {"video": 0, "audio": 0}
        self._sent: dict[Kind, int] = {}  # last DTS
        self._highest_us = -1  # PTS
        self._sound_end_us: int | None = None
        self._sounded = False  # whether the feed's sound has come since its picture returned

    @property
    def loaded(self) -> bool:
        return self._loop is not None

    def load(self, loop: Loop, now_us: int) -> list[Packet]:
        """A slate, or another one in its place; one that is on air changes at once."""
        self._loop = loop
        if self.on_air is Source.SLATE:
            return self._begin_slate(loop, now_us)
        return self._look(now_us)

    def hide(self, hidden: bool, now_us: int) -> list[Packet]:
        """Show the slate now whatever the feed does, or the feed again from its next keyframe on."""
        if hidden == self.hidden:
            return []
        self.hidden = hidden
        if self.on_air is Source.SLATE and (hidden or self._silent(now_us)):
            self._say(now_us, "on", self._why(now_us))
        return self._look(now_us)

    def tick(self, now_us: int) -> list[Packet]:
        """What the slate has to send by now; begins it when the feed is silent."""
        before, self._ticked_us = self._ticked_us, now_us
        if before is not None and self._heard_us is not None and now_us - before > OVERSLEPT_US:
            self._heard_us = min(now_us, self._heard_us + now_us - before)
        return self._look(now_us)

    def feed(self, packet: Packet, now_us: int) -> list[Packet]:
        """A packet of the feed, placed on hub time."""
        out: list[Packet] = []
        if packet.kind == "video":
            self._heard_us = now_us
        if self._loop and self.on_air is Source.FEED and self._leaps(packet):
            out += self._begin_slate(self._loop, now_us)
        if self.on_air is not Source.FEED:
            if self.hidden or not packet.starts or not self._fresh(packet, now_us):
                return out
            out += self._begin_feed(packet, now_us)
        if packet.starts:
            self._late_us = max(0, now_us - packet.dts_us)
            self._ahead_us = packet.pts_us - packet.dts_us
        if packet.kind == "audio" and self._playing:
            self._sounded = True
            if not self._joins(packet):
                return out
            out += self._begin_feed_sound(packet)
        if packet.kind == "video":
            self._aired_us = max(self._aired_us, packet.pts_us + packet.format.frame_us)
        return out + self._sendable(packet.moved(self._shift[packet.kind]))

    def _look(self, now_us: int) -> list[Packet]:
        if self.on_air is not Source.SLATE and self._loop and (self.hidden or self._silent(now_us)):
            return self._begin_slate(self._loop, now_us)
        if self._playing is None:
            return []
        if self.on_air is Source.FEED:
            return [] if self._sounded else self._sound_until(now_us - SOUND_GRACE_US)
        if now_us - self._playing.picture_dts_us > self._most_us:
            return self._begin_slate(self._playing.loop, now_us)
        return self._all(list(self._playing.due(now_us)))

    def _silent(self, now_us: int) -> bool:
        return self._heard_us is None or now_us - self._heard_us > self._slate_after_us

    def _why(self, now_us: int) -> str:
        if self.hidden:
            return "manual"
        return "start" if self._heard_us is None else "feed-lost"

    # To the slate.

    def _begin_slate(self, loop: Loop, now_us: int) -> list[Packet]:
        again = self.on_air is Source.SLATE
        frame = int(loop.frame_us)
        delay = max(loop.delay_us, self._ahead_us)
        picture = now_us + delay
        followed = self._highest_us + frame
        if self._sent and now_us - followed < self._most_us:
            picture = max(followed, self._sent.get("video", -frame) + frame + delay)
        sound = picture
        if self._sound_end_us is not None and self._sound_end_us > picture - self._most_us:
            sound = self._sound_end_us
        self._playing = Playing(loop, picture, sound, now_us, delay_us=delay)
        self.on_air, self._stale_us = Source.SLATE, None
        if not again:
            self.since_us = now_us
            self._say(self._aired_us or now_us, "on", self._why(now_us))
        return self._all(list(self._playing.due(now_us)))

    # To the feed.

    def _fresh(self, packet: Packet, now_us: int) -> bool:
        """Whether a keyframe is of now. A source that was frozen first sends what it had: the recording wants
        that, the air would be ahead of time by it for ever.
        """
        if self.on_air is None or now_us - packet.dts_us <= self._late_us + LATE_US:
            return True
        if self._stale_us is None:
            self._stale_us = now_us
        return now_us - self._stale_us >= PATIENCE_US

    def _leaps(self, packet: Packet) -> bool:
        """Whether a source's time goes ahead without any having passed: what is missing then is a lost feed too."""
        last = self._sent.get(packet.kind)
        return last is not None and packet.dts_us + self._shift[packet.kind] - last > self._slate_after_us

    def _begin_feed(self, key: Packet, now_us: int) -> list[Packet]:
        out: list[Packet] = []
        if self._playing:
            out = self._look(now_us) + self._slate_until(key.pts_us - key.format.frame_us // 2)
            self._shift["video"] = max(
                self._highest_us + key.format.frame_us - key.pts_us,
                self._sent.get("video", -1) + key.format.frame_us - key.dts_us,
            )
            self._say(key.pts_us, "off")
        self._shift["audio"] = self._shift["video"]
        self.on_air, self.since_us, self._stale_us, self._sounded = Source.FEED, now_us, None, False
        return out

    def _slate_until(self, pts_us: int) -> list[Packet]:
        """The slate's pictures (and the sounds among them) up to the feed's first one, B-frames not cut apart."""
        out: list[Packet] = []
        playing = self._playing
        if playing is None:
            return out
        near = pts_us - playing.picture_slot_us < self._slate_after_us  # else the feed's time is put back
        while (near and playing.picture_slot_us < pts_us) or not playing.whole:
            out += self._sendable(
                playing.sound() if playing.sound_dts_us < playing.picture_dts_us else playing.picture()
            )
        return out

    def _joins(self, sound: Packet) -> bool:
        """Whether a sound of the feed comes after what the slate has sounded already."""
        end = self._sound_end_us
        at = sound.dts_us + self._shift["video"]
        return end is None or at >= end - sound.format.sound_us // 2

    def _begin_feed_sound(self, sound: Packet) -> list[Packet]:
        """Fill up with the slate's sound; what is left over is less than half a frame and taken out of the time."""
        at, half = sound.dts_us + self._shift["video"], sound.format.sound_us // 2
        out = self._sound_until(at - half)
        end = self._sound_end_us
        if end is not None and abs(end - at) <= half + 1:
            self._shift["audio"] = end - sound.dts_us
        self._playing = None
        return out

    def _sound_until(self, dts_us: int) -> list[Packet]:
        out: list[Packet] = []
        playing = self._playing
        if playing is None or dts_us - playing.sound_dts_us > self._most_us:
            return out
        while playing.sound_dts_us < dts_us:
            out += self._sendable(playing.sound())
        return out

    # To the legs.

    def _all(self, packets: list[Packet]) -> list[Packet]:
        return [out for packet in packets for out in self._sendable(packet)]

    def _sendable(self, packet: Packet) -> list[Packet]:
        if packet.dts_us <= self._sent.get(packet.kind, -1):
            return []
        self._sent[packet.kind] = packet.dts_us
        if packet.kind == "video":
            self._highest_us = max(self._highest_us, packet.pts_us)
        else:
            self._sound_end_us = packet.dts_us + packet.format.sound_us
        return [packet]

    def _say(self, at_us: int, state: str, why: str | None = None) -> None:
        self.said.append((at_us, {"state": state, "why": why} if why else {"state": state}))
