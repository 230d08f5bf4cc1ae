"""A strict cable headend: receives the transport stream, analyses it as it comes, and reports what it saw.

It takes UDP (to one or to many), RTP and SRT (through a listening ffmpeg that hands the bytes on unchanged).
Memory and files are bounded however long it runs. Its folder gets report.json, stream.ts (the first
`copy_bytes`) and picture-NNN.png. As a program: python -m pipeline.standins.headend --url udp://HOST:PORT FOLDER
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from pipeline import platform
from pipeline.media.tr101290 import Analyser
from pipeline.media.transport import PACKET
from pipeline.standins.headend_watch import Watch
from pipeline.standins.headend_wire import Jitter, Rtp, UdpEar, WireReport
from pipeline.store.files import write_whole

COPY_BYTES = 64 << 20
_REPORT_EVERY_S = 2.0
_DATAGRAM = 7 * PACKET


class Headend:
    """One input of a headend. `url` is udp://, rtp:// or srt://HOST:PORT; port 0 takes a free one.

    `rate` is the mux rate in bits a second that was agreed on, or None to learn it from the stream. Use it as
    a context manager, or `start` and `stop`; `report` may be asked for at any time.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        rate: int | None = None,
        interface: str | None = None,
        passphrase: str = "",
        copy_bytes: int = COPY_BYTES,
        watch: bool = True,
        picture_s: float = 10.0,
    ) -> None:
        parts = urlsplit(url)
        self._kind, self._host, port = parts.scheme, parts.hostname or "127.0.0.1", parts.port or 0
        if self._kind not in ("udp", "rtp", "srt"):
            raise ValueError(self._kind)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._passphrase = passphrase
        self._ear = UdpEar(self._host, port, interface) if self._kind != "srt" else None
        self._port = self._ear.port if self._ear else port or _free_port(self._host)
        self._copy_left = copy_bytes
        self._copy = (folder / "stream.ts").open("wb")
        self._watch = Watch(folder, picture_s=picture_s) if watch else None
        self._analyser = Analyser(rate=rate)
        self._jitter = Jitter()
        self._wire = WireReport()
        self._rtp = Rtp(self._wire)
        self._first: float | None = None
        self._last = 0.0
        self._born = time.time()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._listener: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="headend", daemon=True)

    @property
    def url(self) -> str:
        """Where to send to."""
        return f"{self._kind}://{self._host}:{self._port}"

    def start(self) -> "Headend":
        if self._kind == "srt":
            self._listener = self._listen_srt()
        self._thread.start()
        return self

    def stop(self) -> dict[str, Any]:
        """End the reception; the final report, which also lies in report.json."""
        self._stop.set()
        if self._listener is not None:
            self._listener.kill()
            self._listener.wait(5.0)
        self._thread.join(5.0)
        if self._ear is not None:
            self._ear.close()
        self._copy.close()
        self._analyser.finish()
        if self._watch is not None:
            self._watch.finish()
        return self._write_report()

    def __enter__(self) -> "Headend":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if not self._stop.is_set():
            self.stop()

    def _run(self) -> None:
        written = time.monotonic()
        read = self._from_socket if self._ear is not None else self._from_pipe
        while not self._stop.is_set():
            if not read():
                break
            if time.monotonic() - written > _REPORT_EVERY_S:
                written = time.monotonic()
                self._write_report()

    def _from_socket(self) -> bool:
        assert self._ear is not None
        got = self._ear.receive()
        if got is not None:
            data, arrival = got
            if self._kind == "rtp":
                data = self._rtp.payload(data)
            if len(data) != _DATAGRAM:
                self._wire.wrong_sizes += 1
            self._take(data, arrival)
        return True

    def _from_pipe(self) -> bool:
        assert self._listener is not None
        data = os.read(cast(IO[bytes], self._listener.stdout).fileno(), _DATAGRAM)
        if data:
            self._take(data, time.time())
        return bool(data)

    def _take(self, data: bytes, arrival: float) -> None:
        with self._lock:
            wire = self._wire
            if self._first is None:
                self._first = self._last = arrival
            wire.longest_gap_ms = max(wire.longest_gap_ms, (arrival - self._last) * 1000)
            self._last = arrival
            rate = self._analyser.findings.bitrate
            if rate:
                self._jitter.add(arrival - self._first, wire.bytes, rate)
            wire.datagrams += 1
            wire.bytes += len(data)
            self._analyser.feed(data)
        if self._copy_left >= len(data):
            self._copy_left -= len(data)
            self._copy.write(data)
        if self._watch is not None:
            self._watch.feed(data)

    def report(self) -> dict[str, Any]:
        """What has been received so far: plain data, see `tr_findings.Findings`, `WireReport`, `WatchReport`."""
        with self._lock:
            found, wire = self._analyser.findings, self._wire
            wire.seconds = self._last - self._first if self._first is not None else 0.0
            wire.bitrate = wire.bytes * 8 / wire.seconds if wire.seconds > 0 else 0.0
            wire.jitter_p95_ms = self._jitter.percentile(0.95)
            wire.jitter_max_ms = self._jitter.longest
            picture = found.first_picture_s
            return {
                "url": self.url,
                "wire": asdict(wire),
                "stream": found.as_json(),
                "priority_1_and_2": found.of_priority(2),
                "continuity_errors": found.count("Continuity_count_error"),
                "service": {"name": found.service_name, "provider": found.service_provider, "id": found.service_id},
                "first_byte_after_s": self._first - self._born if self._first is not None else None,
                "first_picture_after_s": (
                    self._first - self._born + picture if self._first is not None and picture is not None else None
                ),
                "watch": asdict(self._watch.report) if self._watch is not None else None,
            }

    def first_picture_at(self) -> float | None:
        """When the first picture's first packet arrived (UNIX time); None before."""
        after = self.report()["first_picture_after_s"]
        return self._born + float(after) if after is not None else None

    def _write_report(self) -> dict[str, Any]:
        report = self.report()
        write_whole(self.folder / "report.json", json.dumps(report, ensure_ascii=False, indent=2))
        return report

    def _listen_srt(self) -> subprocess.Popen[bytes]:
        url = f"srt://{self._host}:{self._port}?mode=listener&transtype=live"
        if self._passphrase:
            url += f"&passphrase={self._passphrase}"
        command = ["ffmpeg", "-hide_banner", "-nostats", "-nostdin"]
        command += ["-loglevel", "error"]
        command += ["-f", "data"]
        command += ["-raw_packet_size", str(_DATAGRAM)]
        command += ["-i", url]
        command += ["-map", "0"]
        command += ["-c", "copy"]
        command += ["-flush_packets", "1"]
        command += ["-f", "data", "pipe:1"]
        return subprocess.Popen(
            platform.die_with_parent(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="udp://127.0.0.1:0")
    parser.add_argument("--rate", type=int, default=None, help="agreed mux rate, bits a second")
    parser.add_argument("--interface", default=None, help="address to join a group on")
    parser.add_argument("--seconds", type=float, default=3600.0, help="ends by itself after so long")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Headend(options.url, options.folder, rate=options.rate, interface=options.interface) as headend:
        write_whole(options.folder / "url.txt", headend.url)
        stop.wait(options.seconds)
        headend.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
