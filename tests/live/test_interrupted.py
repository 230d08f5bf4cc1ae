"""After a power cut: what is found, what is not mistaken for one, and going on."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.hub.spec import load
from pipeline.live import air as on_air
from pipeline.live import interrupted, start
from pipeline.live.air import Air
from pipeline.live.memory import ON_AIR, recall
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation
from pipeline.store.journal import Journal, read


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The guards that were asked for; none is started."""
    begun: list[list[str]] = []
    monkeypatch.setattr("pipeline.platform.spawn_detached", lambda argv, **_: begun.append(list(argv)) or 1)
    return begun


@pytest.fixture
def cut_off(station: LoadedStation, guards: list[list[str]]) -> Air:
    """A broadcast of an hour that was on air, of which nothing runs."""
    air = start.begin(station, "muzyka", Wishes(title="Rytmika", length=timedelta(hours=1)), SYSTEM)
    guards.clear()
    memory = recall(air.state, SYSTEM.utc())
    memory.phase = ON_AIR
    memory.planned_end = SYSTEM.utc() - timedelta(minutes=3)
    memory.save()
    (air.masters / "feed.mkv.part").write_bytes(b"\x1aE\xdf\xa3" + bytes(1000))
    return air


def work(station: LoadedStation) -> Path:
    return station.settings.folders.work


def test_it_is_found_with_what_was_saved(station: LoadedStation, cut_off: Air) -> None:
    found = interrupted.find(work(station))
    assert found is not None
    assert (found.plan.title, found.air.folder) == ("Rytmika", cut_off.folder)
    [piece] = found.pieces()
    assert (piece.name, piece.size, piece.length_us) == ("feed.mkv", 1004, 0)


def test_what_runs_ended_or_never_began_is_none(station: LoadedStation, cut_off: Air) -> None:
    mark = {"port": 1, "token": "x", "pid": os.getpid(), "born": interrupted.platform.born(os.getpid())}
    cut_off.hub_control.write_text(json.dumps(mark), encoding="ascii")
    assert interrupted.find(work(station)) is None, "the hub lives"
    cut_off.hub_control.unlink()
    with interrupted.platform.FileLock(cut_off.private / "guard.lock"):
        assert interrupted.find(work(station)) is None, "the guard lives"
    assert interrupted.find(work(station)) is not None
    torn = cut_off.plan.read_text(encoding="utf-8")
    cut_off.plan.write_text(torn[:200], encoding="utf-8")
    assert interrupted.find(work(station)) is None, "nothing to go on with"
    cut_off.plan.write_text(torn, encoding="utf-8")
    Journal(cut_off.journal, "worker").append("closed")
    assert interrupted.find(work(station)) is None, "the after-work has it"


def test_a_beginning_that_recorded_nothing_stands_in_nobodys_way(station: LoadedStation, cut_off: Air) -> None:
    (cut_off.masters / "feed.mkv.part").unlink()
    assert interrupted.find(work(station)) is None


def test_going_on_starts_the_same_processes_in_the_same_folder(
    station: LoadedStation, cut_off: Air, guards: list[list[str]]
) -> None:
    key = load(cut_off.hub).key
    air = interrupted.resume(work(station), SYSTEM)
    assert air.folder == cut_off.folder
    assert guards == [[sys.executable, "-P", "-m", "pipeline.hub.guard", str(cut_off.guard)]]
    assert load(air.hub).key == key
    memory = recall(air.state, SYSTEM.utc())
    assert memory.phase == ON_AIR
    assert memory.planned_end > SYSTEM.utc() + timedelta(minutes=14), "an end that has passed would end it at once"
    assert [line.fields["state"] for line in read(air.journal) if line.what == "process"] == ["resumed"]
    lock = on_air.lock(work(station))
    assert lock.acquire(), "the broadcast's process needs it"
    lock.release()


def test_nothing_to_go_on_with_is_refused(station: LoadedStation) -> None:
    with pytest.raises(Refused, match=r"live\.nothing-to-resume"):
        interrupted.resume(work(station), SYSTEM)
