"""The stand-in for graph.facebook.com: an HTTPS server on loopback, as strict as the documented API.

    with GraphStandIn(world, certificates) as graph:
        FacebookDestination(..., graph_url=graph.url, tls_ca=certificates.ca)
        graph.fail_next("*/live_videos", "html-502")

It keeps what it saw, without tokens and keys, for `report()`.
"""

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable
from fnmatch import fnmatchcase

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.clock import utc_text
from pipeline.standins.certificates import Certificates
from pipeline.standins.graph_api import Call, GraphApi
from pipeline.standins.graph_faults import ENVELOPES, WIRE, Envelope, GraphFault
from pipeline.standins.graph_form import read_form, read_query
from pipeline.standins.graph_world import World

HANG_S = 60.0
MAX_BODY = 4 << 20
_KEPT = 2000
_PAGE_502 = "<html><head><title>502</title></head><body>Sorry, something went wrong.</body></html>"


class GraphStandIn:
    """Owns the server's thread; `with` starts and stops it. Without certificates it speaks plain HTTP."""

    def __init__(self, world: World, certificates: Certificates | None = None, *, version: str = "v26.0") -> None:
        self.world = world
        self._api = GraphApi(world, version)
        self._certificates = certificates
        self._faults: deque[tuple[str, str, str]] = deque()
        self._seen: deque[dict[str, object]] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """`https://localhost:PORT`."""
        assert self._socket is not None, "not started"
        scheme = "http" if self._certificates is None else "https"
        return f"{scheme}://localhost:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            Starlette(routes=[Route("/{path:path}", self._handle, methods=["GET", "POST", "DELETE", "PUT"])]),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
            ssl_certfile=None if self._certificates is None else self._certificates.chain,
            ssl_keyfile=None if self._certificates is None else self._certificates.key,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="graph-stand-in", daemon=True
        )
        self._thread.start()  # the socket listens already: an early client waits in its queue

    def stop(self) -> None:
        """End the server; a request that hangs is let go."""
        self._released.set()
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.force_exit = True  # clients that keep their connections are not waited for
            self._thread.join(10)
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> "GraphStandIn":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fail_next(self, path: str, fault: str, *, method: str = "*", times: int = 1) -> None:
        """Answer the next `times` requests whose path matches (`*/live_videos`, `*`) with a named fault."""
        if fault not in ENVELOPES and fault not in WIRE:
            raise ValueError(f"no such fault: {fault}")
        with self._lock:
            self._faults.extend([(path, method, fault)] * times)

    def report(self) -> dict[str, object]:
        """What was asked and answered, and what the Page looks like now; no token, no stream key."""
        with self._lock:
            seen = list(self._seen)
        lives = [
            {
                "id": live.id,
                "title": live.title,
                "status": live.state,
                "history": list(live.history),
                "video": live.video_id,
                "captions": sorted(self.world.videos[live.video_id].captions),
                "streams": [{"id": stream.id, "health": dict(stream.health)} for stream in live.streams],
            }
            for live in self.world.lives.values()
        ]
        return {"requests": seen, "lives": lives, "faults": sorted({str(s["fault"]) for s in seen if s["fault"]})}

    async def _handle(self, request: Request) -> Response:
        """One request: its form, a fault that was ordered, or the API's answer; all of it noted."""
        note: dict[str, object] = {
            "at": utc_text(self.world.clock.utc()),
            "method": request.method,
            "path": request.url.path,
            "params": [],
            "fault": None,
            "status": 0,
            "code": 0,
        }
        with self._lock:
            self._seen.append(note)
        try:
            call = await self._read(request, note)
            ordered = self._ordered(request)
            if ordered in WIRE:
                note["injected"] = ordered
                return await self._broken(ordered)
            if ordered is not None:
                note["injected"] = ordered
                raise GraphFault(ENVELOPES[ordered])
            response: Response = JSONResponse(self._api.answer(call))
        except GraphFault as fault:
            response = self._refusal(fault.envelope, self._token(request, {}))
            note["code"] = fault.envelope.code
        note["status"] = response.status_code
        return response

    async def _read(self, request: Request, note: dict[str, object]) -> Call:
        query = read_query(request.url.query)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                raise GraphFault(Envelope(413, 1, "Request too large"))
        form = read_form(request.headers.get("content-type", ""), bytes(body))
        given = query | form.fields
        note["params"] = sorted(set(given) - {"access_token"}) + sorted(form.files)
        if "access_token" in query:
            note["fault"] = "token in the address"
        token = self._token(request, given)
        given.pop("access_token", None)
        if request.method == "POST" and set(query) - {"access_token"}:
            note["fault"] = "parameters of a POST in the address"
        return Call(request.method, request.url.path, token, given, form.files)

    def _token(self, request: Request, given: dict[str, str]) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token if scheme in ("Bearer", "OAuth") else given.get("access_token", "")

    def _ordered(self, request: Request) -> str | None:
        with self._lock:
            for entry in self._faults:
                path, method, fault = entry
                if fnmatchcase(request.url.path, path) and method in ("*", request.method):
                    self._faults.remove(entry)
                    return fault
        return None

    def _refusal(self, envelope: Envelope, token: str) -> Response:
        body = envelope.body()
        error = body["error"]
        assert isinstance(error, dict)
        error["message"] = str(error["message"]).replace("{token}", token)
        return JSONResponse(body, status_code=envelope.status, headers=envelope.headers)

    async def _broken(self, fault: str) -> Response:
        if fault == "hang":
            await asyncio.get_running_loop().run_in_executor(None, self._released.wait, HANG_S)
        answers: dict[str, Callable[[], Response]] = {
            "bad-json": lambda: Response('{"id": ', media_type="application/json"),
            "no-type": lambda: Response(b"what?"),
            "redirect": lambda: Response(status_code=302, headers={"location": "https://localhost:1/login"}),
            "cut": lambda: Response(b"{", media_type="application/json", headers={"content-length": "500"}),
            "empty-500": lambda: JSONResponse({}, status_code=500),
        }
        return answers.get(fault, lambda: Response(_PAGE_502, status_code=502, media_type="text/html"))()
