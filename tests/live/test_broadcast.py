"""The phases of a broadcast against a strict studio and hub in memory, on a clock that is stepped."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.live import start
from pipeline.live.air import Air
from pipeline.live.broadcast import UNANSWERED, Broadcast
from pipeline.live.desk import Desk
from pipeline.live.gear import Gear, assemble
from pipeline.live.memory import ON_AIR
from pipeline.live.plan import BroadcastPlan
from pipeline.live.scenery import studio_plan
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation
from pipeline.model.studio import StudioFinding, StudioPlan, StudioState
from pipeline.store import journal


class SteppedClock:
    """Waiting lets its time pass; `at` calls something once a moment is reached."""

    def __init__(self) -> None:
        self.now_us = 0
        self.events: list[tuple[int, Callable[[], object]]] = []

    def utc(self) -> datetime:
        return datetime(2026, 11, 27, 16, 0, tzinfo=UTC) + timedelta(microseconds=self.now_us)

    def monotonic_us(self) -> int:
        return self.now_us

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.now_us += int(seconds * 1e6)
        for event in [one for one in self.events if one[0] <= self.now_us]:
            self.events.remove(event)
            event[1]()
        return stop.is_set()

    def at(self, seconds: float, act: Callable[[], object]) -> None:
        self.events.append((int(seconds * 1e6), act))


class StrictStudio:
    """Notes every call; refuses what a real one would."""

    launched = True
    findings: tuple[StudioFinding, ...] = (StudioFinding("obs.device-missing", "alarm", {"source": "camera-main"}),)

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.dead = False
        self.streaming = self.recording = False
        self.scene, self.size = "", 0
        self.prepare_error: PipelineError | None = None

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.dead:
            raise Temporary("obs.lost", request=call)

    def prepare(self, plan: StudioPlan) -> None:
        self._note("prepare")
        if self.prepare_error:
            raise self.prepare_error
        if self.streaming or self.recording:
            raise Refused("obs.on-air")

    def attach(self, plan: StudioPlan) -> None:
        self._note("attach")

    def start_stream(self) -> None:
        self._note("start_stream")
        self.streaming = True

    def stop_stream(self) -> None:
        self._note("stop_stream")
        self.streaming = False

    def start_record(self, folder: Path) -> Path:
        self._note("start_record")
        self.recording = True
        return folder / "obs.mkv"

    def stop_record(self) -> Path:
        self._note("stop_record")
        if not self.recording:
            raise Fatal("obs.not-recording")
        self.recording = False
        return Path("obs.mkv")

    def show(self, scene: str) -> None:
        self._note(f"show {scene}")
        self.scene = scene

    def state(self) -> StudioState:
        if self.dead:
            raise Temporary("obs.lost", request="GetStats")
        self.size += 1
        return StudioState(
            "29.0.2", self.scene, self.streaming, False, self.size, self.recording, self.size, 0, 0, 0, 0
        )

    def thumbnail(self) -> bytes:
        return b"picture"

    def virtual_camera(self, on: bool) -> None:
        self._note(f"virtual_camera {on}")

    def close(self) -> None:
        self.calls.append("close")


class HubInMemory:
    """Answers as a hub does; gone after `finish`."""

    def __init__(self, clock: SteppedClock) -> None:
        self.clock, self.legs = clock, dict[str, dict[str, object]]()
        self.finished = False
        self.size = 0

    def ask(self, do: str, timeout_s: float = 5.0, **fields: object) -> dict[str, object]:
        if self.finished:
            raise Temporary("control.not-running")
        if do == "leg_add":
            leg = fields["leg"]
            assert isinstance(leg, dict)
            self.legs[str(leg["name"])] = {"state": "up"}
        elif do == "leg_drop":
            del self.legs[str(fields["name"])]
        elif do == "finish":
            self.finished = True
        self.size += 1
        return {
            "hub_us": self.clock.now_us,
            "feed": {"state": "on"},
            "record": {"bytes": self.size},
            "legs": dict(self.legs),
        }


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def gear(station: LoadedStation, clock: SteppedClock, tmp_path: Path) -> Gear:
    return gear_for(station, clock, StrictStudio(), HubInMemory(clock))


def gear_for(
    station: LoadedStation,
    clock: SteppedClock,
    studio: StrictStudio,
    hub: HubInMemory,
    plan: BroadcastPlan | None = None,
) -> Gear:
    plan = plan or start.make_plan(station, "muzyka", Wishes(length=timedelta(minutes=1)), clock)
    air = Air(plan.folder)
    air.make()
    made = assemble(air, plan, studio_plan(plan, {}), studio, {}, clock)
    made.hub.client = hub  # type: ignore[assignment]
    made.legs._hub = hub  # type: ignore[assignment]
    return made


def said(gear: Gear, what: str) -> list[dict[str, object]]:
    return [dict(line.fields) for line in journal.read(gear.air.journal) if line.what == what]


def test_on_air_and_off_in_order(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    clock.at(5, lambda: broadcast.stop("command"))
    broadcast.run()
    assert gear.studio.calls == [  # type: ignore[attr-defined]
        "prepare",
        "show opening",
        "start_stream",
        "start_record",
        "show closing",
        "stop_stream",
        "stop_record",
        "close",
    ]
    assert gear.hub.client.finished  # type: ignore[attr-defined]
    assert [line["why"] for line in said(gear, "end")] == ["command"]
    assert len(said(gear, "closed")) == 1
    found = {"code": "obs.device-missing", "level": "alarm", "about": {"source": "camera-main"}}
    assert found in said(gear, "finding")


def test_an_end_that_is_to_be_at_once_shows_no_card(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    clock.at(5, lambda: broadcast.stop("command", now=True))
    broadcast.run()
    assert "show closing" not in gear.studio.calls  # type: ignore[attr-defined]
    assert "stop_record" in gear.studio.calls  # type: ignore[attr-defined]


def test_a_studio_that_refuses_ends_everything_and_says_why(gear: Gear) -> None:
    gear.studio.prepare_error = Refused("obs.wrong-password")  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"obs\.wrong-password"):
        Broadcast(gear).run()
    assert gear.hub.client.finished  # type: ignore[attr-defined]
    assert "obs.wrong-password" in [line["code"] for line in said(gear, "finding")]
    assert not said(gear, "closed")


def test_killed_on_air_it_takes_over_without_touching_anything(
    station: LoadedStation, gear: Gear, clock: SteppedClock
) -> None:
    studio, hub = gear.studio, gear.hub.client
    first = Broadcast(gear)

    def killed() -> None:
        raise KeyboardInterrupt  # nothing of the first run comes after this, as with kill -9

    clock.at(3, killed)
    with pytest.raises(KeyboardInterrupt):
        first.run()
    assert gear.memory.phase == ON_AIR
    before = len(studio.calls)  # type: ignore[attr-defined]
    again = gear_for(station, clock, studio, hub, gear.plan)  # type: ignore[arg-type]
    second = Broadcast(again)
    clock.at(6, lambda: second.stop("command"))
    second.run()
    ended = ["attach", "show closing", "stop_stream", "stop_record", "close"]
    assert studio.calls[before:] == ended  # type: ignore[attr-defined]
    assert len(said(again, "closed")) == 1


def test_killed_while_it_ends_it_stops_what_is_left(
    station: LoadedStation, gear: Gear, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, hub = gear.studio, gear.hub.client
    first = Broadcast(gear)
    clock.at(3, lambda: first.stop("command"))

    def killed(_gear: Gear) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("pipeline.live.closing.close", killed)
        with pytest.raises(KeyboardInterrupt):
            first.run()
    before = len(studio.calls)  # type: ignore[attr-defined]
    again = gear_for(station, clock, studio, hub, gear.plan)  # type: ignore[arg-type]
    Broadcast(again).run()
    ended = ["attach", "show closing", "stop_stream", "stop_record", "close"]
    assert studio.calls[before:] == ended  # type: ignore[attr-defined]
    assert [line["why"] for line in said(again, "end")] == ["command"]
    assert len(said(again, "closed")) == 1


def test_without_a_virtual_camera_the_class_is_still_recorded(station: LoadedStation, clock: SteppedClock) -> None:
    studio = StrictStudio()
    gear = gear_for(station, clock, studio, HubInMemory(clock))

    def none(_on: bool) -> None:
        raise Refused("obs.no-virtual-camera")

    studio.virtual_camera = none  # type: ignore[method-assign]
    gear = replace(gear, studio_plan=replace(studio_plan(gear.plan, {}), virtual_camera=True))
    broadcast = Broadcast(gear)
    clock.at(5, lambda: broadcast.stop("command"))
    broadcast.run()
    assert "start_record" in studio.calls
    assert "obs.no-virtual-camera" in [line["code"] for line in said(gear, "finding")]
    assert len(said(gear, "closed")) == 1


def test_past_the_planned_end_it_asks_then_closes_by_itself(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    asked: list[bool] = []
    clock.at(30, lambda: asked.append(broadcast.overdue()))
    clock.at(90, lambda: asked.append(broadcast.overdue()))
    broadcast.run()
    assert asked == [False, True]
    assert clock.now_us / 1e6 == pytest.approx(60 + UNANSWERED.total_seconds(), abs=10)
    assert said(gear, "end")[0]["why"] == "planned"
    assert "show closing" in gear.studio.calls  # type: ignore[attr-defined]


def test_the_run_sheet_brings_its_scenes_once(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    desk = Desk(broadcast, lambda: ({}, {}))
    shown: list[object] = []
    clock.at(50, lambda: shown.append(desk.status({})["scene"]))
    clock.at(62, lambda: shown.append(desk.status({})["scene"]))
    clock.at(70, lambda: desk.scene({"name": "break"}))
    clock.at(80, lambda: shown.append(desk.status({})["scene"]))
    clock.at(90, lambda: broadcast.stop("command"))
    broadcast.run()
    assert shown == ["opening", "main", "break"]


def test_an_extended_end_is_kept(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    desk = Desk(broadcast, lambda: ({}, {}))
    clock.at(30, lambda: desk.extend({"minutes": 10}))
    clock.at(300, lambda: broadcast.stop("command"))
    broadcast.run()
    assert not broadcast.overdue()
    with pytest.raises(Refused):
        desk.extend({"minutes": -5})


def test_a_dead_studio_is_an_alarm_once_and_is_healed(gear: Gear, clock: SteppedClock) -> None:
    studio = gear.studio
    broadcast = Broadcast(gear)

    def die() -> None:
        studio.dead, studio.streaming, studio.recording = True, False, False  # type: ignore[attr-defined]

    clock.at(3, die)
    clock.at(10, lambda: setattr(studio, "dead", False))
    clock.at(20, lambda: broadcast.stop("command"))
    broadcast.run()
    found = [(line["code"], line["level"]) for line in said(gear, "finding")]
    assert found.count(("watch.studio-lost", "alarm")) == 1
    assert found.count(("watch.studio-lost", "over")) == 1
    calls = studio.calls  # type: ignore[attr-defined]
    assert calls.count("start_stream") == 2
    assert calls.count("start_record") == 2
    assert calls.count("prepare") == 2, "one that sends nothing may be new: its scenes are checked"


def test_legs_are_there_before_the_first_keyframe(gear: Gear, clock: SteppedClock) -> None:
    studio, seen = gear.studio, list[list[str]]()
    start_stream = studio.start_stream

    def looked() -> None:
        seen.append(sorted(gear.hub.client.legs))  # type: ignore[attr-defined]
        start_stream()

    studio.start_stream = looked  # type: ignore[method-assign]
    broadcast = Broadcast(gear)
    clock.at(2, lambda: broadcast.stop("command"))
    broadcast.run()
    assert seen
    assert "cable" in seen[0]


def test_a_studio_that_cannot_record_stays_on_air_and_is_tried_again(gear: Gear, clock: SteppedClock) -> None:
    studio, tries = gear.studio, list[str]()
    start_record = studio.start_record

    def torn(folder: Path) -> Path:
        tries.append(gear.memory.phase)
        if len(tries) < 3:
            raise Temporary("obs.record-not-started")
        return start_record(folder)

    studio.start_record = torn  # type: ignore[method-assign]
    broadcast = Broadcast(gear)
    clock.at(20, lambda: broadcast.stop("command"))
    broadcast.run()
    assert tries == [ON_AIR] * 3
    assert "obs.record-not-started" in [line["code"] for line in said(gear, "finding")]
    assert [line["state"] for line in said(gear, "obs")] == ["launched", "streaming", "recording", "stopped"]


def test_the_desk_answers_and_refuses(gear: Gear, clock: SteppedClock) -> None:
    broadcast = Broadcast(gear)
    desk = Desk(broadcast, lambda: (gear.plan.settings.destinations, gear.plan.cable)).handlers()

    def ask() -> None:
        assert desk["scene"]({"name": "main"}) == {"scene": "main"}
        assert desk["scene"]({"name": "kamera główna"}) == {"scene": "main"}
        with pytest.raises(Refused, match=r"live\.unknown-scene"):
            desk["scene"]({"name": "nowhere"})
        with pytest.raises(Refused, match=r"live\.empty-marker"):
            desk["marker"]({"text": "  "})
        assert desk["marker"]({"text": "Chopin"})["hub_us"] is not None
        assert desk["leg"]({"do_what": "drop", "name": "cable"})["wanted"] == ["facebook"]
        with pytest.raises(Refused, match=r"live\.unknown-destination"):
            desk["leg"]({"do_what": "add", "name": "telewizja"})
        assert desk["leg"]({"do_what": "add", "name": "cable"})["wanted"] == ["facebook", "cable"]
        status = desk["status"]({})
        assert (status["phase"], status["scene"]) == ("on-air", "main")
        desk["stop"]({})

    clock.at(2, ask)
    broadcast.run()
    assert [line["text"] for line in said(gear, "marker")] == ["Chopin"]
    assert [line["name"] for line in said(gear, "scene")] == ["opening", "main", "main", "closing"]
