"""The guard with real processes: restarts what dies, leaves what ended cleanly, adopts an earlier guard's."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline import platform
from pipeline.hub.guard import guard
from pipeline.store.journal import Journal, read
from tests.support.far_end import wait_for

# Writes its pid, then waits for a file that says with which status it shall end.
CHILD = """
import os, pathlib, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
(folder / f"{name}.{os.getpid()}.pid").touch()
end = time.monotonic() + 30
while not (folder / f"{name}.end").exists() and time.monotonic() < end:
    time.sleep(0.02)
sys.exit(int((folder / f"{name}.end").read_text() or 0))
"""


class House:
    """A guard in a thread and its two children."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / "journal.jsonl"
        self._stops: list[tuple[threading.Event, threading.Thread]] = []
        self.codes: list[int] = []
        argv = {name: [sys.executable, "-c", CHILD, str(folder), name] for name in ("hub", "broadcast")}
        plan = {"journal": str(self.journal), "log_folder": str(folder / "logs"), "processes": argv}
        (folder / "guard.json").write_text(json.dumps(plan))

    def guard(self) -> threading.Event:
        stop = threading.Event()
        thread = threading.Thread(target=lambda: self.codes.append(guard(self.folder / "guard.json", stop)))
        thread.start()
        self._stops.append((stop, thread))
        return stop

    def join(self, within_s: float = 10) -> None:
        for _, thread in self._stops:
            thread.join(within_s)
            assert not thread.is_alive()

    def pids(self, name: str) -> set[int]:
        return {int(path.name.split(".")[1]) for path in self.folder.glob(f"{name}.*.pid")}

    def living(self, name: str) -> list[int]:
        return [pid for pid in self.pids(name) if platform.alive(pid)]

    def end(self, name: str, status: int = 0) -> None:
        (self.folder / "status").write_text(str(status))
        (self.folder / "status").rename(self.folder / f"{name}.end")

    def said(self, name: str) -> list[object]:
        return [line.fields["state"] for line in read(self.journal) if line.fields.get("name") == name]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    for stop, _ in house._stops:
        stop.set()
    house.join()
    for name in ("hub", "broadcast"):
        for pid in house.living(name):
            psutil.Process(pid).kill()


def test_a_killed_process_is_restarted_and_clean_ends_end_the_guard(house: House) -> None:
    house.guard()
    wait_for(lambda: house.living("hub") and house.living("broadcast"))
    [first] = house.living("hub")
    [untouched] = house.living("broadcast")
    psutil.Process(first).kill()
    wait_for(lambda: len(house.pids("hub")) == 2)
    assert house.living("broadcast") == [untouched]
    house.end("hub")
    house.end("broadcast")
    house.join()
    assert house.codes == [0]
    assert house.said("hub") == ["started", "died", "restarted"]
    assert house.said("broadcast") == ["started"]


def test_a_bad_exit_status_is_no_clean_end(house: House) -> None:
    house.end("broadcast", 1)
    house.guard()
    wait_for(lambda: house.said("broadcast").count("restarted") >= 2, 15)
    house.end("broadcast", 0)
    house.end("hub", 0)
    house.join()


def test_the_children_outlive_a_guard_and_the_next_adopts_them(house: House) -> None:
    stop = house.guard()
    wait_for(lambda: house.living("hub") and house.living("broadcast"))
    before = house.living("hub") + house.living("broadcast")
    stop.set()
    house.join()
    assert house.living("hub") + house.living("broadcast") == before
    house.guard()
    threading.Event().wait(0.5)
    assert house.living("hub") + house.living("broadcast") == before
    [adopted] = house.living("hub")
    psutil.Process(adopted).kill()
    psutil.Process(adopted).wait(5)
    wait_for(lambda: house.living("hub") not in ([], [adopted]))
    assert len(house.pids("hub")) == 2


def test_an_adopted_process_that_ended_cleanly_is_left_alone(house: House) -> None:
    stop = house.guard()
    wait_for(lambda: house.living("hub") and house.living("broadcast"))
    [hub] = house.living("hub")
    stop.set()
    house.join()
    house.guard()
    journal = Journal(house.journal, "hub")
    journal.append("process", name="hub", state="ended", pid=hub)
    journal.append("closed", who="broadcast")
    house.end("hub")
    house.end("broadcast")
    house.join()
    assert len(house.pids("hub")) == len(house.pids("broadcast")) == 1


def test_a_hub_is_not_restarted_once_the_broadcast_is_over(house: House) -> None:
    house.guard()
    wait_for(lambda: house.living("hub") and house.living("broadcast"))
    house.end("broadcast")
    wait_for(lambda: not house.living("broadcast"))
    threading.Event().wait(0.3)
    psutil.Process(house.living("hub")[0]).kill()
    house.join()
    assert len(house.pids("hub")) == 1


def test_two_guards_do_not_share_a_house(house: House) -> None:
    house.guard()
    wait_for(lambda: house.living("hub"))
    assert guard(house.folder / "guard.json", threading.Event()) == 2
