"""The rig of a fault: publisher, guard, hub and legs as on air, two RTMPS ingests and a headend at the far ends."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.faults.film import Film
from benchmarks.faults.lossy import LossyNetwork
from benchmarks.faults.publisher import Publisher
from benchmarks.faults.watched import Watched
from benchmarks.faults.wires import TcpWire, UdpWire
from pipeline import platform
from pipeline.errors import PipelineError
from pipeline.hub import spec as hub_spec
from pipeline.hub.control import ControlClient
from pipeline.hub.spec import HubSpec, LegSpec
from pipeline.model.journal import JournalLine
from pipeline.standins.certificates import make_certificates
from pipeline.standins.headend import Headend
from pipeline.standins.ingest import Ingest, KnownKeys
from pipeline.standins.screenless_obs import free_port
from pipeline.store.files import write_whole
from pipeline.store.journal import read
from tests.support.cable_air import OPTIONS

KEY, PLATFORM, SECOND, CABLE, RECORDING = "local-key", "platform", "second", "cable", "recording"
PLACES = (PLATFORM, SECOND, CABLE, RECORDING)
UP_S = 40.0


class Doorkeeper(KnownKeys):
    """Keys that the platform can take back: the live video was ended there, or the key revoked."""

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.ended = False

    def admit(self, key: str) -> str | None:
        return None if self.ended else super().admit(key)

    def wanted(self, stream_id: str) -> bool:
        return not self.ended


class Rig(Watched):
    """Enter it: everything runs and is healthy. `slate` is handed to the hub, the recording goes to `masters`."""

    def __init__(
        self,
        folder: Path,
        film: Film,
        *,
        slate: Path | None = None,
        masters: Path | None = None,
        cable_wire: bool = False,
        network: LossyNetwork | None = None,
    ) -> None:
        super().__init__()
        self.folder, self.film = folder, film
        self.masters = masters or folder / "masters"
        self.network = network
        self._slate, self._cable_wire = slate, cable_wire
        self.guard: subprocess.Popen[bytes] | None = None
        self._ends = contextlib.ExitStack()

    # Coming up and going down.

    def __enter__(self) -> "Rig":
        with contextlib.ExitStack() as opened:
            self._far_ends(opened)
            self._hub(opened)
            opened.callback(self._stop.set)
            self.watch()
            self.until(self.answers, UP_S, "the hub answers")
            self.publisher.start()
            self.until(self.healthy, UP_S, "everything is up")
            self._ends = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _far_ends(self, opened: contextlib.ExitStack) -> None:
        certificates = make_certificates(self.folder / "tls", names=("localhost", "far.test"))
        self.ca = certificates.ca
        self.door = Doorkeeper("platform-key")
        self.platform = opened.enter_context(Ingest(self.door, certificates, self.folder / PLATFORM))
        self.second = opened.enter_context(Ingest(KnownKeys("second-key"), certificates, self.folder / SECOND))
        self.platform_wire = opened.enter_context(TcpWire(urlsplit(self.platform.url).port or 0))
        self.headend = opened.enter_context(Headend("udp://127.0.0.1:0", self.folder / CABLE, watch=False))
        cable_port = urlsplit(self.headend.url).port or 0
        self.cable_wire = UdpWire(cable_port) if self._cable_wire else None
        if self.cable_wire:
            opened.callback(self.cable_wire.close)
        self.cable_port = self.cable_wire.port if self.cable_wire else cable_port

    def _hub(self, opened: contextlib.ExitStack) -> None:
        self.port = free_port()
        self.feed_wire = opened.enter_context(TcpWire(self.port))
        self.publisher = Publisher(
            self.film, f"rtmp://127.0.0.1:{self.feed_wire.port}/live/{KEY}", self.folder / "publisher.log"
        )
        self.control = self.folder / "hub-control.json"
        self.journal = self.folder / "journal.jsonl"
        spec = HubSpec(
            host="127.0.0.1",
            port=self.port,
            app="live",
            key=KEY,
            journal=str(self.journal),
            record=str(self.masters / "feed.mkv"),
            control=str(self.control),
            slate=str(self._slate) if self._slate else None,
            legs=self.legs(),
        )
        hub_spec.save(spec, self.folder / "hub.json")
        argv = [sys.executable, "-P", "-m", "pipeline.hub", str(self.folder / "hub.json")]
        plan = {
            "journal": str(self.journal),
            "log_folder": str(self.folder / "logs"),
            "processes": {"hub": argv},
        }
        write_whole(self.folder / "guard.json", json.dumps(plan))
        opened.callback(self._end_hub)
        opened.callback(self.publisher.stop)
        self.start_guard()

    def start_guard(self) -> None:
        argv = [sys.executable, "-P", "-m", "pipeline.hub.guard", str(self.folder / "guard.json")]
        with platform.open_private(self.folder / "guard.log", "ab") as sink:
            self.guard = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)

    def legs(self) -> tuple[LegSpec, ...]:
        port = self.platform_wire.port
        host, port = self.network.far(port) if self.network else ("localhost", port)
        options: dict[str, object] = {"tls_ca": str(self.ca)}
        return (
            LegSpec(PLATFORM, "rtmp", f"rtmps://{host}:{port}/rtmp", "platform-key", options),
            LegSpec(SECOND, "rtmp", self.second.url.rstrip("/"), "second-key", options),
            LegSpec(CABLE, "cable", f"udp://127.0.0.1:{self.cable_port}", options=OPTIONS),
        )

    def finish(self) -> bool:
        """The end of the broadcast: the publisher says goodbye, the hub closes its recording. False when it does
        not come to an end by itself."""
        self._stop.set()
        self.publisher.goodbye()
        with contextlib.suppress(AssertionError):
            self.until(lambda: self.status()["feed"]["state"] == "lost", 10, "the feed's end")
        with contextlib.suppress(PipelineError):
            self.ask("finish")
        try:
            assert self.guard is not None
            return self.guard.wait(30) == 0
        except subprocess.TimeoutExpired:
            return False

    def _end_hub(self) -> None:
        if self.guard is not None and self.guard.poll() is None:
            self.guard.kill()
            self.guard.wait(5)
        for pid in self.family():
            platform.go_on(pid)
            platform.end_process(pid)

    def family(self) -> list[int]:
        """The hub's processes that run, by their command lines."""
        return [one.pid for one in psutil.process_iter() if str(self.folder / "hub.json") in _words(one)]

    # What can be asked.

    def ask(self, do: str, **fields: object) -> dict[str, Any]:
        return ControlClient(self.control).ask(do, 2.0, **fields)

    def status(self) -> dict[str, Any]:
        """The hub's; an empty one while there is no answer."""
        try:
            return self.ask("status")
        except PipelineError:
            return {"feed": {"state": "none"}, "legs": {}, "record": {}, "hub_us": 0}

    def answers(self) -> bool:
        return self.status()["feed"]["state"] != "none"

    def healthy(self) -> bool:
        return healthy(self.status())

    @property
    def hub_pid(self) -> int:
        return int(json.loads(self.control.read_text(encoding="utf-8"))["pid"])

    def leg_pid(self, name: str) -> int:
        return int(self.status()["legs"][name]["pid"])

    def encoder_pid(self) -> int:
        """The ffmpeg inside the cable leg."""
        [child] = psutil.Process(self.leg_pid(CABLE)).children()
        return child.pid

    def lines(self, what: str) -> list[JournalLine]:
        return [line for line in read(self.journal) if line.what == what]

    def sessions(self, name: str) -> int:
        return len(self._ingest(name).sessions())

    def _ingest(self, name: str) -> Ingest:
        return self.platform if name == PLATFORM else self.second

    def received(self) -> dict[str, list[Path]]:
        files = {name: [session.path for session in self._ingest(name).sessions()] for name in PLACES[:2]}
        return {**files, CABLE: [self.headend.folder / "stream.ts"]}

    def files(self) -> dict[str, list[Path]]:
        """All that was received, and the recording's pieces."""
        pieces = sorted(self.masters.glob("feed*.mkv"), key=lambda path: (len(path.name), path.name))
        return {**self.received(), RECORDING: pieces}


def healthy(status: dict[str, Any]) -> bool:
    """The feed is on, every leg is up, and the recording has no trouble."""
    legs = status["legs"].values()
    up = bool(legs) and all(leg["state"] == "up" and not leg["error"] for leg in legs)
    return bool(up and status["feed"]["state"] == "on" and not status["record"].get("error"))


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
