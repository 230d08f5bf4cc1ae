"""The small parts of a broadcast: memory, legs, watch."""

import stat
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from pipeline.clock import SYSTEM
from pipeline.live import destinations, start
from pipeline.live.legs import Legs
from pipeline.live.memory import ON_AIR, Memory, recall
from pipeline.live.start import Wishes
from pipeline.live.watch import Watch
from pipeline.model.load import LoadedStation
from pipeline.model.platform_live import LiveVideo
from pipeline.model.studio import StudioState

END = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
VIDEO = LiveVideo("77", "rtmps://ingest/rtmp", SecretStr("key-1"), "https://example.invalid/77")


class RecordingHub:
    """Notes what it is asked, as a hub would be."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []

    def ask(self, do: str, timeout_s: float = 5.0, **fields: object) -> dict[str, object]:
        self.asked.append((do, fields))
        return {}


def test_memory_is_private_and_survives(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    memory = Memory(path, END, phase=ON_AIR, why="command")
    memory.live["facebook"] = VIDEO
    memory.dropped.append("cable")
    memory.save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = recall(path, datetime(2020, 1, 1, tzinfo=UTC))
    assert (again.phase, again.why, again.planned_end) == (ON_AIR, "command", END)
    assert again.live["facebook"].key.get_secret_value() == "key-1"
    assert again.dropped == ["cable"]


def test_no_memory_is_a_fresh_one(tmp_path: Path) -> None:
    assert recall(tmp_path / "state.json", END).phase == "preparing"


def legs_of(station: LoadedStation, tmp_path: Path) -> tuple[Legs, Memory, RecordingHub]:
    plan = start.make_plan(station, "muzyka", Wishes(), SYSTEM)
    memory, hub = Memory(tmp_path / "state.json", END), RecordingHub()
    return Legs(plan, memory, hub), memory, hub  # type: ignore[arg-type]


def test_a_leg_waits_for_its_live_video(station: LoadedStation, tmp_path: Path) -> None:
    legs, memory, hub = legs_of(station, tmp_path)
    legs.settle({})
    assert [fields["leg"]["name"] for _do, fields in hub.asked] == ["cable"]  # type: ignore[index]
    memory.live["facebook"] = VIDEO
    legs.settle({"cable": {}})
    do, fields = hub.asked[-1]
    assert do == "leg_add"
    assert fields["leg"]["secret"] == "key-1"  # type: ignore[index]
    assert "key-1" not in fields["leg"]["url"]  # type: ignore[index]


def test_a_dropped_destination_leaves_and_stays_away(station: LoadedStation, tmp_path: Path) -> None:
    legs, memory, hub = legs_of(station, tmp_path)
    memory.live["facebook"] = VIDEO
    memory.dropped.append("cable")
    legs.settle({"cable": {}, "facebook": {}})
    assert hub.asked == [("leg_drop", {"name": "cable"})]


def test_a_hub_that_came_back_empty_gets_every_leg_again(station: LoadedStation, tmp_path: Path) -> None:
    legs, memory, hub = legs_of(station, tmp_path)
    memory.live["facebook"] = VIDEO
    legs.settle({})
    assert sorted(fields["leg"]["name"] for _do, fields in hub.asked) == ["cable", "facebook"]  # type: ignore[index]


def test_leg_of_a_pasted_key_keeps_address_and_key_apart(station: LoadedStation) -> None:
    from pipeline.model.config import FacebookDestination

    pasted = FacebookDestination(kind="facebook", stream_key=SecretStr("FB-1-secret"))
    spec = destinations.leg("facebook", pasted)
    assert spec.secret == "FB-1-secret"
    assert "secret" not in spec.url
    assert "FB-1-secret" not in repr(spec)


HEALTHY = StudioState("29.0.2", "main", True, False, 1, True, 1, 100, 0, 100, 0)


def codes(watch: Watch, now: float, hub: dict[str, dict[str, object]], studio: StudioState | None) -> set[str]:
    return {finding.code for finding in watch.look(now, hub, studio)}


def hub_at(size: int, **legs: str) -> dict[str, dict[str, object]]:
    rows: dict[str, object] = {name: {"state": state} for name, state in legs.items()}
    return {"feed": {"state": "on"}, "record": {"bytes": size}, "legs": rows}


def grown(studio: StudioState, size: int) -> StudioState:
    from dataclasses import replace

    return replace(studio, record_bytes=size)


def test_watch_is_silent_while_all_is_well(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    for second in range(20):
        assert codes(watch, second, hub_at(second, cable="up"), grown(HEALTHY, second)) == set()


def test_watch_names_what_stands_still(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    assert codes(watch, 0, hub_at(5), grown(HEALTHY, 1)) == set()
    assert codes(watch, 4, hub_at(5), grown(HEALTHY, 4)) == set()
    assert codes(watch, 6, hub_at(5), grown(HEALTHY, 6)) == {"watch.recording-stalled"}
    assert codes(watch, 7, hub_at(6), grown(HEALTHY, 7)) == set()


def test_watch_says_why_the_hub_sent_obs_away(tmp_path: Path) -> None:
    hub = hub_at(1)
    hub["feed"]["refusal"] = {"code": "hub.foreign-codec", "fields": {"codec": "hevc"}, "ago_ms": 3}
    found = [finding for finding in Watch(tmp_path).look(0, hub, HEALTHY) if finding.key == "refusal"]
    assert [(one.code, one.about) for one in found] == [("hub.foreign-codec", {"codec": "hevc"})]


def test_watch_names_lost_feed_leg_and_studio(tmp_path: Path) -> None:
    hub = hub_at(1, cable="down", facebook="up")
    hub["feed"]["state"] = "lost"
    found = list(Watch(tmp_path).look(0, hub, None))
    assert {finding.code for finding in found} == {"watch.feed-lost", "watch.leg-down", "watch.studio-lost"}
    assert [finding.about["destination"] for finding in found if finding.code == "watch.leg-down"] == ["cable"]
