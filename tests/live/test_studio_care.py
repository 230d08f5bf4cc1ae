"""A studio that falls: each way to fall is told apart, and only what is missing is brought back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Temporary
from pipeline.live.broadcast import Broadcast
from pipeline.live.gear import Gear
from pipeline.model.load import LoadedStation
from pipeline.model.studio import StudioPlan
from tests.live.test_broadcast import HubInMemory, SteppedClock, StrictStudio, gear_for, said


class Falling(StrictStudio):
    """Can hang (ended only when `ours`), and has its scene back only when somebody shows it."""

    ours = True

    def __init__(self) -> None:
        super().__init__()
        self.opened_with = list[str]()

    def end_hung(self) -> bool:
        self.calls.append("end_hung")
        if self.ours:
            self.dead = self.streaming = self.recording = False
        return self.ours

    def attach(self, plan: StudioPlan) -> None:
        super().attach(plan)

    def prepare(self, plan: StudioPlan) -> None:
        super().prepare(plan)
        self.scene = plan.opening
        self.opened_with.append(plan.opening)


class FeedFollows(HubInMemory):
    """The feed comes exactly while the studio lives and streams."""

    studio: StrictStudio

    def ask(self, do: str, timeout_s: float = 5.0, **fields: object) -> dict[str, object]:
        answer = super().ask(do, timeout_s, **fields)
        on = self.studio.streaming and not self.studio.dead
        return {**answer, "feed": {"state": "on" if on else "lost"}}


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def made(station: LoadedStation, clock: SteppedClock) -> tuple[Gear, Falling]:
    studio, hub = Falling(), FeedFollows(clock)
    hub.studio = studio
    return gear_for(station, clock, studio, hub), studio


def on_air(gear: Gear, clock: SteppedClock, *events: tuple[float, Callable[[], object]]) -> None:
    broadcast = Broadcast(gear)
    for seconds, act in events:
        clock.at(seconds, act)
    clock.at(40, lambda: broadcast.stop("command"))
    broadcast.run()


def codes(gear: Gear) -> list[tuple[object, object]]:
    return [(line["code"], line["level"]) for line in said(gear, "finding")]


def test_a_studio_of_ours_that_hangs_is_ended_and_shows_the_scene_it_had(
    made: tuple[Gear, Falling], clock: SteppedClock
) -> None:
    gear, studio = made
    on_air(gear, clock, (3, lambda: studio.show("main")), (5, lambda: setattr(studio, "dead", True)))
    assert studio.calls.count("end_hung") == 1
    assert studio.opened_with[-1] == "main"
    assert (studio.calls.count("start_stream"), studio.calls.count("start_record")) == (2, 2)
    states = [line["state"] for line in said(gear, "obs")]
    assert states == ["launched", "streaming", "recording", "lost", "launched", "streaming", "recording", "stopped"]
    assert ("watch.studio-lost", "over") in codes(gear)


def test_somebody_elses_studio_that_hangs_is_asked_for_once_and_taken_when_it_is_back(
    made: tuple[Gear, Falling], clock: SteppedClock
) -> None:
    gear, studio = made
    studio.ours = False

    def back() -> None:
        studio.dead = studio.streaming = studio.recording = False

    on_air(gear, clock, (3, lambda: setattr(studio, "dead", True)), (25, back))
    assert codes(gear).count(("live.studio-gone", "alarm")) == 1
    assert codes(gear).count(("live.studio-gone", "over")) == 1
    assert (studio.calls.count("start_stream"), studio.calls.count("start_record")) == (2, 2)


def test_a_lost_websocket_alone_touches_nothing_on_air(
    made: tuple[Gear, Falling], clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    gear, studio = made
    state = studio.state

    def deaf() -> None:
        def lost() -> object:
            raise Temporary("obs.lost", request="GetStats")

        studio.state = lost  # type: ignore[method-assign,assignment]

    on_air(gear, clock, (3, deaf), (20, lambda: setattr(studio, "state", state)))
    acts = [call for call in studio.calls if call not in ("attach", "close")]
    begun = ["prepare", "show opening", "start_stream", "start_record"]
    assert acts == [*begun, "show closing", "stop_stream", "stop_record"]


def test_a_recording_that_stopped_begins_another_piece(made: tuple[Gear, Falling], clock: SteppedClock) -> None:
    gear, studio = made
    on_air(gear, clock, (5, lambda: setattr(studio, "recording", False)))
    pieces = [line for line in said(gear, "obs") if line["state"] == "recording"]
    assert [line["piece"] for line in pieces] == ["obs.mkv", "obs.mkv"]
    assert studio.calls.count("start_stream") == 1


def test_killed_between_ready_and_on_air_it_does_not_prepare_a_studio_that_streams(
    station: LoadedStation, made: tuple[Gear, Falling], clock: SteppedClock
) -> None:
    gear, studio = made
    start_record = studio.start_record

    def killed(_folder: Path) -> Path:
        raise KeyboardInterrupt

    studio.start_stream, start = lambda: setattr(studio, "streaming", True) or killed(Path()), studio.start_stream  # type: ignore
    with pytest.raises(KeyboardInterrupt):
        Broadcast(gear).run()
    assert gear.memory.phase == "preparing"
    studio.start_stream, studio.start_record = start, start_record  # type: ignore[method-assign]
    again = gear_for(station, clock, studio, gear.hub.client, gear.plan)  # type: ignore[arg-type]
    on_air(again, clock)
    assert studio.calls.count("prepare") == 1
    assert said(again, "closed")


def test_what_was_told_before_a_kill_is_not_told_again(
    station: LoadedStation, made: tuple[Gear, Falling], clock: SteppedClock
) -> None:
    gear, studio = made
    studio.ours = False

    def killed() -> None:
        raise KeyboardInterrupt

    clock.at(3, lambda: setattr(studio, "dead", True))
    clock.at(12, killed)
    with pytest.raises(KeyboardInterrupt):
        Broadcast(gear).run()
    told = codes(gear).count(("live.studio-gone", "alarm"))
    again = gear_for(station, clock, studio, gear.hub.client, gear.plan)  # type: ignore[arg-type]
    on_air(again, clock, (30, lambda: setattr(studio, "dead", False)))
    assert (told, codes(again).count(("live.studio-gone", "alarm"))) == (1, 1)
    assert codes(again).count(("watch.studio-lost", "alarm")) == 1
