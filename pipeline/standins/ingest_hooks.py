"""Answers nginx's questions about publishers, by HTTP on loopback under an address that cannot be guessed."""

import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote

Ask = Callable[[str, str, str], str | None]


class Hooks:
    """`ask(call, client, key)` gets `publish`, `update` or `done` and the connection's number.

    For `publish` it gives the name to record under; None refuses. For `update` None ends the stream.
    """

    def __init__(self, ask: Ask) -> None:
        path = f"/{secrets.token_urlsafe(16)}"

        class Handler(BaseHTTPRequestHandler):
            calls: ClassVar[frozenset[str]] = frozenset({"publish", "update", "done"})

            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length", "0") or 0), 65536)
                body = self.rfile.read(length).decode("utf-8", "replace")
                folder, _, call = self.path.rpartition("/")
                if folder != path or call not in self.calls:
                    self._reply(404)
                    return
                client = parse_qs(body).get("clientid", [""])[0]
                name = ask(call, client, stream_key(body))
                if name is None:
                    self._reply(403)
                elif call == "publish":
                    self._reply(302, name)
                else:
                    self._reply(200)

            def _reply(self, status: int, location: str | None = None) -> None:
                self.send_response(status)
                if location is not None:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the requests carry keys."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{path}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="ingest-hooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()


def stream_key(body: str) -> str:
    """The key as the publisher gave it: nginx splits it into `name` and, raw at the end, what followed `?`."""
    before, _, after = body.partition("&name=")
    name, _, rest = after.partition("&")
    for own in ("type=live", "type=record", "type=append"):
        rest = rest.removeprefix(own)
    arguments = rest.removeprefix("&")
    return unquote(name) + (f"?{arguments}" if arguments else "") if before else ""
