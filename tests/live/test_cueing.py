"""The run sheet on air: cues come by themselves; a hand is respected, a kill or an absence caught up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import Refused, Temporary
from pipeline.live import start
from pipeline.live.broadcast import Broadcast
from pipeline.live.desk import Desk
from pipeline.live.gear import Gear
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation
from pipeline.model.presets import Cue
from tests.live.test_broadcast import HubInMemory, SteppedClock, StrictStudio, gear_for, said

CUES = (
    Cue(after="1m", scene="main"),
    Cue(after="2m", scene="break"),
    Cue(after="3m", scene="main"),
    Cue(before_end="1m", scene="closing"),
    Cue(before_end="10s", scene="stop"),
)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def studio() -> StrictStudio:
    return StrictStudio()


@pytest.fixture
def gear(station: LoadedStation, clock: SteppedClock, studio: StrictStudio) -> Gear:
    plan = start.make_plan(station, "muzyka", Wishes(length=timedelta(minutes=10)), clock)
    plan = replace(plan, klass=plan.klass.model_copy(update={"run_sheet": CUES}))
    return gear_for(station, clock, studio, HubInMemory(clock), plan)


@pytest.fixture
def broadcast(gear: Gear) -> Broadcast:
    return Broadcast(gear)


@pytest.fixture
def desk(broadcast: Broadcast) -> Desk:
    return Desk(broadcast, lambda: ({}, {}))


def shows(studio: StrictStudio) -> list[str]:
    return [call.removeprefix("show ") for call in studio.calls if call.startswith("show ")]


def scenes(gear: Gear) -> list[tuple[object, object]]:
    return [(line["name"], line.get("why")) for line in said(gear, "scene")]


def test_a_whole_sheet_runs_by_itself_to_its_end(gear: Gear, broadcast: Broadcast, studio: StrictStudio) -> None:
    broadcast.run()
    assert shows(studio)[:5] == ["opening", "main", "break", "main", "closing"]
    assert [line["why"] for line in said(gear, "end")] == ["planned"]
    assert gear.clock.monotonic_us() < 600e6


def test_a_hand_in_the_studio_is_told_and_the_next_cue_still_comes(
    gear: Gear, broadcast: Broadcast, desk: Desk, clock: SteppedClock, studio: StrictStudio
) -> None:
    told: list[object] = []
    clock.at(70, lambda: setattr(studio, "scene", "teacher"))
    clock.at(75, lambda: told.append(desk.sheet({})))
    clock.at(125, lambda: told.append(desk.sheet({})))
    clock.at(130, lambda: broadcast.stop("command"))
    broadcast.run()
    hand, after = told
    assert isinstance(hand, dict)
    assert (hand["by_hand"], hand["scene"], hand["next"]["scene"]) == ("teacher", "main", "break")
    assert isinstance(after, dict)
    assert (after["by_hand"], after["scene"]) == (None, "break")
    assert ("teacher", "by-hand") in scenes(gear)
    assert shows(studio)[-2:] == ["break", "closing"]


def test_a_held_sheet_waits_and_all_that_follows_moves(
    broadcast: Broadcast, desk: Desk, clock: SteppedClock, studio: StrictStudio
) -> None:
    told: list[dict[str, object]] = []
    clock.at(100, lambda: desk.hold({}))
    clock.at(190, lambda: told.append({"scene": studio.scene, **desk.sheet({})}))
    clock.at(200, lambda: desk.hold({"on": False}))
    clock.at(215, lambda: told.append({"scene": studio.scene}))
    clock.at(225, lambda: told.append({"scene": studio.scene, **desk.sheet({})}))
    clock.at(230, lambda: broadcast.stop("command"))
    broadcast.run()
    assert told[0]["held"] is True
    assert told[1]["scene"] == "main"
    assert told[2]["scene"] == "break"
    assert told[2]["shift_s"] == pytest.approx(100, abs=1)


def test_next_comes_at_once_and_the_rest_keeps_its_time(
    broadcast: Broadcast, desk: Desk, clock: SteppedClock
) -> None:
    told: list[dict[str, object]] = []
    clock.at(10, lambda: told.append(desk.next({})))
    clock.at(20, lambda: broadcast.stop("command"))
    broadcast.run()
    assert told[0]["scene"] == "main"
    coming = told[0]["next"]
    assert isinstance(coming, dict)
    assert (coming["scene"], coming["at_s"]) == ("break", 120)


def test_next_never_ends_a_broadcast(broadcast: Broadcast, desk: Desk, clock: SteppedClock) -> None:
    refused: list[str] = []

    def impatient() -> None:
        for _ in range(5):
            try:
                desk.next({})
            except Refused as error:
                refused.append(error.code)

    clock.at(10, impatient)
    clock.at(20, lambda: broadcast.stop("command"))
    broadcast.run()
    assert refused == ["live.next-is-stop"]


def test_extend_moves_the_end_and_what_follows(broadcast: Broadcast, desk: Desk, clock: SteppedClock) -> None:
    told: list[dict[str, object]] = []
    clock.at(70, lambda: desk.extend({"minutes": 5}))
    clock.at(71, lambda: told.append(desk.sheet({})))
    clock.at(80, lambda: broadcast.stop("command"))
    broadcast.run()
    cues = told[0]["cues"]
    assert isinstance(cues, list)
    assert [round(row["at_s"]) for row in cues] == [60, 420, 480, 840, 890]


def test_after_an_absence_only_the_last_missed_scene_is_shown(
    station: LoadedStation, gear: Gear, broadcast: Broadcast, clock: SteppedClock, studio: StrictStudio
) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    clock.at(30, killed)
    with pytest.raises(KeyboardInterrupt):
        broadcast.run()
    clock.now_us = int(200e6)
    again = gear_for(station, clock, studio, gear.hub.client, gear.plan)  # type: ignore[arg-type]
    second = Broadcast(again)
    clock.at(210, lambda: second.stop("command"))
    second.run()
    assert shows(studio) == ["opening", "main", "closing"]
    assert said(again, "scene")[-2] == {"name": "main", "why": "run-sheet", "missed": 2}


def test_a_kill_shows_nothing_twice_and_keeps_hold_and_hand(
    station: LoadedStation, gear: Gear, broadcast: Broadcast, desk: Desk, clock: SteppedClock, studio: StrictStudio
) -> None:
    def killed() -> None:
        desk.hold({})
        raise KeyboardInterrupt

    clock.at(70, lambda: desk.scene({"name": "teacher"}))
    clock.at(90, killed)
    with pytest.raises(KeyboardInterrupt):
        broadcast.run()
    again = gear_for(station, clock, studio, gear.hub.client, gear.plan)  # type: ignore[arg-type]
    second, told = Broadcast(again), list[dict[str, object]]()
    clock.at(200, lambda: told.append(second.sheet.status()))
    clock.at(210, lambda: second.stop("command"))
    second.run()
    assert shows(studio) == ["opening", "main", "teacher", "closing"]
    assert (told[0]["held"], told[0]["by_hand"]) == (True, "teacher")


def test_a_studio_started_anew_gets_its_scene_back(
    gear: Gear, broadcast: Broadcast, clock: SteppedClock, studio: StrictStudio
) -> None:
    def crash() -> None:
        studio.dead, studio.streaming, studio.recording = True, False, False

    def back() -> None:
        studio.dead, studio.scene = False, "opening"

    clock.at(70, crash)
    clock.at(75, back)
    clock.at(90, lambda: broadcast.stop("command"))
    broadcast.run()
    assert shows(studio)[-2:] == ["main", "closing"]
    assert ("opening", "by-hand") not in scenes(gear)


def test_a_jump_of_the_wall_clock_moves_no_cue(
    broadcast: Broadcast, clock: SteppedClock, studio: StrictStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, told = clock.utc, list[object]()
    clock.at(30, lambda: monkeypatch.setattr(clock, "utc", lambda: true() + timedelta(hours=1)))
    clock.at(50, lambda: told.append((studio.scene, broadcast.overdue())))
    clock.at(65, lambda: told.append((studio.scene, broadcast.overdue())))
    clock.at(70, lambda: broadcast.stop("command"))
    broadcast.run()
    assert told == [("opening", False), ("main", False)]


def test_a_scene_that_cannot_be_shown_is_named_and_tried_again(
    gear: Gear, broadcast: Broadcast, clock: SteppedClock, studio: StrictStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    show, told = studio.show, list[object]()

    def refuses(scene: str) -> None:
        raise Temporary("obs.lost", request=scene)

    clock.at(55, lambda: monkeypatch.setattr(studio, "show", refuses))
    clock.at(70, lambda: told.append(broadcast.sheet.failed))
    clock.at(71, lambda: monkeypatch.setattr(studio, "show", show))
    clock.at(75, lambda: told.append((broadcast.sheet.failed, studio.scene)))
    clock.at(80, lambda: broadcast.stop("command"))
    broadcast.run()
    assert told == ["main", (None, "main")]


def test_without_a_sheet_the_desk_says_so(station: LoadedStation, clock: SteppedClock) -> None:
    plan = start.make_plan(station, "muzyka", Wishes(length=timedelta(minutes=1)), clock)
    bare = replace(plan, klass=plan.klass.model_copy(update={"run_sheet": ()}))
    desk = Desk(Broadcast(gear_for(station, clock, StrictStudio(), HubInMemory(clock), bare)), lambda: ({}, {}))
    for ask in (desk.next, desk.hold):
        with pytest.raises(Refused, match=r"live\.no-sheet"):
            ask({})
