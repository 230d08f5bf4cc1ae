"""Feed and slate change places without a seam: pictures, sound and DTS as a far end sees them."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.hub.packet import Kind, Packet
from pipeline.hub.splicer import Source, Splicer
from pipeline.hub.timeline import Retimer
from tests.support.loops import WITH_B_FRAMES, loop
from tests.support.packets import FORMAT, fake

FRAME = 40_000
AFTER = 400_000
TICK = 20_000


class Air:
    """A splicer with its retimer, a clock that is stepped, and a publisher of 25 pictures a second."""

    def __init__(
        self, *, bframes: bool = False, slate: bool = True, hidden: bool = False, start_us: int = 0
    ) -> None:
        self.now = start_us
        self.out: list[Packet] = []
        self.fed: list[Packet] = []
        self.seen: list[tuple[int, Packet]] = []
        self.splicer = Splicer(AFTER, hidden=hidden)
        self.retimer = Retimer()
        self.bframes = bframes
        self._frame = 0
        self._sound = 0
        self._media = 0
        if slate:
            self.load()

    def load(self) -> None:
        self.take(self.splicer.load(loop(bframes=self.bframes), self.now))

    def take(self, packets: list[Packet]) -> None:
        self.out += packets
        self.seen += [(self.now, packet) for packet in packets]

    def connect(self, media_us: int = 0) -> None:
        self.retimer.begin()
        self._frame = self._sound = 0
        self._media = media_us

    def step(self) -> None:
        self.now += TICK
        self.take(self.splicer.tick(self.now))

    def silence(self, seconds: float) -> None:
        for _ in range(round(seconds * 1_000_000 / TICK)):
            self.step()

    def publish(self, seconds: float, *, sound: bool = True, burst: bool = False, late_sound_us: int = 0) -> None:
        """In real time, or all at once as a source does that was frozen."""
        for _ in range(round(seconds * 1_000_000 / FRAME)):
            if not burst:
                self.step()
                self.step()
            for packet in self._next():
                if packet.kind == "video" or (sound and self._frame * FRAME > late_sound_us):
                    self.give(packet)

    def give(self, packet: Packet) -> None:
        placed = self.retimer.place(packet, self.now)
        if placed is not None:
            self.fed.append(placed)
            self.take(self.splicer.feed(placed, self.now))

    def _next(self) -> list[Packet]:
        number, inside = self._frame, self._frame % 50
        ahead = FRAME
        if self.bframes and inside < 48:
            ahead = (WITH_B_FRAMES[inside % 4] - inside % 4 + 1) * FRAME
        packets = [fake("video", self._media + number * FRAME, key=inside == 0, ahead_us=ahead * self.bframes)]
        self._frame += 1
        while self._sound * 64_000 // 3 < self._frame * FRAME:
            packets.append(fake("audio", self._media + self._sound * 64_000 // 3, key=True))
            self._sound += 1
        return packets

    def skip(self, seconds: float) -> None:
        """What the source made in this time is never sent."""
        for _ in range(round(seconds * 1_000_000 / FRAME)):
            self._next()

    # What was seen.

    def times(self, kind: Kind) -> list[int]:
        return sorted(packet.pts_us for packet in self.out if packet.kind == kind)

    def widest(self, kind: Kind) -> int:
        times = self.times(kind)
        return max(b - a for a, b in itertools.pairwise(times))

    def slates(self) -> list[Packet]:
        return [packet for packet in self.out if packet.data[:1] in (b"p", b"s")]

    def check(self) -> None:
        for kind in ("video", "audio"):
            dts = [packet.dts_us for packet in self.out if packet.kind == kind]
            # By what every container can tell apart: a microsecond more is the same time in NUT and in FLV.
            assert all(later >= earlier + 1_000 for earlier, later in itertools.pairwise(dts))
        assert all(packet.pts_us >= packet.dts_us for packet in self.out)
        shown = self.times("video")
        assert len(set(shown)) == len(shown)

    def wire_pause(self) -> int:
        """The longest time for which nothing went out."""
        whens = [when for when, _ in self.seen]
        return max(b - a for a, b in itertools.pairwise(whens))


def words(air: Air) -> list[tuple[object, object]]:
    return [(fields["state"], fields.get("why")) for _, fields in air.splicer.said]


def test_without_a_slate_the_feed_passes_untouched() -> None:
    air = Air(slate=False)
    air.silence(1)
    air.publish(4)
    assert air.out == air.fed
    air.silence(3)
    air.connect()
    air.publish(2)
    assert air.out == air.fed
    assert air.splicer.said == []


@pytest.mark.parametrize("bframes", [False, True])
def test_a_lost_feed_is_followed_by_the_slate_and_comes_back_at_its_first_keyframe(bframes: bool) -> None:
    air = Air(bframes=bframes)
    air.silence(1)
    air.publish(4)
    fed = len(air.fed)
    air.silence(10)
    assert air.splicer.on_air is Source.SLATE
    air.connect()
    air.publish(4)
    air.check()
    assert air.splicer.on_air is Source.FEED
    assert air.widest("audio") <= 21_334 + 1
    assert air.widest("video") <= (3 if bframes else 1) * FRAME + 1  # where B-frames never came
    assert air.wire_pause() <= AFTER + 2 * TICK
    back = [packet for packet in air.out if packet.data == air.fed[fed].data]
    assert len([packet for packet in back if packet.kind == "video"]) == 200
    assert words(air) == [("on", "start"), ("off", None), ("on", "feed-lost"), ("off", None)]
    # Pictures and sounds of the feed are as far apart as they were.
    shifts = {out.dts_us - fed.dts_us for out, fed in zip(air.out[-60:], air.fed[-60:], strict=True)}
    assert max(shifts) - min(shifts) <= 10_667 + 1


def test_the_slate_begins_one_frame_after_the_highest_pts() -> None:
    air = Air(bframes=True)
    air.publish(4)
    highest = max(air.times("video"))
    air.silence(1)
    first = next(packet for packet in air.out if packet.data == b"p0" and packet.pts_us > highest)
    assert first.pts_us == highest + FRAME
    assert first.starts
    assert air.now - air.out[-1].dts_us <= FRAME  # it has caught up with the present


def test_the_slate_is_there_before_the_first_feed() -> None:
    air = Air()
    assert air.out[0].starts
    assert air.out[0].dts_us == 0
    air.silence(5)
    assert abs(len(air.slates()) - 5 * (25 + 46.9)) < 4


def test_somebody_hides_the_hall_while_the_feed_goes_on() -> None:
    air = Air()
    air.publish(4.2)
    air.take(air.splicer.hide(True, air.now))
    hidden_from = len(air.out)
    began = air.now
    air.publish(7)
    assert air.out[hidden_from:] == [p for p in air.slates() if p.dts_us >= air.out[hidden_from].dts_us]
    air.take(air.splicer.hide(False, air.now))
    air.publish(2.5)
    assert air.splicer.on_air is Source.FEED
    air.check()
    assert air.widest("video") <= FRAME + 1
    on, off = air.splicer.said[-2:]
    assert on[1] == {"state": "on", "why": "manual"}
    assert abs(on[0] - began) <= 2 * FRAME
    assert off[0] in [packet.pts_us for packet in air.fed if packet.starts]


def test_a_feed_that_is_lost_and_returns_stays_hidden() -> None:
    air = Air()
    air.publish(3)
    air.take(air.splicer.hide(True, air.now))
    air.silence(2)
    air.connect()
    before = len(air.out)
    air.publish(3)
    assert all(packet.data[:1] in (b"p", b"s") for packet in air.out[before:])
    air.check()


def test_a_restarted_hub_still_hides_the_hall_even_without_a_slate() -> None:
    air = Air(slate=False, hidden=True)
    air.publish(3)
    assert air.out == []
    air.load()
    assert air.splicer.on_air is Source.SLATE
    assert words(air) == [("on", "manual")]


def test_lifting_the_slate_while_the_feed_is_gone_says_why_it_stays() -> None:
    air = Air()
    air.publish(3)
    air.take(air.splicer.hide(True, air.now))
    air.silence(2)
    air.take(air.splicer.hide(False, air.now))
    assert words(air)[-2:] == [("on", "manual"), ("on", "feed-lost")]


def test_a_frozen_source_returns_with_what_is_of_now() -> None:
    air = Air()
    air.publish(4)
    air.silence(3)
    air.publish(3, burst=True)  # what it made while it was frozen, at once
    air.publish(3)
    air.check()
    assert air.splicer.on_air is Source.FEED
    assert abs(air.out[-1].dts_us - air.now) < 200_000  # not three seconds ahead of time
    assert air.widest("video") <= FRAME + 1


def test_a_source_whose_clock_stood_still_returns_all_the_same() -> None:
    air = Air()
    air.publish(4)
    for _ in range(3):
        air.silence(3)
        air.publish(6)  # goes on with the next frame: three seconds behind
        assert air.splicer.on_air is Source.FEED
        assert abs(air.out[-1].dts_us - air.now) < 200_000
    air.check()


def test_sound_that_comes_late_or_is_behind_joins_the_slates() -> None:
    air = Air()
    air.silence(2)
    air.publish(4, late_sound_us=1_000_000)
    air.check()
    assert air.widest("audio") <= 21_334 + 1
    assert air.out[-1].data[:1] != b"s"


def test_a_second_slate_takes_the_place_of_the_first() -> None:
    air = Air()
    air.silence(1)
    air.load()
    assert [packet.data for packet in air.out].count(b"p0") == 2
    air.silence(1)
    air.check()
    assert air.widest("video") == FRAME
    assert words(air) == [("on", "start")]


def test_after_a_long_silence_nobody_gets_minutes_of_slate_at_once() -> None:
    air = Air(slate=False)
    air.publish(2)
    air.silence(600)
    air.load()
    assert len(air.slates()) <= 3
    assert air.out[-1].dts_us >= air.now - FRAME


def test_a_hub_that_was_stopped_itself_does_not_flood_the_legs() -> None:
    air = Air()
    air.silence(1)
    air.now += 60_000_000
    before = len(air.out)
    air.step()
    assert len(air.out) - before <= 3
    assert air.out[-1].dts_us >= air.now - FRAME
    air.check()


def test_a_hub_that_overslept_gives_the_feed_its_chance() -> None:
    air = Air()
    air.publish(3)
    air.now += 2_000_000
    air.step()
    assert air.splicer.on_air is Source.FEED


def test_picture_frozen_while_sound_goes_on_is_a_lost_feed() -> None:
    air = Air()
    air.publish(3)
    for number in range(50):
        air.step()
        air.give(fake("audio", 3_000_000 + number * 20_000, key=True))
    assert air.splicer.on_air is Source.SLATE


def test_another_rate_of_pictures_follows_at_its_own_distance() -> None:
    air = Air(slate=False)
    air.take(air.splicer.load(loop(rate=50, shape=replace(FORMAT, fps=50.0)), 0))
    air.silence(1)
    last = max(air.times("video"))
    air.publish(0.04)
    assert (
        min(t for t in air.times("video") if t > last + 20_000)
        - max(p.pts_us for p in air.slates() if p.kind == "video")
        <= FRAME
    )


def test_ten_minutes_of_slate_leave_nothing_behind() -> None:
    splicer = Splicer(AFTER)
    splicer.load(loop(), 0)
    sent = sum(len(splicer.tick(second * 1_000_000)) for second in range(1, 601))
    assert sent == pytest.approx(600 * (25 + 46.875), abs=5)
    held = [getattr(splicer, name) for name in vars(splicer)]
    assert all(len(value) < 4 for value in held if isinstance(value, (list, dict)))


STEPS = st.one_of(
    st.tuples(st.just("publish"), st.floats(0.04, 4)),
    st.tuples(st.just("burst"), st.floats(0.04, 2)),
    st.tuples(st.just("silence"), st.floats(0.02, 4)),
    st.tuples(st.just("skip"), st.floats(0.04, 3)),
    st.tuples(st.just("connect"), st.floats(0, 4_000_000)),
    st.tuples(st.just("hide"), st.just(0.0)),
    st.tuples(st.just("show"), st.just(0.0)),
    st.tuples(st.just("load"), st.just(0.0)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, max_size=12), st.booleans(), st.sampled_from([0, 16_777_000_000, 95_443_000_000]))
def test_whatever_happens_time_goes_forward_and_no_hole_is_seen(
    steps: list[tuple[str, float]], bframes: bool, start_us: int
) -> None:
    air = Air(bframes=bframes, start_us=start_us)
    for what, amount in steps:
        match what:
            case "publish":
                air.publish(amount)
            case "burst":
                air.publish(amount, burst=True)
            case "silence":
                air.silence(amount)
            case "skip":
                air.skip(amount)
            case "connect":
                air.connect(int(amount) * 1000)
            case "hide" | "show":
                air.take(air.splicer.hide(what == "hide", air.now))
            case "load":
                air.load()
    air.silence(1)
    air.check()
    assert air.wire_pause() <= 1_000_000
    assert air.widest("video") <= AFTER + 2 * FRAME
    assert air.splicer.on_air is Source.SLATE
    assert air.now - air.out[-1].dts_us <= 2 * FRAME
