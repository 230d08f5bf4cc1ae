"""The process of one leg: started with its secret on stdin, heard on stdout and stderr, dead with the hub."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from io import FileIO
from typing import IO, cast

from pipeline import platform
from pipeline.hub.leg_pipe import LegPipe
from pipeline.hub.meter import Count
from pipeline.hub.output import WholeWrites
from pipeline.hub.spec import LegSpec

log = logging.getLogger(__name__)

MODULES = {
    "rtmp": "pipeline.hub.leg_rtmp",
    "cable": "pipeline.hub.leg_cable",
    "nowhere": "pipeline.hub.leg_nowhere",
}
REPORTING = frozenset(MODULES)  # kinds whose process says on stdout what it has sent
ORDERED = frozenset({"rtmp"})  # kinds whose process takes orders between the parts of its stream
LINE = 4000


class Child:
    """A running leg process. Write packets (NUT) to `stream`; OSError there means that it has gone.

    On stdout it may report, a JSON line each: {"frames", "bytes", "unconfirmed", "busy"}. Its last stderr line,
    when it fails, is {"code", "fields"}. Everything that is logged of it has the secret taken out.
    """

    def __init__(self, spec: LegSpec) -> None:
        self._spec = spec
        argv = [sys.executable, "-P", "-m", MODULES[spec.kind]]
        self._process = subprocess.Popen(
            platform.die_with_parent(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._pipe = cast(FileIO, self._process.stdin)
        self.stream = LegPipe(self._pipe) if spec.kind in ORDERED else WholeWrites(self._pipe)
        self.frames = 0
        self.bytes = 0
        self.unconfirmed = 0  # bytes that the far end has not acknowledged
        self.check: dict[str, object] | None = None  # what the cable's own check found
        self.busy = 0.0  # share of the time that goes into coding
        self.confirmed = Count()
        self.reported = threading.Event()
        self._error: tuple[str, dict[str, object]] | None = None
        self._readers = [
            threading.Thread(target=read, args=(stream,), name=f"leg-{spec.name}", daemon=True)
            for read, stream in ((self._hear, self._process.stdout), (self._listen, self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()
        WholeWrites(self._pipe).write(json.dumps(asdict(spec)).encode() + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        self._process.kill()

    def order(self, values: Mapping[str, object]) -> None:
        """Tell it something, after all that was written before; a kind that takes no orders is told nothing."""
        if isinstance(self.stream, LegPipe):
            self.stream.order(values)

    def end(self, wait_s: float) -> str | None:
        """Close its input, wait, kill; the code of what went wrong, or None after a clean end."""
        try:
            self._pipe.close()
        except OSError:
            log.debug("leg %s had already gone", self._spec.name)
        try:
            status = self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        for reader in self._readers:
            reader.join(1.0)
        if status == 0:
            return None
        return self._error[0] if self._error else "leg.died"

    @property
    def error_fields(self) -> dict[str, object]:
        return self._error[1] if self._error else {}

    def _hear(self, stream: IO[bytes]) -> None:
        for line in iter(lambda: stream.readline(LINE), b""):
            try:
                report = json.loads(line)
                self.frames, self.bytes = int(report["frames"]), int(report["bytes"])
                self.unconfirmed, self.busy = int(report.get("unconfirmed", 0)), float(report.get("busy", 0))
                self.check = dict(report["check"]) if "check" in report else None
            except (ValueError, TypeError, KeyError):
                continue
            self.confirmed.report(time.monotonic_ns() // 1000, self.bytes - self.unconfirmed)
            if self.frames:
                self.reported.set()
        stream.close()

    def _listen(self, stream: IO[bytes]) -> None:
        for line in iter(lambda: stream.readline(LINE), b""):
            text = self._harmless(line.decode("utf-8", "replace").strip())
            error = _error(text)
            if error:
                self._error = error
            elif text:
                log.info("leg %s: %s", self._spec.name, text)
        stream.close()

    def _harmless(self, text: str) -> str:
        for hidden in (self._spec.secret, self._spec.spare_secret, self._spec.url, self._spec.spare_url):
            if hidden:
                text = text.replace(hidden, "…")
        return text


def _error(text: str) -> tuple[str, dict[str, object]] | None:
    if not text.startswith("{"):
        return None
    try:
        raw = json.loads(text)
        return str(raw["code"]), dict(raw.get("fields") or {})
    except (ValueError, TypeError, KeyError):
        return None
