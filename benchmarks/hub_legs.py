"""What the hub and its legs cost: processor time, added latency, memory; beside one ffmpeg that does the same.

Usage: ./run bench hub_legs [--legs 1,2,4] [--seconds 15]. A film (720p25, 3 Mb/s) is made first and then sent in
real time by a plain publisher, so that no encoder is measured. Far ends, publisher and clock are the same for
both. Latency is a picture's way from the publisher's socket to the far end's demuxer; what the far end itself
costs is in it for both.
"""

import argparse
import contextlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import Used, machine, table, used
from pipeline import platform
from pipeline.hub.spec import LegSpec
from pipeline.standins.screenless_obs import free_port
from tests.support.far_end import FarEnd, slices, wait_for
from tests.support.hubs import KEY, hub_process
from tests.support.packets import film_packets
from tests.support.rtmp_peer import Peer, message, opening

UP_S, SETTLED_S = 30.0, 3.0
IN_FLIGHT = 3  # pictures on their way when the film ends: a demuxer holds one back
MUX_KBPS = 5000
CABLE = {
    "width": 1280,
    "height": 720,
    "video_codec": "copy",
    "video_kbps": 3500,
    "interlaced": False,
    "audio_kbps": 192,
    "mux_kbps": MUX_KBPS,
    "service_name": "Dom Kultury",
    "service_provider": "Gmina",
}


@dataclass(frozen=True)
class Result:
    """Shares in per cent of one core; `legs_percent` of all leg processes together; None where there are none."""

    what: str
    legs: int
    main_percent: float
    legs_percent: float | None
    late_ms: tuple[float, ...]
    resident_mb: float
    lost: int

    @property
    def percent(self) -> float:
        return self.main_percent + (self.legs_percent or 0.0)

    def row(self) -> tuple[object, ...]:
        late = self.late_ms
        middle = round(statistics.median(late), 1) if late else None
        p95 = round(late[int(len(late) * 0.95)], 1) if late else None
        each = self.legs_percent / self.legs if self.legs_percent is not None else None
        resident = round(self.resident_mb)
        return (self.what, self.legs, self.main_percent, each, self.percent, middle, p95, resident, self.lost)


HEAD = (
    "what",
    "legs",
    "hub / ffmpeg %",
    "a leg's process %",
    "all %",
    "latency median ms",
    "p95 ms",
    "memory MB",
    "pictures lost",
)


def made(path: Path, seconds: int) -> Path:
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error"]
    argv += ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25"]
    argv += ["-f", "lavfi", "-i", "sine=sample_rate=48000"]
    argv += ["-t", str(seconds)]
    argv += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
    argv += ["-b:v", "3M", "-maxrate", "3M", "-bufsize", "3M"]
    argv += ["-x264-params", "nal-hrd=cbr", "-g", "50"]
    argv += ["-c:a", "aac", "-b:a", "128k", "-ac", "2"]
    subprocess.run([*argv, "-f", "flv", str(path)], check=True, timeout=300)
    return path


def tags(flv: bytes) -> list[tuple[int, int, bytes]]:
    """(kind, milliseconds, body) of every FLV tag."""
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
        peer.say(message(1, (65536).to_bytes(4, "big"), stream=0, chunk_stream=2))
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
        self.arrived.setdefault(mark(packet.data), time.monotonic())  # type: ignore[attr-defined]


def mark(annex_b: bytes) -> bytes:
    """What a picture is known by at both ends."""
    data = b"".join(slices(annex_b))
    return data[:200] + data[-200:]


@contextlib.contextmanager
def far_ends(count: int) -> Iterator[list[TimedFarEnd]]:
    with contextlib.ExitStack() as opened:
        yield [opened.enter_context(TimedFarEnd()) for _ in range(count)]


@contextlib.contextmanager
def headend() -> Iterator[str]:
    """A UDP address that swallows what comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        yield f"udp://127.0.0.1:{ear.getsockname()[1]}"


@contextlib.contextmanager
def ffmpeg(argv: Sequence[str], log: Path) -> Iterator[int]:
    """A running ffmpeg; its pid."""
    with log.open("wb") as sink:
        child = subprocess.Popen(platform.die_with_parent(argv), stdin=subprocess.DEVNULL, stderr=sink)
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def listening(port: int) -> list[str]:
    """ffmpeg as the one that takes OBS's stream, with the probing that hub.md's prototypes found good."""
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error"]
    argv += ["-analyzeduration", "500000", "-probesize", "200000"]
    return [*argv, "-listen", "1", "-f", "flv", "-i", f"rtmp://127.0.0.1:{port}/live/{KEY}"]


def sent_through(
    what: str, port: int, pid: int, film: Path, ends: Sequence[TimedFarEnd], legs: int, up: Callable[[], object]
) -> Result:
    """Publish the film and measure from SETTLED_S after everything is up until its end."""
    sent: list[float] = []
    sender = threading.Thread(target=publish, args=(port, film, sent), daemon=True)
    sender.start()
    wait_for(up, UP_S, f"{what}: not up")
    threading.Event().wait(SETTLED_S)
    before, began = used(pid), time.monotonic()
    sender.join(120)
    after, spent = used(pid), time.monotonic() - began
    threading.Event().wait(0.5)
    pictures = [mark(packet.data) for packet in film_packets(film) if packet.kind == "video"]
    late, lost = latencies(pictures, sent, ends, began)
    main, rest = shares(before, after, pid, spent)
    return Result(what, legs, main, rest if len(after.seconds) > 1 else None, late, before.total_mb, lost)


def shares(before: Used, after: Used, pid: int, spent: float) -> tuple[float, float]:
    """Per cent of a core: the process itself, and all of its children."""
    cost = {one: (seconds - before.seconds.get(one, 0.0)) / spent * 100 for one, seconds in after.seconds.items()}
    main = cost.pop(pid, 0.0)
    return main, sum(cost.values())


def latencies(
    pictures: list[bytes], sent: list[float], ends: Sequence[TimedFarEnd], since: float
) -> tuple[tuple[float, ...], int]:
    """Milliseconds of every picture sent after `since`, sorted; and how many never came."""
    seen = list(zip(pictures, sent, strict=False))[:-IN_FLIGHT]
    due = [(picture, at) for picture, at in seen if at >= since]
    late = [(end.arrived[picture] - at) * 1000 for end in ends for picture, at in due if picture in end.arrived]
    return tuple(sorted(late)), len(due) * len(ends) - len(late)


def our_rtmp(folder: Path, film: Path, count: int) -> Result:
    with far_ends(count) as ends:
        legs = [LegSpec(f"leg{n}", "rtmp", end.url, end.key) for n, end in enumerate(ends)]
        with hub_process(folder, legs) as hub:
            assert hub.process
            wait_for(lambda: all(hub.leg(leg.name)["pid"] for leg in legs))
            up = lambda: all(hub.leg(leg.name)["state"] == "up" for leg in legs)  # noqa: E731
            return sent_through("hub", hub.port, hub.process.pid, film, ends, count, up)


def our_cable(folder: Path, film: Path) -> Result:
    with headend() as url:
        leg = LegSpec("cable", "cable", url, "", CABLE)
        with hub_process(folder, [leg]) as hub:
            assert hub.process
            wait_for(lambda: hub.leg("cable")["pid"])
            up = lambda: hub.leg("cable")["state"] == "up"  # noqa: E731
            return sent_through("hub, cable copy", hub.port, hub.process.pid, film, (), 1, up)


def their_rtmp(folder: Path, film: Path, count: int) -> Result:
    port = free_port()
    with far_ends(count) as ends:
        slaves = "|".join(f"[f=flv]{end.url}/{end.key}" for end in ends)
        argv = [*listening(port), "-map", "0", "-c", "copy", "-f", "tee", "-use_fifo", "1", slaves]
        with ffmpeg(argv, folder / "ffmpeg.log") as pid:
            wait_for(lambda: listens(port), UP_S, "ffmpeg does not listen")
            up = lambda: all(end.arrived for end in ends)  # noqa: E731
            return sent_through("ffmpeg tee + fifo", port, pid, film, ends, count, up)


def their_cable(folder: Path, film: Path) -> Result:
    port = free_port()
    with headend() as url:
        argv = [*listening(port), "-map", "0", "-c:v", "copy", "-c:a", "mp2", "-b:a", "192k"]
        argv += ["-f", "mpegts", "-muxrate", f"{MUX_KBPS}k", f"{url}?pkt_size=1316&bitrate={MUX_KBPS}000"]
        with ffmpeg(argv, folder / "ffmpeg-cable.log") as pid:
            wait_for(lambda: listens(port), UP_S, "ffmpeg does not listen")
            return sent_through("ffmpeg, cable copy", port, pid, film, (), 1, lambda: True)


def listens(port: int) -> bool:
    """Whether somebody listens there, without connecting: ffmpeg takes only one connection."""
    wanted = f"0100007F:{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(parts[1] == wanted and parts[3] == "0A" for parts in map(str.split, lines))


def summary(results: Sequence[Result]) -> str:
    """One more leg, and both sides as ratios."""
    ours = {one.legs: one for one in results if one.what == "hub"}
    theirs = {one.legs: one for one in results if one.what.startswith("ffmpeg tee")}
    rows: list[tuple[object, ...]] = []
    few, many = min(ours), max(ours)
    if many > few:
        for name, side in (("hub", ours), ("ffmpeg tee + fifo", theirs)):
            more = (side[many].percent - side[few].percent) / (many - few)
            rows.append((f"one more leg, {name}", f"{more:.2f} % of a core"))
    for count in sorted(ours):
        ratio = ours[count].percent / theirs[count].percent if theirs[count].percent else 0.0
        memory = ours[count].resident_mb / theirs[count].resident_mb
        rows.append((f"hub / ffmpeg, {count} legs", f"processor {ratio:.1f}, memory {memory:.1f}"))
    return table(("", ""), rows)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--legs", default="1,2,4")
    parser.add_argument("--seconds", type=int, default=15, choices=range(8, 121), metavar="8…120")
    options = parser.parse_args(arguments)
    counts = [int(text) for text in options.legs.split(",")]
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="ekultura-bench-") as name:
        folder, results = Path(name), list[Result]()
        film = made(folder / "film.flv", options.seconds)
        for count in counts:
            for side in (our_rtmp, their_rtmp):
                where = folder / f"{side.__name__}-{count}"
                where.mkdir()
                results.append(side(where, film, count))
        for cable in (our_cable, their_cable):
            where = folder / cable.__name__
            where.mkdir()
            results.append(cable(where, film))
        print(table(HEAD, [one.row() for one in results]), flush=True)
        print(f"\n{summary(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
