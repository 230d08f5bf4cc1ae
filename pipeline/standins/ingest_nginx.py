"""The ingest's RTMP server: nginx with its RTMP module, on a port of loopback, recording what it takes.

nginx asks us by HTTP whether a publisher may come in; our answer renames the stream, so that no file and no log
is named after a key. One process in the foreground, no workers, nothing executed. It cannot listen on a local
socket: the module takes what comes there for its own workers, and neither asks nor records.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from pipeline import platform
from pipeline.errors import Fatal

_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
_START_S = 10.0
_TRIES = 5  # another program may take the free port before nginx does

_CONFIG = """\
load_module {module};
daemon off;
master_process off;
pid nginx.pid;
error_log error.log error;
events {{ worker_connections 128; }}
rtmp {{
    access_log off;
    server {{
        listen 127.0.0.1:{port};
        chunk_size 4096;
        max_message 8M;
        drop_idle_publisher {idle_s}s;
        application rtmp {{
            live on;
            deny play all;
            on_publish {hooks}/publish;
            on_publish_done {hooks}/done;
            on_update {hooks}/update;
            notify_update_timeout 1s;
            record all;
            record_path "{recordings}";
            record_suffix .flv;
            record_max_size {cap}K;
        }}
    }}
}}
"""


class Nginx:
    """Owns the process. `folder` holds its files (0700); `port` is known after `start`.

    On Linux it dies with the thread that called `start`. Raises `standin.nginx-missing`, `standin.nginx-failed`.
    """

    def __init__(self, folder: Path, hooks: str, *, cap_bytes: int, idle_s: int) -> None:
        self.recordings = folder / "recordings"
        self.port = 0
        self._folder = folder
        self._hooks = hooks
        self._cap_kb = max(1, cap_bytes // 1024)
        self._idle_s = idle_s
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if binary is None or not _MODULE.is_file():
            raise Fatal("standin.nginx-missing")
        for folder in (self._folder, self.recordings):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        platform.open_private(self._folder / "error.log", "ab").close()
        for _ in range(_TRIES):
            self.port = _free_port()
            self._process = self._launch(binary)
            if self._listens(self._process):
                return
            self.stop()
        raise Fatal("standin.nginx-failed", detail=self._said())

    def _launch(self, binary: str) -> subprocess.Popen[bytes]:
        config = _CONFIG.format(
            module=_MODULE,
            port=self.port,
            hooks=self._hooks,
            recordings=str(self.recordings).replace("\\", r"\\").replace('"', r"\""),
            cap=self._cap_kb,
            idle_s=self._idle_s,
        )
        with platform.open_private(self._folder / "nginx.conf", "wb") as file:
            file.write(config.encode())
        argv = [binary, "-p", str(self._folder), "-e", "error.log", "-c", "nginx.conf"]
        with platform.open_private(self._folder / "nginx.out", "wb") as sink:
            return subprocess.Popen(
                platform.die_with_parent(argv),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )

    def _listens(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the port answers while the process lives; False when it does not come to that."""
        limit = time.monotonic() + _START_S
        while time.monotonic() < limit and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process.poll() is None
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        return False

    def _said(self) -> str:
        texts = [
            path.read_text(encoding="utf-8", errors="replace")
            for path in (self._folder / "nginx.out", self._folder / "error.log")
            if path.is_file()
        ]
        return "".join(texts)[-300:].strip()

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
