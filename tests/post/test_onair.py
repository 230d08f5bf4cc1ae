"""When the after-work stands still: only for a broadcast that really runs."""

import json
import os
from pathlib import Path

from pipeline import platform
from pipeline.post import onair


def pointer(work: Path, folder: Path) -> None:
    work.mkdir(exist_ok=True)
    (work / "on-air.json").write_text(json.dumps({"folder": str(folder), "id": "abcd1234"}))


def control(folder: Path, name: str, pid: int, born: float) -> None:
    (folder / "air").mkdir(parents=True, exist_ok=True)
    (folder / "air" / name).write_text(json.dumps({"port": 1, "token": "x", "pid": pid, "born": born}))


def test_nothing_is_on_air(tmp_path: Path) -> None:
    assert not onair.broadcast_runs(tmp_path)
    pointer(tmp_path, tmp_path / "rec")
    assert not onair.broadcast_runs(tmp_path)


def test_hub_or_broadcast_is_enough(tmp_path: Path) -> None:
    born = platform.born(os.getpid())
    assert born is not None
    pointer(tmp_path, tmp_path / "rec")
    control(tmp_path / "rec", "control.json", 2**22 - 3, born)
    assert not onair.broadcast_runs(tmp_path)
    control(tmp_path / "rec", "hub-control.json", os.getpid(), born)
    assert onair.broadcast_runs(tmp_path)


def test_another_process_with_the_same_number_is_no_broadcast(tmp_path: Path) -> None:
    born = platform.born(os.getpid())
    assert born is not None
    pointer(tmp_path, tmp_path / "rec")
    control(tmp_path / "rec", "control.json", os.getpid(), born - 100)
    assert not onair.broadcast_runs(tmp_path)
