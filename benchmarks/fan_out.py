"""The hub beside what one would take instead: one ffmpeg with tee and fifo, and nginx-rtmp with push; three faults.

Usage: ./run bench fan_out [--seconds 15]. First a quiet run of each (720p25, 3 Mb/s, three legs): processor time
and added latency. Then, all three side by side in the same moments (640×360), each of them in turn with one far
end dead for 10 s, one far end frozen for 12 s, and the source killed for 8 s: pictures lost, by payload, at the far
ends that nobody hurt. An ffmpeg or nginx that ends is begun again a second later, as a service would do.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.faults import film as films
from benchmarks.faults import payload
from benchmarks.faults.film import Film
from benchmarks.faults.publisher import Publisher
from benchmarks.faults.wires import TcpWire
from benchmarks.hub_legs import Result, far_ends, listening, listens, made, sent_through
from pipeline.hub.spec import LegSpec
from pipeline.standins.screenless_obs import free_port
from tests.support.far_end import FarEnd, wait_for
from tests.support.hubs import KEY, hub_process

UP_S, LEGS = 40.0, 3
NGINX = """\
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 64; }}
rtmp {{ server {{
    listen 127.0.0.1:{port};
    chunk_size 4096;
    application live {{ live on; push_reconnect 1s; {pushes} }}
}} }}
"""


class Service:
    """A program that is begun again a second after it ends."""

    def __init__(self, argv: Sequence[str], log: Path) -> None:
        self._argv, self._log = argv, log
        self._stop = threading.Event()
        self._child = self._begin()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def close(self) -> None:
        self._stop.set()
        self._child.kill()
        self._thread.join(5)
        self._child.kill()
        self._child.wait()

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as sink:
            return subprocess.Popen(self._argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._child.wait()
            if not self._stop.wait(1.0):
                self._child = self._begin()


@dataclass(frozen=True)
class Running:
    """A contender at work: where to publish to, and which process to measure."""

    port: int
    pid: int


Contender = Callable[[Path, Sequence[str], str], contextlib.AbstractContextManager[Running]]


@contextlib.contextmanager
def ours(folder: Path, urls: Sequence[str], key: str) -> Iterator[Running]:
    legs = [LegSpec(f"leg{number}", "rtmp", url, key) for number, url in enumerate(urls)]
    with hub_process(folder, legs) as hub:
        assert hub.process
        yield Running(hub.port, hub.process.pid)


@contextlib.contextmanager
def tee(folder: Path, urls: Sequence[str], key: str) -> Iterator[Running]:
    port = free_port()
    slaves = "|".join(f"[f=flv:onfail=ignore]{url}/{key}" for url in urls)
    argv = [*listening(port), "-map", "0", "-c", "copy", "-f", "tee"]
    argv += ["-use_fifo", "1"]
    argv += ["-fifo_options", "attempt_recovery=1:recover_any_error=1:recovery_wait_time=1:drop_pkts_on_overflow=1"]
    argv += [slaves]
    with contextlib.closing(Service(argv, folder / "ffmpeg.log")) as service:
        wait_for(lambda: listens(port), UP_S, "ffmpeg does not listen")
        yield Running(port, service.pid)


@contextlib.contextmanager
def push(folder: Path, urls: Sequence[str], key: str) -> Iterator[Running]:
    port = free_port()
    pushes = " ".join(f"push {url}/{key};" for url in urls)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, pushes=pushes), encoding="utf-8")
    argv = ["nginx", "-p", str(folder), "-e", "error.log", "-c", str(folder / "nginx.conf")]
    with contextlib.closing(Service(argv, folder / "nginx.log")) as service:
        wait_for(lambda: listens(port), UP_S, "nginx does not listen")
        yield Running(port, service.pid)


CONTENDERS: dict[str, Contender] = {"hub": ours, "ffmpeg tee + fifo": tee, "nginx-rtmp push": push}


def quiet(name: str, folder: Path, film: Path) -> Result:
    """Processor time and latency while nothing happens."""
    folder.mkdir()
    with far_ends(LEGS) as ends, CONTENDERS[name](folder, [end.url for end in ends], ends[0].key) as at_work:
        up = lambda: all(end.arrived for end in ends)  # noqa: E731
        return sent_through(name, at_work.port, at_work.pid, film, ends, LEGS, up)


class Bench:
    """One contender in a fault: three far ends, the first behind a wire, and a publisher of its own."""

    def __init__(self, publisher: Publisher, wire: TcpWire, ends: Sequence[FarEnd]) -> None:
        self.publisher, self.wire, self.ends = publisher, wire, ends

    def wait(self, seconds: float) -> None:
        threading.Event().wait(seconds)


def dead(bench: Bench) -> None:
    bench.wire.become("refuse")
    bench.wire.cut()
    bench.wait(10)
    bench.wire.become("whole")


def frozen(bench: Bench) -> None:
    bench.wire.become("frozen")
    bench.wait(12)
    bench.wire.cut()
    bench.wire.become("whole")


def source(bench: Bench) -> None:
    bench.publisher.away()
    bench.wait(8)
    bench.publisher.back()


FAULTS = {"one far end dead, 10 s": dead, "one far end frozen, 12 s": frozen, "source killed, 8 s": source}


@dataclass(frozen=True)
class Hurt:
    """Of the two far ends that were not hurt the worse one; `back_s` is how long until the hurt one got pictures
    again (of a dead source: until any did), None: not within 20 s. `silent_s`: the others' longest silence.
    """

    fault: str
    what: str
    lost: int
    sessions: int
    silent_s: float
    back_s: float | None

    def row(self) -> tuple[object, ...]:
        back = f"{self.back_s:.1f}" if self.back_s is not None else "not in 20 s"
        return (self.fault, self.what, self.lost, self.sessions, f"{self.silent_s:.1f}", back)


class Timed(FarEnd):
    """Notes when pictures came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def on_packet(self, packet: object) -> None:
        if packet.kind == "video":  # type: ignore[attr-defined]
            self.times.append(time.monotonic())


def hurt(fault: str, name: str, folder: Path, film: Film) -> Hurt:
    folder.mkdir()
    with contextlib.ExitStack() as opened:
        ends = [opened.enter_context(Timed()) for _ in range(LEGS)]
        wire = opened.enter_context(TcpWire(ends[0].port))
        urls = [f"rtmp://127.0.0.1:{wire.port}/{ends[0].app}", *(end.url for end in ends[1:])]
        at_work = opened.enter_context(CONTENDERS[name](folder, urls, ends[0].key))
        url = f"rtmp://127.0.0.1:{at_work.port}/live/{KEY}"
        publisher = Publisher(film, url, folder / "publisher.log")
        opened.callback(publisher.stop)
        publisher.start()
        wait_for(lambda: all(len(end.times) > 50 for end in ends), UP_S, f"{name}: not up")
        bench, begun = Bench(publisher, wire, ends), time.monotonic()
        FAULTS[fault](bench)
        mended = time.monotonic()
        back_s = _back(ends[0], mended)
        bench.wait(3)
        publisher.goodbye()
        bench.wait(2)
        return _told(fault, name, film, publisher, ends, begun, back_s)


def _back(end: Timed, mended: float) -> float | None:
    with contextlib.suppress(AssertionError):
        wait_for(lambda: end.times[-1] > mended + 0.2, 20)
        return next(at for at in end.times if at > mended + 0.2) - mended
    return None


def _told(
    fault: str,
    name: str,
    film: Film,
    publisher: Publisher,
    ends: Sequence[Timed],
    begun: float,
    back_s: float | None,
) -> Hurt:
    seen = [
        [
            [(film.numbers.get(films.digest(one.data)), one.pts_us) for one in session if one.kind == "video"]
            for session in end.sessions
        ]
        for end in ends
    ]
    sent = payload.due(publisher.runs, seen)
    others = [payload.tally([session for session in place if session], sent) for place in seen[1:]]
    return Hurt(
        fault,
        name,
        max(one.lost for one in others),
        max(one.sessions for one in others),
        max(_silence(end.times, begun) for end in ends[1:]),
        back_s,
    )


def _silence(times: Sequence[float], since: float) -> float:
    late = [at for at in times if at >= since - 0.5]
    return max((later - earlier for earlier, later in pairwise(late)), default=0.0)


def quiet_rows(results: Sequence[Result]) -> Iterator[tuple[object, ...]]:
    """What each costs; the others as ratios to nothing: the hub's figure divided by theirs."""
    base = results[0]
    for one in results:
        late = one.late_ms
        ratio = f"{base.percent / one.percent:.1f}" if one.percent else None
        middle = round(statistics.median(late), 1) if late else None
        p95 = round(late[int(len(late) * 0.95)], 1) if late else None
        yield (one.what, one.percent, ratio, middle, p95, round(one.resident_mb), one.lost)


QUIET = ("what", "processor, % of a core", "hub / this", "latency ms", "p95 ms", "memory MB", "pictures lost")
HURT = (
    "fault",
    "what",
    "lost at the others",
    "sessions there",
    "longest silence there, s",
    "pictures again after, s",
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=15, choices=range(8, 121), metavar="8…120")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="ekultura-bench-") as name:
        folder = Path(name)
        flv = made(folder / "film.flv", options.seconds)
        results = [quiet(what, folder / f"quiet-{number}", flv) for number, what in enumerate(CONTENDERS)]
        print(table(QUIET, quiet_rows(results)), flush=True)
        film = films.read(films.make(folder / "film.mkv", seconds=60))
        rows: list[Hurt] = []
        for number, fault in enumerate(FAULTS):
            with ThreadPoolExecutor(len(CONTENDERS)) as pool:
                begun = [
                    pool.submit(hurt, fault, what, folder / f"{number}-{place}", film)
                    for place, what in enumerate(CONTENDERS)
                ]
                rows += [one.result() for one in begun]
        print()
        print(table(HURT, [one.row() for one in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
