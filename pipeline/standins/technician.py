"""A technician at the command line: runs `ekultura` as a program of its own and reads what it prints."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import platform
from pipeline.errors import Fatal

_BEAT_S = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """What a command did: exit code, standard output read as JSON (None where it is none), standard error."""

    code: int
    data: Any
    text: str
    errors: str
    seconds: float


class Technician:
    """Works at one station, in one language."""

    def __init__(self, station: Path, language: str) -> None:
        self.station = station
        self._environment = {**os.environ, "EKULTURA_LANG": language, "EKULTURA_STATION": str(station)}

    def asks(
        self,
        *words: str,
        timeout_s: float = 60.0,
        tick: Callable[[], None] = lambda: None,
        may_be: tuple[int, ...] = (0,),
    ) -> Told:
        """Run `ekultura WORDS --json`; `tick` is called while it runs.

        Fatal `standin.command-failed` for an exit code that is none of `may_be`, and when it takes too long.
        """
        at = words.index("--") if "--" in words else len(words)
        told = self.tries(*words[:at], "--json", *words[at:], timeout_s=timeout_s, tick=tick)
        if told.code not in may_be:
            command = " ".join(("ekultura", *words))
            raise Fatal("standin.command-failed", command=command, status=told.code, detail=_reason(told))
        return told

    def tries(self, *words: str, timeout_s: float = 60.0, tick: Callable[[], None] = lambda: None) -> Told:
        """Run `ekultura WORDS` whatever comes of it."""
        command = [sys.executable, "-P", "-m", "pipeline.cli.main", *words]
        begun = time.monotonic()
        child = subprocess.Popen(
            platform.die_with_parent(command),
            env=self._environment,
            cwd=self.station,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        out = ["", ""]
        reader = threading.Thread(target=lambda: out.__setitem__(slice(None), child.communicate()), daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                tick()
                reader.join(_BEAT_S)
                if time.monotonic() - begun > timeout_s:
                    break
        finally:
            child.kill()
            reader.join(5)
        seconds = time.monotonic() - begun
        code = child.returncode if child.returncode is not None else -9
        return Told(code, _json(out[0]), out[0], out[1], seconds)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _reason(told: Told) -> str:
    """The message of an error that came as JSON, else the last line of standard error."""
    error = _json(told.errors)
    if isinstance(error, dict) and isinstance(error.get("error"), dict):
        return str(error["error"].get("message", ""))
    lines = [line for line in (told.errors or told.text).splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
