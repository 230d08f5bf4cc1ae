"""Child processes of the file tools: run one to its end, or supervise a long one that can be paused and stopped.

It owns every handle it opens: nothing outlives the call, and on Linux nothing outlives this process either.
"""

import collections
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

from pipeline import platform
from pipeline.errors import Fatal

_TAIL = 60  # lines of standard error that are kept
_BEAT_S = 0.2


class Stopped(Exception):
    """The caller's `stop` was set; the child is dead."""


def run(argv: Sequence[str], *, timeout_s: float, stdin: bytes | None = None, cwd: Path | None = None) -> bytes:
    """What `argv` writes to standard output.

    Raises Fatal `media.tool-missing`, `media.tool-hung` after `timeout_s` seconds, or `media.tool-failed` with
    the last lines of its standard error as `detail`.
    """
    try:
        done = subprocess.run(
            _tied(argv),
            input=b"" if stdin is None else stdin,
            capture_output=True,
            timeout=timeout_s,
            cwd=cwd,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Fatal("media.tool-hung", tool=tool_name(argv), seconds=timeout_s) from error
    if done.returncode != 0:
        raise _failed(argv, done.stderr.decode(errors="replace").splitlines(), done.returncode)
    return done.stdout


def supervise(
    argv: Sequence[str],
    *,
    stop: threading.Event | None = None,
    paused: Callable[[], bool] | None = None,
    on_line: Callable[[str], None] | None = None,
    cwd: Path | None = None,
) -> list[str]:
    """Run `argv` to its end and return the last lines of its standard error.

    `on_line` gets each line of standard output, on another thread. While `paused()` is true the child is
    halted where it is. Raises Stopped within a second of `stop`, Fatal `media.tool-missing` or
    `media.tool-failed`.
    """
    child = subprocess.Popen(
        _tied(argv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    tail: collections.deque[str] = collections.deque(maxlen=_TAIL)
    readers = [
        threading.Thread(target=_read, args=(child.stdout, on_line or (lambda line: None)), daemon=True),
        threading.Thread(target=_read, args=(child.stderr, tail.append), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        _watch(child, stop, paused)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        for reader in readers:
            reader.join(5)
        child.stdout.close()
        child.stderr.close()
    if child.returncode != 0:
        raise _failed(argv, tail, child.returncode)
    return list(tail)


def tool_name(argv: Sequence[str]) -> str:
    """The name of the tool for people: `ffmpeg`, not its whole command line."""
    return Path(argv[0]).stem


def _tied(argv: Sequence[str]) -> list[str]:
    if shutil.which(argv[0]) is None:  # the wrapper would only say that it failed
        raise Fatal("media.tool-missing", tool=tool_name(argv))
    return platform.die_with_parent(argv)


def _watch(child: subprocess.Popen[bytes], stop: threading.Event | None, paused: Callable[[], bool] | None) -> None:
    halted = False
    while True:
        try:
            child.wait(_BEAT_S)
            return
        except subprocess.TimeoutExpired:
            pass
        if stop is not None and stop.is_set():
            raise Stopped
        if paused is not None and paused() != halted:
            halted = not halted
            (platform.halt if halted else platform.go_on)(child.pid)


def _read(pipe: IO[bytes], take: Callable[[str], None]) -> None:
    for raw in pipe:
        take(raw.decode(errors="replace").rstrip())


def _failed(argv: Sequence[str], lines: Iterable[str], code: int) -> Fatal:
    said = [line.strip() for line in lines if line.strip()]
    return Fatal("media.tool-failed", tool=tool_name(argv), detail=" | ".join(said[-3:]), status=code)
