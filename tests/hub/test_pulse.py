"""A process that hangs is told from one that begins, ends, or is merely slow."""

import json
import os
import sys
import threading
from pathlib import Path

import psutil
import pytest

from pipeline import platform
from pipeline.hub import pulse
from pipeline.hub.control import ControlServer
from pipeline.hub.guard import guard
from pipeline.hub.pulse import Pulse
from pipeline.store.journal import read
from tests.support.far_end import wait_for


class Clock:
    """Only its monotonic time is asked for."""

    now_us = 0

    def monotonic_us(self) -> int:
        return self.now_us


ANSWERS = """
import pathlib, sys, threading
from pipeline.hub.control import ControlServer
folder = pathlib.Path(sys.argv[1])
def status(_):
    (folder / "asked").touch()
    return {}
ControlServer(folder / "control.json", {"status": status}, threading.Event()).start()
end = threading.Event()
while not (folder / "end").exists() and not end.wait(0.05):
    pass
"""


def test_who_answered_and_then_did_not_for_too_long_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control, clock = tmp_path / "control.json", Clock()
    one = Pulse(control, clock)  # type: ignore[arg-type]
    one.beat()
    clock.now_us = 10 * pulse.HUNG_US
    assert not one.hung(os.getpid()), "it never answered: it begins"
    server = ControlServer(control, {"status": lambda _: {}}, threading.Event())
    server.start()
    one.beat()
    clock.now_us += pulse.HUNG_US
    assert not one.hung(os.getpid())
    told = control.read_text(encoding="ascii")
    server.close()
    control.write_text(told, encoding="ascii")
    one.beat()
    clock.now_us += 1
    assert one.hung(os.getpid())
    assert not one.hung(os.getpid() + 1), "another life of it"
    control.unlink()
    one.beat()
    assert not one.hung(os.getpid()), "it took its control back: it ends"


def test_the_guard_ends_who_hangs_and_starts_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "HUNG_US", 1_500_000)
    monkeypatch.setattr(pulse, "EVERY_S", 0.1)
    monkeypatch.setattr(pulse, "ASK_S", 0.5)
    plan = {
        "journal": str(tmp_path / "journal.jsonl"),
        "log_folder": str(tmp_path / "logs"),
        "processes": {"hub": [sys.executable, "-c", ANSWERS, str(tmp_path)]},
        "controls": {"hub": str(tmp_path / "control.json")},
    }
    (tmp_path / "guard.json").write_text(json.dumps(plan), encoding="utf-8")
    stop = threading.Event()
    thread = threading.Thread(target=lambda: guard(tmp_path / "guard.json", stop))
    thread.start()

    def states() -> list[object]:
        return [line.fields["state"] for line in read(tmp_path / "journal.jsonl")]

    try:
        wait_for(lambda: (tmp_path / "asked").exists(), 30)
        first = int(json.loads((tmp_path / "control.json").read_text(encoding="ascii"))["pid"])
        threading.Event().wait(0.5)  # its answer has arrived
        platform.halt(first)
        wait_for(lambda: "restarted" in states(), 30)
        assert states()[:4] == ["started", "hung", "died", "restarted"]
        assert not platform.alive(first)
    finally:
        (tmp_path / "end").touch()
        thread.join(20)
        stop.set()
    assert not psutil.pid_exists(first) or not platform.alive(first)
