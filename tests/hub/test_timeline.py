"""Hub time: one offset for picture and sound, never backwards, gaps as long as they were, wraps unnoticed."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipeline.hub.packet import Packet
from pipeline.hub.timeline import FLV_WRAP_US, TS_WRAP_US, Retimer, Unwrap
from tests.support.packets import fake, fakes


def placed(retimer: Retimer, packets: list[Packet], now_us: int) -> list[Packet]:
    return [out for packet in packets if (out := retimer.place(packet, now_us)) is not None]


def never_backwards(packets: list[Packet]) -> bool:
    for kind in ("video", "audio"):
        times = [packet.dts_us for packet in packets if packet.kind == kind]
        if any(later <= earlier for earlier, later in itertools.pairwise(times)):
            return False
    return all(packet.pts_us >= packet.dts_us for packet in packets)


def test_the_first_keyframe_is_now_and_one_offset_holds_for_both() -> None:
    retimer = Retimer()
    out = placed(retimer, fakes(3, start_us=7_000_000), 1_000_000)
    assert [(p.kind, p.dts_us) for p in out[:4]] == [
        ("video", 1_000_000),
        ("audio", 1_010_000),
        ("video", 1_040_000),
        ("audio", 1_050_000),
    ]


def test_nothing_before_the_first_keyframe() -> None:
    retimer = Retimer()
    assert placed(retimer, [fake("audio", 0, key=True), fake("video", 0)], 5) == []
    assert len(placed(retimer, [fake("video", 40_000, key=True)], 5)) == 1


def test_a_reconnect_from_zero_goes_on_after_the_gap_that_there_was() -> None:
    retimer = Retimer()
    first = placed(retimer, fakes(50), 0)
    retimer.begin()
    second = placed(retimer, fakes(50), 10_000_000)
    assert second[0].dts_us == 10_000_000
    assert never_backwards(first + second)


def test_a_reconnect_that_comes_too_early_follows_what_was_sent() -> None:
    retimer = Retimer()
    first = placed(retimer, fakes(50), 0)  # two seconds of media, received in a burst
    retimer.begin()
    second = placed(retimer, fakes(50), 100_000)
    assert second[0].dts_us == max(packet.pts_us for packet in first) + 40_000
    assert never_backwards(first + second)


def test_b_frames_keep_their_distance() -> None:
    retimer = Retimer()
    out = placed(
        retimer, [fake("video", 0, key=True, ahead_us=80_000), fake("video", 40_000, ahead_us=120_000)], 500
    )
    assert [packet.pts_us - packet.dts_us for packet in out] == [80_000, 120_000]


def test_a_jump_inside_a_connection_waits_for_a_keyframe() -> None:
    retimer = Retimer()
    placed(retimer, fakes(10), 0)
    jumped = fakes(60, start_us=3_600_000_000)[2:]
    out = placed(retimer, jumped, 5_000_000)
    assert out[0].starts
    assert out[0].dts_us == 5_000_000


def test_a_long_event_passes_the_wrap_of_flv_unnoticed() -> None:
    retimer = Retimer()
    start = FLV_WRAP_US - 1_000_000
    wrapping = [
        p._replace(dts_us=p.dts_us % FLV_WRAP_US, pts_us=p.pts_us % FLV_WRAP_US) for p in fakes(100, start_us=start)
    ]
    out = placed(retimer, wrapping, 0)
    assert len(out) == len(wrapping)
    assert out[-1].dts_us - out[0].dts_us == 99 * 40_000 + 10_000


@given(st.integers(0, TS_WRAP_US - 1), st.lists(st.integers(-500_000, 5_000_000), max_size=50))
def test_unwrap_follows_any_start(start: int, steps: list[int]) -> None:
    unwrap, true = Unwrap(TS_WRAP_US), start
    assert unwrap(true) == start
    for step in steps:
        true += step
        assert unwrap(true % TS_WRAP_US) == true


@given(st.data())
def test_no_source_takes_hub_time_backwards(data: st.DataObject) -> None:
    retimer, now, out = Retimer(), 0, []
    for _ in range(data.draw(st.integers(1, 6))):
        if data.draw(st.booleans()):
            retimer.begin()
        now += data.draw(st.integers(0, 3_000_000))
        start = data.draw(st.integers(0, FLV_WRAP_US - 1))
        out += placed(retimer, fakes(data.draw(st.integers(1, 30)), start_us=start, gop=5), now)
    assert never_backwards(out)
