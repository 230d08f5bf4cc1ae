"""Control: JSON lines over loopback TCP, with a random token in a file that only the owner can read.

A request is a line {"token", "do", …}, its answer a line {"ok": true, "reply": {…}} or {"ok": false, "kind",
"code", "fields"}. Used between broadcast and hub and between terminals and broadcast.
"""

import contextlib
import hmac
import json
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline import platform
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.store.files import write_whole

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, object]], dict[str, object]]

LINE_BYTES = 256 * 1024
STRANGERS = 32  # connections without a valid token; the oldest has to leave
FIRST_LINE_S = 2.0
IDLE_S = 60.0
KINDS: dict[str, type[PipelineError]] = {"Refused": Refused, "Temporary": Temporary, "Fatal": Fatal}


class ControlServer:
    """Answers requests until `stop` is set or `close` is called.

    Handlers run on the connection's thread; a PipelineError travels back, any other error becomes Fatal
    `control.failed` and is logged. The file is written once the server listens and removed at the end.
    """

    def __init__(self, path: Path, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
        self._path = path
        self._handlers = dict(handlers)
        self._stop = stop
        self._token = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._strangers: dict[socket.socket, None] = {}  # oldest first
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.settimeout(0.25)
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def start(self) -> None:
        self._thread.start()
        pid = os.getpid()
        about = {"port": self.port, "token": self._token, "pid": pid, "born": platform.born(pid)}
        write_whole(self._path, json.dumps(about), private=True)

    def close(self) -> None:
        """Stop listening and remove the file, unless a successor has already written its own."""
        with contextlib.suppress(OSError):
            self._listener.close()
        with contextlib.suppress(OSError, ValueError):
            if json.loads(self._path.read_text(encoding="utf-8")).get("token") == self._token:
                self._path.unlink()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                link, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self._admit(link)
            threading.Thread(target=self._serve, args=(link,), name="control-peer", daemon=True).start()

    def _admit(self, link: socket.socket) -> None:
        with self._lock:
            self._strangers[link] = None
            oldest = next(iter(self._strangers)) if len(self._strangers) > STRANGERS else None
            if oldest is not None:
                del self._strangers[oldest]
        if oldest is not None:
            with contextlib.suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)

    def _serve(self, link: socket.socket) -> None:
        with link, contextlib.suppress(OSError):
            link.settimeout(FIRST_LINE_S)
            for line in _lines(link, within_s=FIRST_LINE_S):
                answer, known = self._answer(line)
                with self._lock:
                    self._strangers.pop(link, None)
                link.settimeout(IDLE_S)
                link.sendall(json.dumps(answer).encode() + b"\n")
                if not known:
                    break
        with self._lock:
            self._strangers.pop(link, None)

    def _answer(self, line: bytes) -> tuple[dict[str, object], bool]:
        """The answer, and whether the peer knew the token."""
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        token = request.pop("token", "") if isinstance(request, dict) else ""
        if not isinstance(token, str) or not hmac.compare_digest(
            token.encode("utf-8", "replace"), self._token.encode()
        ):
            return _error(Refused("control.wrong-token")), False
        return self._handled(str(request.pop("do", "")), request), True

    def _handled(self, do: str, request: dict[str, object]) -> dict[str, object]:
        handler = self._handlers.get(do)
        try:
            if handler is None:
                raise Refused("control.unknown", do=do[:40])
            return {"ok": True, "reply": handler(request)}
        except PipelineError as error:
            return _error(error)
        except Exception as error:
            log.exception("control request %s failed", do)
            return _error(Fatal("control.failed", do=do, error=type(error).__name__))


class ControlClient:
    """Asks the server whose file lies at `path`; every question is a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, do: str, timeout_s: float = 5.0, **fields: object) -> dict[str, object]:
        """The reply. The server's own PipelineError is raised again here; Temporary `control.not-running` when
        nobody listens, `control.no-answer` when it does not answer in time.
        """
        about = self._about()
        request = {**fields, "token": about.token, "do": do}
        try:
            with socket.create_connection(("127.0.0.1", about.port), timeout=timeout_s) as link:
                link.sendall(json.dumps(request).encode() + b"\n")
                line = next(_lines(link), None)
        except ConnectionRefusedError:
            raise Temporary("control.not-running") from None
        except OSError:
            raise Temporary("control.no-answer", do=do) from None
        return _reply(line, do)

    def _about(self) -> "_About":
        try:
            raw = json.loads(self._path.read_text(encoding="utf-8"))
            about = _About(port=int(raw["port"]), token=str(raw["token"]))
            pid, birth = int(raw["pid"]), raw["born"]
        except (OSError, ValueError, KeyError, TypeError):
            raise Temporary("control.not-running") from None
        now = platform.born(pid)
        if now is None or (isinstance(birth, float) and abs(now - birth) > 1.0):
            raise Temporary("control.not-running")
        return about


class _About(NamedTuple):
    port: int
    token: str


def _lines(link: socket.socket, within_s: float | None = None) -> Iterator[bytes]:
    """Lines as they come; ends at the end of the stream, at a line longer than is allowed, and when the first
    line is not there `within_s` (however busily its bytes drip).
    """
    held = b""
    until = None if within_s is None else time.monotonic() + within_s
    while True:
        while b"\n" in held:
            line, held = held.split(b"\n", 1)
            until = None
            yield line
        if len(held) > LINE_BYTES or (until is not None and time.monotonic() > until):
            return
        part = link.recv(65536)
        if not part:
            return
        held += part


def _error(error: PipelineError) -> dict[str, object]:
    kind = next((name for name, kind in KINDS.items() if isinstance(error, kind)), "Fatal")
    fields = json.loads(json.dumps(error.fields, default=str))
    return {"ok": False, "kind": kind, "code": error.code, "fields": fields}


def _reply(line: bytes | None, do: str) -> dict[str, object]:
    try:
        answer = json.loads(line or b"")
        if answer["ok"]:
            reply: dict[str, object] = answer["reply"]
            return reply
        kind, code, fields = KINDS[answer["kind"]], str(answer["code"]), dict(answer["fields"])
    except (ValueError, KeyError, TypeError):
        raise Temporary("control.no-answer", do=do) from None
    raise kind(code, **fields)
