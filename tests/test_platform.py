"""The one file with branches for systems: what can be shown on this one."""

import subprocess
import sys
from pathlib import Path

from pipeline import platform

LOWER = """
import os, pathlib
from pipeline import platform
platform.be_nice()
group = pathlib.Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else 10)
"""

HOLD = """
import pathlib, sys
from pipeline.platform import FileLock
lock = FileLock(pathlib.Path(sys.argv[1]))
print("held" if lock.acquire() else "not held", flush=True)
sys.stdin.read()
"""


def test_a_lowered_process_lowers_its_own_session_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOWER], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert done.stdout.split() == ["10", "10"]


def test_a_lock_is_free_again_when_its_holder_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    lock = platform.FileLock(path)
    assert not lock.acquire()
    assert lock.owner() == holder.pid
    holder.kill()
    holder.wait(10)
    assert lock.acquire()
    lock.release()
    holder.communicate()


def test_private_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with platform.open_private(path, "wb") as file:
        file.write(b"x")
    assert platform.is_private(path)
    path.chmod(0o644)
    assert not platform.is_private(path)
    with platform.open_private(path, "ab") as file:
        file.write(b"y")
    assert platform.is_private(path)
    assert path.read_bytes() == b"xy"
