"""The one connection to OBS, owned by one thread; the only file that knows obs-websocket-py.

The library loses OBS's error codes, waits for ever on a frozen OBS and never notices some deaths: what it lacks
is added here. A request is one attempt; what heals is the connection, which the owner opens again after any
failure, on its heartbeat or for the next request.
"""

import contextlib
import json
import logging
import queue
import socket
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from typing import Any

import websocket
from obswebsocket import exceptions, obsws, requests
from obswebsocket.core import RecvThread

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.model.config import Obs

log = logging.getLogger(__name__)

OPENED, LOST = "ConnectionOpened", "ConnectionLost"  # our own words among OBS's events
_CONNECT_S = 3.0
_REQUEST_S = 5.0
_HEARTBEAT_S = 2.0
_BEAT_ANSWER_S = 3.0
_AGAIN_US = 500_000  # a failed opening is not repeated sooner
_EVENTS = 2000
# Generic error, not ready, failed while working: OBS may do it a moment later. All other codes are final.
_PASSING_CODES = frozenset({205, 207, 702})


@dataclass(frozen=True, slots=True)
class ObsEvent:
    """One event of OBS (or `OPENED`, `LOST` of the connection), with OBS's own fields."""

    name: str
    data: dict[str, Any]


@dataclass(slots=True)
class _Job:
    name: str
    data: dict[str, Any]
    timeout_s: float
    done: "Future[dict[str, Any]]" = field(default_factory=Future)


class Connection:
    """Requests from any thread, served in turn by the owner; events come out of `events`, never as calls.

    `writes` counts requests that may change something in OBS (all but `Get…`): preparing twice adds none.
    """

    def __init__(
        self,
        settings: Obs,
        clock: Clock = SYSTEM,
        *,
        heartbeat_s: float = _HEARTBEAT_S,
        connect_s: float = _CONNECT_S,
    ) -> None:
        # Its debug lines hold every request, the stream's key among them.
        logging.getLogger("obswebsocket").setLevel(logging.ERROR)
        self._settings = settings
        self._clock = clock
        self._heartbeat_s = heartbeat_s
        self._connect_s = connect_s
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._client: _Client | None = None
        self._failed_us: int | None = None
        self._owner: threading.Thread | None = None
        self.events: queue.Queue[ObsEvent] = queue.Queue(_EVENTS)
        self.writes = 0

    @property
    def connected(self) -> bool:
        """Whether the last that was heard of OBS is that it answers."""
        client = self._client
        return client is not None and client.alive

    def open(self) -> None:
        """Connect for the first time and keep the connection from now on.

        Raises Refused `obs.wrong-password`, `obs.old-protocol`, `obs.not-obs`; Temporary `obs.not-running`,
        `obs.not-answering`.
        """
        self._connect()
        self._owner = threading.Thread(target=self._own, name="obs-connection", daemon=True)
        self._owner.start()

    def close(self) -> None:
        """Disconnect and end the owner; pending requests fail with `obs.lost`."""
        if self._owner is not None:
            self._jobs.put(None)
            self._owner.join(_REQUEST_S)
            self._owner = None
        self._drop()

    def request(self, name: str, *, timeout_s: float = _REQUEST_S, **data: Any) -> dict[str, Any]:
        """Ask OBS for one thing and return its answer's data.

        Raises `obs.request-failed` with OBS's own code (`status`) and `comment`, Temporary where it passes, else
        Fatal; Temporary `obs.lost` when OBS went away or stayed silent for `timeout_s`; what `open` raises when
        the connection has to be opened again and cannot.
        """
        if self._owner is None:
            raise Temporary("obs.lost", request=name)
        job = _Job(name, data, timeout_s)
        self._jobs.put(job)
        try:
            return job.done.result(timeout_s + 2 * self._connect_s + _REQUEST_S)
        except FutureTimeout:
            job.done.cancel()
            raise Temporary("obs.lost", request=name) from None

    def _own(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._heartbeat_s)
            except queue.Empty:
                self._beat()
                continue
            if job is None:
                break
            if job.done.set_running_or_notify_cancel():
                self._serve(job)
        with contextlib.suppress(queue.Empty):
            while (late := self._jobs.get_nowait()) is not None:
                late.done.set_exception(Temporary("obs.lost", request=late.name))

    def _serve(self, job: _Job) -> None:
        try:
            if not self.connected:
                self._reopen(job.name)
            job.done.set_result(self._call(job.name, job.data, job.timeout_s))
        except Exception as error:
            job.done.set_exception(error)

    def _beat(self) -> None:
        try:
            if self.connected:
                self._call("GetStats", {}, _BEAT_ANSWER_S)
            else:
                self._reopen("GetStats")
        except PipelineError as error:
            log.debug("no heartbeat: %s", error)

    def _reopen(self, wanted: str) -> None:
        self._drop()
        now = self._clock.monotonic_us()
        if self._failed_us is not None and now - self._failed_us < _AGAIN_US:
            raise Temporary("obs.lost", request=wanted)
        self._connect()
        log.info("connected to OBS again")

    def _connect(self) -> None:
        address, password = (self._settings.host, self._settings.port), self._settings.password.get_secret_value()
        client = _Client(address, password, self._connect_s)
        try:
            client.connect()
        except PipelineError:
            self._failed_us = self._clock.monotonic_us()
            raise
        self._failed_us = None
        client.register(lambda event: self._enqueue(ObsEvent(event.name, event.datain)))
        self._client = client
        self._enqueue(ObsEvent(OPENED, {}))

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.drop()
            self._enqueue(ObsEvent(LOST, {}))

    def _call(self, name: str, data: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        assert self._client is not None
        if not name.startswith("Get"):
            self.writes += 1
        try:
            answer = self._client.ask(name, data, timeout_s)
        except (OSError, websocket.WebSocketException, exceptions.MessageTimeout) as error:
            self._drop()
            log.warning("OBS did not answer %s: %s", name, type(error).__name__)
            raise Temporary("obs.lost", request=name) from None
        status = answer["requestStatus"]
        if status["result"]:
            return dict(answer.get("responseData") or {})
        kind = Temporary if status["code"] in _PASSING_CODES else Fatal
        raise kind("obs.request-failed", request=name, status=status["code"], comment=status.get("comment") or "")

    def _enqueue(self, event: ObsEvent) -> None:
        # Called in the library's receive thread too: it must neither block nor raise, or that thread is lost.
        try:
            self.events.put_nowait(event)
        except queue.Full:
            log.warning("an event of OBS was dropped: nobody takes them")


_WebSocket: Any = websocket.WebSocket  # half of its methods have no types


class _Socket(_WebSocket):  # type: ignore[misc]
    """A reset connection ends like a closed one; else the library's receive thread dies without a word."""

    def recv(self) -> Any:
        try:
            return super().recv()
        except (OSError, AttributeError):
            self.shutdown()
            raise websocket.WebSocketConnectionClosedException("reset") from None


class _Answers(dict[str, Any]):
    """Keeps the whole answer where the library would keep its data alone: code and comment stay readable."""

    def __setitem__(self, key: str, raw: Any) -> None:
        super().__setitem__(key, {"requestStatus": raw["requestStatus"], "responseData": raw})


class _Client(obsws):  # type: ignore[misc]  # the library has no types
    """The library's client with deadlines for connecting and a lost connection that wakes who waits."""

    ws: Any

    def __init__(self, address: tuple[str, int], password: str, deadline_s: float) -> None:
        super().__init__(*address, password, legacy=False)  # else port 4444 means protocol 4
        self._address = address
        self._deadline_s = deadline_s
        self.answers = _Answers()

    @property
    def alive(self) -> bool:
        return bool(self.ws.connected and self.thread_recv is not None and self.thread_recv.is_alive())

    def connect(self) -> None:
        where = {"host": self._address[0], "port": self._address[1]}
        try:
            # Our own socket: the library would obey proxy settings, and has no deadline.
            raw = socket.create_connection(self._address, timeout=self._deadline_s)
        except OSError:
            raise Temporary("obs.not-running", **where) from None
        self.ws = _Socket()
        greeted = False
        try:
            self.ws.connect("ws://{}:{}".format(*self._address), socket=raw, timeout=self._deadline_s)
            greeted = True
            raw.settimeout(self._deadline_s)
            self._auth()
        except (websocket.WebSocketTimeoutException, TimeoutError):
            old = greeted and self._speaks_old()
            self._discard(raw)
            raise (
                Refused("obs.old-protocol", **where) if old else Temporary("obs.not-answering", **where)
            ) from None
        except exceptions.ConnectionFailure as error:
            self._discard(raw)
            code = "obs.wrong-password" if "Identify" in str(error) else "obs.not-obs"
            raise Refused(code, **where) from None
        except (websocket.WebSocketException, OSError, ValueError, KeyError, TypeError, AttributeError):
            self._discard(raw)
            raise (
                Temporary("obs.not-answering", **where) if greeted else Refused("obs.not-obs", **where)
            ) from None
        self.ws.settimeout(None)
        self.thread_recv = RecvThread(self)
        self.thread_recv.daemon = True
        self.thread_recv.start()

    def ask(self, name: str, data: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """The whole raw answer to one request, its status included."""
        self.timeout = timeout_s
        request = self.call(getattr(requests, name)(**data))
        return dict(request.datain)

    def drop(self) -> None:
        """Leave without a farewell: a frozen OBS would not answer it."""
        receiver, self.thread_recv = self.thread_recv, None
        if receiver is not None:
            receiver.running = False
        self.ws.abort()
        if receiver is not None:
            receiver.join(1.0)
        self.ws.shutdown()

    def disconnect(self) -> None:
        """What the receive thread calls when the connection ended: whoever waits for an answer is woken."""
        for waiting in list(self.events.values()):
            waiting.set()

    def _speaks_old(self) -> bool:
        """Whether the far end, silent after the greeting, answers a request of protocol 4."""
        try:
            self.ws.send(json.dumps({"request-type": "GetAuthRequired", "message-id": "1"}))
            return "message-id" in json.loads(self.ws.recv())
        except (websocket.WebSocketException, OSError, ValueError, TypeError):
            return False

    def _discard(self, raw: socket.socket) -> None:
        self.ws.shutdown()
        raw.close()
