"""The hub: one feed in, one clock, the recording and the legs out. Knows nothing of OBS, platforms or databases."""

import logging
import os
import queue
import threading
from pathlib import Path

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import PipelineError, Refused
from pipeline.hub import hubclock, record
from pipeline.hub.control import ControlServer
from pipeline.hub.feed import Feed
from pipeline.hub.fleet import Fleet
from pipeline.hub.hubclock import HubClock
from pipeline.hub.ingest import packets
from pipeline.hub.leg import Leg
from pipeline.hub.on_air import OnAir, was_hidden
from pipeline.hub.packet import Packet
from pipeline.hub.record import Recorder
from pipeline.hub.rtmp.acceptor import Acceptor
from pipeline.hub.rtmp.faults import Rejection
from pipeline.hub.rtmp.pipe import FlvPipe
from pipeline.hub.spec import HubSpec, LegSpec
from pipeline.hub.timeline import Retimer
from pipeline.hub.uplink import Uplink
from pipeline.store.journal import Journal, read

log = logging.getLogger(__name__)

TICK_S = 0.1


class Hub:
    """Built from its spec; `run` works until `finish` was asked for (by control or signal)."""

    def __init__(self, spec: HubSpec, clock: Clock = SYSTEM) -> None:
        self._spec = spec
        self._clock = clock
        self._journal = Journal(Path(spec.journal), "hub", clock)
        self._boot = hubclock.boot_name()
        self._time = HubClock(clock, hubclock.resumed_us(self._journal.path, clock, self._boot))
        self._retimer = Retimer()
        after_us = spec.slate_after_ms * 1000
        hidden = was_hidden(read(self._journal.path))
        self._on_air = OnAir(self._to_legs, self._time, clock, after_us, hidden=hidden)
        self._feed = Feed(after_us)
        self._recorder = Recorder(Path(spec.record), self._journal, clock)
        self._legs = Fleet(
            lambda leg: Leg(leg, self._journal, self._time, clock),
            Uplink(spec.uplink_kbps, spec.uplink_share),
            clock,
        )
        self._streams: queue.SimpleQueue[FlvPipe] = queue.SimpleQueue()
        self._news: queue.SimpleQueue[tuple[int, dict[str, object]]] = queue.SimpleQueue()
        self._finishing = threading.Event()
        self._acceptor = Acceptor(spec.host, spec.port, spec.app, spec.key, self._streams.put, self._on_rejected)
        self._control = ControlServer(
            Path(spec.control),
            {
                "status": self._status,
                "leg_add": self._leg_add,
                "leg_drop": self._leg_drop,
                "leg_retry": self._leg_retry,
                "slate": self._slate,
                "slate_file": self._slate_file,
                "finish": self._finish,
            },
            threading.Event(),
        )

    @property
    def port(self) -> int:
        """Where it really listens (once `run` has begun)."""
        return self._acceptor.port

    def finish(self) -> None:
        """Ask for a clean end; returns at once."""
        self._finishing.set()

    def run(self) -> None:
        """Work until asked to finish. Fatal `hub.port-taken` when it cannot listen."""
        self._acceptor.start()
        self._say(
            "process",
            name="hub",
            state="started",
            pid=os.getpid(),
            boot=self._boot,
            monotonic_us=self._clock.monotonic_us(),
        )
        record.recover(Path(self._spec.record), self._journal)
        self._recorder.start()
        for leg in self._spec.legs:
            self._legs.add(leg)
        self._first_slate()
        self._on_air.start()
        threading.Thread(target=self._media, name="media", daemon=True).start()
        self._control.start()
        log.info("listening on port %s", self.port)
        while not self._clock.wait(self._finishing, TICK_S):
            self._tick()
        self._end()

    def _tick(self) -> None:
        now = self._time.now_us()
        lost = self._feed.check(now)
        if lost:
            self._news.put((now, {"state": lost}))
        while not self._news.empty():
            at, fields = self._news.get()
            self._say("feed", at, **fields)
        self._say_slate()
        self._legs.check()

    def _end(self) -> None:
        """Stop the intake, let the legs send what they hold and say goodbye, close the recording."""
        self._acceptor.stop()
        self._on_air.stop()
        self._say_slate()
        legs = self._legs.all()
        for leg in legs:
            leg.end()
        for leg in legs:
            leg.join()
        self._recorder.finish()
        self._control.close()
        self._say("process", name="hub", state="ended", pid=os.getpid())
        log.info("finished")

    # The feed.

    def _media(self) -> None:
        while True:
            pipe = self._streams.get()
            self._retimer.begin()
            try:
                for packet in packets(pipe):
                    self._packet(packet)
            except PipelineError as error:
                log.warning("feed: %s", error)
                self._say("finding", code=error.code, level="warning", **error.fields)  # type: ignore[arg-type]
                self._acceptor.turn_away(pipe, error.code)
            except Exception:
                log.exception("feed failed")
                self._acceptor.turn_away(pipe, "hub.bad-feed")
            log.info("feed ended: %s", pipe.reason)

    def _packet(self, packet: Packet) -> None:
        now = self._time.now_us()
        placed = self._retimer.place(packet, now)
        if placed is None:
            return
        said = self._feed.packet(placed, now)
        self._recorder.put(placed)
        self._on_air.feed(placed, now)
        if said:
            shape = placed.format
            about = {"width": shape.width, "height": shape.height, "fps": shape.fps} if said == "began" else {}
            self._news.put((now, {"state": said, **about}))  # written by the ticker: a disk may be slow

    def _on_rejected(self, rejection: Rejection) -> None:
        self._feed.refused(rejection, self._time.now_us())

    # On air.

    def _to_legs(self, packet: Packet) -> None:
        for leg in self._legs.all():
            leg.put(packet)

    def _first_slate(self) -> None:
        """The slate that the spec names; without it the hub does what it can."""
        if not self._spec.slate:
            return
        try:
            self._on_air.load(Path(self._spec.slate))
        except Refused as error:
            log.warning("no slate: %s", error)
            self._say("finding", None, code=error.code, level="warning", **error.fields)

    def _say_slate(self) -> None:
        for at, fields in self._on_air.news():
            self._say("slate", at, **fields)

    # What control asks.

    def _status(self, request: dict[str, object]) -> dict[str, object]:
        now = self._time.now_us()
        return {
            "hub_us": now,
            "port": self.port,
            "feed": self._feed.status(now),
            **self._on_air.status(),
            "record": self._recorder.status(),
            "legs": {leg.spec.name: leg.health() for leg in self._legs.all()},
            "uplink": self._legs.uplink(),
        }

    def _leg_add(self, request: dict[str, object]) -> dict[str, object]:
        raw = request.get("leg")
        try:
            spec = LegSpec(**raw) if isinstance(raw, dict) else None
        except TypeError:
            spec = None
        if spec is None or not spec.name:
            raise Refused("hub.bad-leg")
        self._legs.add(spec)
        return {}

    def _leg_drop(self, request: dict[str, object]) -> dict[str, object]:
        self._legs.drop(str(request.get("name", "")))
        return {}

    def _leg_retry(self, request: dict[str, object]) -> dict[str, object]:
        self._legs.leg(str(request.get("name", ""))).retry()
        return {}

    def _slate(self, request: dict[str, object]) -> dict[str, object]:
        self._on_air.hide(request.get("on") is True)
        return {**self._on_air.status(), "feed": self._feed.state}

    def _slate_file(self, request: dict[str, object]) -> dict[str, object]:
        self._on_air.load(Path(str(request.get("path", ""))))
        return self._on_air.status()

    def _finish(self, request: dict[str, object]) -> dict[str, object]:
        self.finish()
        return {"finishing": True}

    def _say(self, what: str, at_us: int | None = None, **fields: object) -> None:
        """A line for the journal; what is on air does not end because a disk is full."""
        try:
            moment = self._time.now_us() if at_us is None else at_us
            self._journal.append(what, hub_us=moment, **fields)  # type: ignore[arg-type]
        except OSError:
            log.error("the journal cannot be written")
