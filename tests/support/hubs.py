"""A real hub process for tests: its folder, its control, its journal, and an end to it whatever happens."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.hub import spec as hub_spec
from pipeline.hub.control import ControlClient
from pipeline.hub.spec import HubSpec, LegSpec
from pipeline.model.journal import JournalLine
from pipeline.store.journal import read
from tests.support.far_end import wait_for

KEY = "local-stream-key"


class HubProcess:
    """`start`, `kill` and `start` again work on the same folder and the same port."""

    def __init__(self, folder: Path, legs: Sequence[LegSpec] = (), slate: Path | None = None) -> None:
        self.slate = slate
        self.folder = folder
        self.journal = folder / "journal.jsonl"
        self.masters = folder / "masters"
        self.log = folder / "hub.log"
        self._control = folder / "hub-control.json"
        self._legs = tuple(legs)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._control.unlink(missing_ok=True)
        spec = HubSpec(
            host="127.0.0.1",
            port=self.port,
            app="live",
            key=KEY,
            journal=str(self.journal),
            record=str(self.masters / "feed.mkv"),
            control=str(self._control),
            slate=str(self.slate) if self.slate else None,
            legs=self._legs,
        )
        hub_spec.save(spec, self.folder / "hub.json")
        argv = [sys.executable, "-P", "-m", "pipeline.hub", str(self.folder / "hub.json")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self._control.exists, 20, "the hub did not start")
        self.port = int(str(self.status()["port"]))

    def ask(self, do: str, **fields: object) -> dict[str, object]:
        return ControlClient(self._control).ask(do, 10.0, **fields)

    def status(self) -> dict[str, object]:
        return self.ask("status")

    def feed(self) -> dict[str, object]:
        return self.status()["feed"]  # type: ignore[return-value]

    def leg(self, name: str) -> dict[str, object]:
        return self.status()["legs"][name]  # type: ignore[index, no-any-return]

    def lines(self, what: str) -> list[JournalLine]:
        return [line for line in read(self.journal) if line.what == what]

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(5)

    def finish(self) -> int:
        assert self.process
        self.ask("finish")
        return self.process.wait(20)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
            if self.process.poll() is None:
                self.kill()


@contextlib.contextmanager
def hub_process(folder: Path, legs: Sequence[LegSpec] = (), slate: Path | None = None) -> Iterator[HubProcess]:
    hub = HubProcess(folder, legs, slate)
    try:
        hub.start()
        yield hub
    finally:
        hub.end()
