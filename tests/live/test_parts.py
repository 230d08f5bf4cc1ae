"""The small parts of a broadcast: memory, legs."""

import stat
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from pipeline.clock import SYSTEM
from pipeline.live import destinations, start
from pipeline.live.legs import Legs
from pipeline.live.memory import ON_AIR, Memory, recall
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation
from pipeline.model.platform_live import LiveVideo

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
