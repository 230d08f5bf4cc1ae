"""A webhook's receiving end on this machine: https, and strict about what it is sent."""

import http.server
import json
import threading
from typing import Any

from pipeline.standins.certificates import Certificates

LONGEST = 64 * 1024


class Hook:
    """Enter it to listen; `calls` are (headers in lower case, body). `answer` is the status that it gives."""

    def __init__(self, certificates: Certificates) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answer = 204
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 20

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "-1"))
                body = self.rfile.read(size) if 0 <= size <= LONGEST else b""
                hook.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(hook.answer)
                if hook.answer // 100 == 3:
                    self.send_header("Location", "https://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is written anywhere."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = certificates.server_context()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}/hook/geheim"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="hook", daemon=True)

    def __enter__(self) -> "Hook":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.calls]
