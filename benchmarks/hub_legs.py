"""What the hub adds: latency from publisher to far end, and processor time a leg. Prints one line of JSON.

Usage: python benchmarks/hub_legs.py [--legs 4] [--seconds 20]. A film (720p25, 3 Mb/s) is made first and then
sent in real time by a plain publisher, so that no encoder is measured.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.hub.spec import LegSpec
from tests.support.far_end import FarEnd, slices, wait_for
from tests.support.hubs import KEY, hub_process
from tests.support.packets import film_packets
from tests.support.rtmp_peer import Peer, message, opening


def made(path: Path, seconds: int) -> Path:
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25"]
    argv += ["-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", str(seconds), "-c:v", "libx264"]
    argv += ["-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "3M", "-maxrate", "3M", "-bufsize", "3M"]
    argv += ["-x264-params", "nal-hrd=cbr", "-g", "50", "-c:a", "aac", "-b:a", "128k", "-ac", "2"]
    subprocess.run([*argv, "-f", "flv", str(path)], check=True, timeout=300)
    return path


def tags(flv: bytes) -> list[tuple[int, int, bytes]]:
    out, at = [], 13
    while at + 11 <= len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4], "big")
        stamp = int.from_bytes(flv[at + 4 : at + 7], "big") | flv[at + 7] << 24
        out.append((flv[at], stamp, flv[at + 11 : at + 11 + size]))
        at += size + 15
    return out


def publish(port: int, film: Path, sent: list[float]) -> None:
    """Send the film in real time; `sent` gets the moment at which each picture had left."""
    stop = threading.Event()
    with Peer(port) as peer:
        peer.say(opening("live", KEY))
        peer.hear(b"Publish.Start")
        chunk_size = message(1, (65536).to_bytes(4, "big"), stream=0, chunk_stream=2)
        peer.say(chunk_size)
        zero = time.monotonic()
        for kind, stamp, body in tags(film.read_bytes()):
            stop.wait(max(0.0, zero + stamp / 1000 - time.monotonic()))
            if kind == 9 and body[1] == 1:
                sent.append(time.monotonic())
            peer.say(message(kind, body, timestamp=stamp, size=65536))


class TimedFarEnd(FarEnd):
    """Notes when each picture arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: dict[bytes, float] = {}

    def on_packet(self, packet: object) -> None:
        data = b"".join(slices(packet.data))  # type: ignore[attr-defined]
        self.arrived.setdefault(data[:200] + data[-200:], time.monotonic())


def processor_s(process: psutil.Process) -> dict[int, float]:
    family = [process, *process.children(recursive=True)]
    return {one.pid: sum(one.cpu_times()[:2]) for one in family}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--legs", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = made(folder / "film.flv", options.seconds)
        pictures = [
            (lambda d: d[:200] + d[-200:])(b"".join(slices(p.data)))
            for p in film_packets(film)
            if p.kind == "video"
        ]
        ends = [TimedFarEnd().__enter__() for _ in range(options.legs)]
        legs = [LegSpec(f"leg{n}", "rtmp", end.url, end.key) for n, end in enumerate(ends)]
        with hub_process(folder, legs) as hub:
            wait_for(lambda: all(hub.leg(leg.name)["pid"] for leg in legs))
            assert hub.process
            process, sent = psutil.Process(hub.process.pid), []
            sender = threading.Thread(target=publish, args=(hub.port, film, sent))
            sender.start()
            wait_for(lambda: all(hub.leg(leg.name)["state"] == "up" for leg in legs), 30)
            before, began = processor_s(process), time.monotonic()
            sender.join()
            after, spent = processor_s(process), time.monotonic() - began
            memory = sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])
            hub_memory = process.memory_info().rss
        for end in ends:
            end.__exit__()
        late = sorted(
            (end.arrived[picture] - moment) * 1000
            for end in ends
            for picture, moment in zip(pictures, sent, strict=False)
            if picture in end.arrived
        )
        shares = {pid: (after[pid] - before.get(pid, 0)) / spent * 100 for pid in after}
        result = {
            "legs": options.legs,
            "pictures": len(late) / options.legs,
            "of": len(pictures),
            "latency_ms_median": round(statistics.median(late), 1),
            "latency_ms_p95": round(late[int(len(late) * 0.95)], 1),
            "hub_percent": round(shares.pop(process.pid), 2),
            "leg_percent": [round(share, 2) for share in shares.values() if share > 0.2],
            "hub_mb": hub_memory // 1_000_000,
            "all_mb": memory // 1_000_000,
        }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
