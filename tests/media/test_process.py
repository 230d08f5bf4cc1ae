"""Child processes: output, failure, time limit, stopping, pausing."""

import sys
import threading
import time

import psutil
import pytest

from pipeline.errors import Fatal
from pipeline.media import process


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_and_input_pass_through() -> None:
    assert process.run(python("print(input()[::-1])"), timeout_s=20, stdin=b"abc\n") == b"cba\n"


def test_failure_names_tool_and_last_lines() -> None:
    with pytest.raises(Fatal) as caught:
        process.run(python("import sys; sys.exit('first\\nlast')"), timeout_s=20)
    assert caught.value.code == "media.tool-failed"
    assert "last" in str(caught.value.fields["detail"])


def test_missing_tool() -> None:
    with pytest.raises(Fatal) as caught:
        process.supervise(["/nowhere/tool"])
    assert caught.value.code == "media.tool-missing"


def test_hung_tool_is_killed() -> None:
    with pytest.raises(Fatal) as caught:
        process.run(python("import time; time.sleep(60)"), timeout_s=0.3)
    assert caught.value.code == "media.tool-hung"


def test_death_by_signal_is_a_failure() -> None:
    with pytest.raises(Fatal):
        process.supervise(python("import os; os.kill(os.getpid(), 9)"))


def test_stop_kills_and_lines_arrive() -> None:
    stop, lines = threading.Event(), list[str]()

    def take(line: str) -> None:
        lines.append(line)
        stop.set()

    code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    with pytest.raises(process.Stopped):
        process.supervise(python(code), stop=stop, on_line=take)
    assert not psutil.pid_exists(int(lines[0]))


def test_pause_halts_and_goes_on() -> None:
    pid, paused, seen = threading.Event(), threading.Event(), list[str]()

    def take(line: str) -> None:
        seen.append(line)
        pid.set()

    code = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(0.6)"
    runner = threading.Thread(
        target=process.supervise, args=(python(code),), kwargs={"on_line": take, "paused": paused.is_set}
    )
    runner.start()
    assert pid.wait(10)
    paused.set()
    child = psutil.Process(int(seen[0]))
    deadline = time.monotonic() + 10
    while child.status() != psutil.STATUS_STOPPED and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert child.status() == psutil.STATUS_STOPPED
    paused.clear()
    runner.join(10)
    assert not runner.is_alive()
