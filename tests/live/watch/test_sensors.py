"""Each sensor on what it would see: the fault is named, and health is silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Load, PageNews, Programme, Seen
from pipeline.live.watch.watch import Watch
from pipeline.model.presets import Scene
from pipeline.model.studio import StudioState

BEGUN = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
GB = 1024**3
STUDIO = StudioState("29.0.2", "main", True, False, 1, True, 1, 100, 0, 100, 0, 0)
SCENES = {
    "card": Scene(kind="card", card="break", label="Przerwa"),
    "main": Scene(kind="main", label="Kamera główna"),
    "slides": Scene(kind="slides", label="Slajdy"),
    "media": Scene(kind="media", label="Film"),
}


def hub(second: float, **legs: Mapping[str, object]) -> dict[str, dict[str, object]]:
    rows = {name: {"state": "up", **row} for name, row in legs.items()}
    return {"feed": {"state": "on", "fps": 25.0}, "record": {"bytes": int(second * 1000) + 1}, "legs": {**rows}}


def healthy(second: float) -> Seen:
    now = BEGUN + timedelta(seconds=600 + second)
    return Seen(
        now_s=second,
        utc=now,
        now=now,
        begun=BEGUN,
        planned_end=BEGUN + timedelta(hours=1),
        hub=hub(second, cable={"frames_sent": int(25 * second), "frames_dropped": 0}),
        studio=replace(
            STUDIO,
            record_bytes=int(second * 1000),
            render_frames=int(25 * second),
            output_frames=int(25 * second),
        ),
        scene=SCENES["main"],
        scene_s=100.0 + second,
        programme=Programme(second, lufs=-22.0, usual_lufs=-23.0),
        load=Load(60.0, 4 * GB, 8 * GB),
        free=100 * GB - int(1_000_000 * second),
        pages={"facebook": {"status": "LIVE", "health": "video_framerate=25, video_bitrate=3000000"}},
        page_news={"facebook": PageNews()},
    )


def look(watch: Watch, second: float, **changes: Any) -> list[Finding]:
    return list(watch.look(replace(healthy(second), **changes)))


def after(seconds: int, make: Any) -> dict[str, Finding]:
    """What stands after so many seconds at which `make(second)` gave the changes."""
    watch, found = Watch(), list[Finding]()
    for second in range(seconds + 1):
        found = look(watch, second, **make(second))
    return {finding.code: finding for finding in found}


def test_health_is_silent() -> None:
    assert after(120, lambda second: {}) == {}


@pytest.mark.parametrize("kind", ["card", "slides"])
def test_stills_that_are_meant_are_no_fault(kind: str) -> None:
    quiet = {"scene": SCENES[kind], "still_s": 300.0}
    assert after(9, lambda second: quiet) == {}


def test_nothing_need_be_heard_behind_a_card_but_elsewhere_it_must() -> None:
    def silent(kind: str) -> dict[str, Finding]:
        return after(2, lambda second: {"scene": SCENES[kind], "programme": Programme(second, silent_s=30.0)})

    assert silent("card") == {}
    assert silent("main")["watch.sound-silent"].about == {"seconds": 30}
    assert "watch.sound-silent" in silent("slides")


def test_a_new_scene_begins_anew() -> None:
    old = {"still_s": 60.0, "scene_s": 3.0}
    assert after(2, lambda second: {**old, "programme": Programme(second, black_s=60.0, silent_s=60.0)}) == {}


@pytest.mark.parametrize(
    ("kind", "still_s", "named"),
    [("main", 5.0, False), ("main", 6.0, True), ("media", 15.0, False), ("media", 21.0, True)],
)
def test_a_frozen_camera_is_named_sooner_than_a_film(kind: str, still_s: float, named: bool) -> None:
    found = after(1, lambda second: {"scene": SCENES[kind], "still_s": still_s})
    assert ("watch.picture-still" in found) is named


def test_black_clipping_and_a_wandering_level() -> None:
    def heard(**figures: Any) -> set[str]:
        return set(after(1, lambda second: {"programme": Programme(second, **figures)}))

    assert heard(black_s=4.0) == {"watch.picture-black"}
    assert heard(clipped=0.5) == {"watch.sound-clipped"}
    assert heard(lufs=-35.0, usual_lufs=-23.0) == {"watch.sound-drifted"}
    assert heard(lufs=-45.0) == {"watch.sound-quiet"}
    assert heard(lufs=-29.0, usual_lufs=-23.0) == set()


def test_what_was_not_heard_just_now_says_nothing() -> None:
    assert after(20, lambda second: {"programme": Programme(0.0, black_s=60.0, silent_s=60.0)}) == {}


def test_what_stands_still_is_named() -> None:
    feed = after(6, lambda second: {"hub": hub(3)})
    assert feed["watch.recording-stalled"].about == {"recording": "feed"}
    assert after(4, lambda second: {"hub": hub(3)}) == {}
    studio = after(6, lambda second: {"studio": replace(STUDIO, render_frames=second)})
    assert studio["watch.recording-stalled"].about == {"recording": "obs"}
    assert "watch.studio-not-recording" in after(1, lambda second: {"studio": replace(STUDIO, recording=False)})


def test_the_hub_says_why_it_sent_obs_away() -> None:
    def refused(second: int) -> dict[str, object]:
        state = hub(second)
        state["feed"]["refusal"] = {"code": "hub.foreign-codec", "fields": {"codec": "hevc"}, "ago_ms": 3}
        return {"hub": state}

    assert after(1, refused)["hub.foreign-codec"].about == {"codec": "hevc"}


def test_a_lost_feed_and_a_lost_studio_are_named_and_no_more() -> None:
    def lost(second: int) -> dict[str, object]:
        state = hub(1)
        state["feed"]["state"] = "lost"
        return {"hub": state, "studio": None, "programme": None}

    assert set(after(9, lost)) == {"watch.feed-lost", "watch.studio-lost"}
    assert set(after(9, lambda second: {"hub_silent_s": 4.0})) == {"watch.hub-silent"}


def test_a_leg_that_is_down_drops_or_is_lowered() -> None:
    def legs(second: int) -> dict[str, object]:
        rows = {
            "a": {"state": "down", "error": "leg.refused"},
            "b": {"frames_sent": 20 * second, "frames_dropped": 5 * second},
            "c": {"frames_sent": 25 * second, "frames_dropped": 7, "lowered_kbps": 800},
        }
        return {"hub": hub(second, **rows)}

    found = after(8, legs)
    assert found["watch.leg-down"].about == {"destination": "a", "error": "leg.refused"}
    assert found["watch.leg-dropping"].about == {"destination": "b", "frames": 25, "seconds": 5}
    assert found["watch.leg-lowered"].about == {"destination": "c", "kbps": 800}


def test_frames_that_obs_loses_are_told_by_kind_and_share() -> None:
    def losing(second: int) -> dict[str, object]:
        frames = {"render_frames": 25 * second, "output_frames": 25 * second, "record_bytes": second}
        return {"studio": replace(STUDIO, **frames, render_skipped=second, output_skipped=5 * second)}

    found = after(8, losing)
    assert (found["watch.frames-lost"].level, found["watch.frames-lost"].about["percent"]) == ("warning", 4)
    assert found["watch.frames-not-encoded"].level == "alarm"


def test_a_studio_that_began_anew_has_lost_nothing_yet() -> None:
    def restarted(second: int) -> dict[str, object]:
        counted = {"render_frames": 25 * second, "output_frames": 25 * second, "record_bytes": second}
        if second < 5:
            counted |= {"render_frames": 90_000 + 25 * second, "render_skipped": 4000}
        return {"studio": replace(STUDIO, **counted)}

    assert after(6, restarted) == {}


def test_sound_that_obs_holds_back_names_its_source() -> None:
    late = replace(STUDIO, audio_buffering_ms=960, audio_buffering_source="Mikser")
    found = after(1, lambda second: {"studio": late})
    assert found["watch.sound-late"].about == {"ms": 960, "source": "Mikser"}


def test_the_disk_is_told_by_the_time_that_is_left() -> None:
    def filling(free: int, a_second: int) -> dict[str, Finding]:
        return after(40, lambda second: {"free": free - a_second * second})

    assert filling(100 * GB, 1_000_000) == {}
    assert filling(10 * GB, 20_000_000)["watch.disk-soon"].about["minutes"] == 8
    short = filling(10 * GB, 4_000_000)["watch.disk-short"]
    assert (short.level, short.about["needed"]) == ("warning", 49)
    assert set(filling(GB - 1, 0)) == {"watch.disk"}


def test_processor_and_memory() -> None:
    assert set(after(1, lambda second: {"load": Load(99.0, 100 * 1024**2, 8 * GB)})) == {
        "watch.processor",
        "watch.memory",
    }


@pytest.mark.parametrize(("left_s", "level"), [(1801, None), (1800, "warning"), (300, "alarm")])
def test_the_platforms_longest_length(left_s: int, level: str | None) -> None:
    found = after(1, lambda second: {"pages": {"facebook": {"status": "LIVE", "seconds_left": left_s}}})
    assert (found["watch.platform-limit"].level if found else None) == level


def test_without_the_platforms_word_eight_hours_count_from_the_beginning() -> None:
    late = BEGUN + timedelta(hours=7, minutes=45)
    changes = {"now": late, "planned_end": late + timedelta(hours=1), "pages": {"fb": {"status": "LIVE"}}}
    assert after(0, lambda second: changes)["watch.platform-limit"].about == {"destination": "fb", "minutes": 15}


def test_what_the_platform_says_of_the_stream() -> None:
    def page(**row: object) -> dict[str, Finding]:
        return after(1, lambda second: {"pages": {"facebook": {"status": "LIVE", **row}}})

    assert set(page(health="video_framerate=12, video_bitrate=3000000")) == {"watch.platform-health"}
    assert set(page(status="LIVE_STOPPED")) == {"watch.platform-ended"}
    failed = page(error="facebook.token-dead", fields={"subcode": 463})["facebook.token-dead"]
    assert failed.told
    assert failed.about == {"destination": "facebook", "subcode": 463}
    news = {"facebook": PageNews(("COPYRIGHT__LIVE_COPYRIGHT_VIOLATION",), BEGUN + timedelta(hours=20))}
    found = after(1, lambda second: {"page_news": news})
    assert set(found) == {"watch.platform-trouble", "watch.token-ends"}
    assert found["watch.token-ends"].level == "warning"


def test_the_end_is_told_before_and_after() -> None:
    def at(minute: float) -> dict[str, Finding]:
        return after(0, lambda second: {"now": BEGUN + timedelta(minutes=minute)})

    assert at(54.9) == {}
    assert at(55)["watch.end-near"].about == {"minutes": 5}
    assert at(62)["watch.end-passed"].about == {"minutes": 2}


def test_a_jump_of_the_clock_is_told_for_a_minute_and_a_slow_correction_is_not() -> None:
    def moved(second: int) -> dict[str, object]:
        return {"utc": BEGUN + timedelta(seconds=second - (3600 if second >= 5 else 0))}

    assert after(6, moved)["watch.clock-jumped"].about == {"seconds": "-3600"}
    assert after(70, moved) == {}
    assert after(60, lambda second: {"utc": BEGUN + timedelta(seconds=1.5 * second)}) == {}
