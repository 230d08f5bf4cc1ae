"""The process of a cable leg: first line of stdin the LegSpec, then NUT; out of it a paced transport stream.

The input goes onto a tape of some seconds; a keeper keeps an encoder (ffmpeg) at work that reads it; the pacer
owns the wire and outlives its encoders; the sender sends. Exit code 0 after a clean end of the input. Otherwise
not 0, and the last line on stderr is JSON with code and fields. On stdout a JSON line a second once it sends:
{"frames", "bytes"} as every leg, and for the cable "filled", "late", "underruns", "encoders" (how many were
begun anew), "delay_ms", "gain_db", "loudness", "check" (`cable_check`: its own TR 101 290).
"""

import itertools
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, PipelineError, Refused
from pipeline.hub.cable_check import OwnCheck
from pipeline.hub.cable_feed import CableFeed, address_of, feed_of
from pipeline.hub.cable_keeper import EncoderKeeper
from pipeline.hub.cable_nut import BadNut
from pipeline.hub.cable_send import SrtSender, open_sender
from pipeline.hub.cable_tape import Tape
from pipeline.hub.cable_teletext import Teletext, read_cues
from pipeline.hub.pacer import DATAGRAM, Pacer
from pipeline.hub.slow_gain import SlowGain
from pipeline.hub.spec import LegSpec

log = logging.getLogger(__name__)

_SPEC_BYTES = 256 * 1024
_CHUNK = 65536
_TICK_S = 0.25
_TICKS_A_REPORT = 4
_STUCK_US = 6_000_000  # a far end that takes nothing for so long is lost


def first_line(fd: int) -> LegSpec | None:
    """The LegSpec from a handle, read byte by byte: what follows is the tape's. None where the input ends."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(fd, 1)
        if not byte or len(line) > _SPEC_BYTES:
            return None
        line += byte
    raw: dict[str, Any] = json.loads(line)
    return LegSpec(**raw)


class CableLeg:
    """Runs the parts until the input ends or one of them fails. `say` gets a report a second."""

    def __init__(
        self, spec: LegSpec, stdin_fd: int, say: Callable[[dict[str, object]], None], clock: Clock = SYSTEM
    ) -> None:
        self._spec, self._clock, self._say = spec, clock, say
        self._feed: CableFeed = feed_of(spec)
        self._sender = open_sender(spec.name, address_of(spec), self._feed, spec.secret)
        self._teletext = self._subtitles()
        self._check = OwnCheck(self._feed.mux_rate)
        self._pacer = Pacer(
            self._send,
            rate=self._feed.mux_rate,
            clock=clock,
            delay_s=self._feed.mux_delay_ms / 1000,
            dress=self._teletext.packet if self._teletext else None,
        )
        self._gain = SlowGain(self._feed.loudness_lufs, start_db=self._feed.loudness_gain_db)
        self._tape = Tape()
        self._input = stdin_fd
        self._keeper = EncoderKeeper(
            spec.name, self._feed, self._tape, self._pacer, lambda: self._gain.gain_db, clock
        )
        self._failure: Exception | None = None
        self._done = threading.Event()
        self.stop = threading.Event()

    def _send(self, datagram: bytes, due_us: int) -> None:
        self._sender.send(datagram, due_us)
        self._check.feed(datagram)

    def _subtitles(self) -> Teletext | None:
        """Page 777 from the file of cues, where there is one. Refused `leg.bad-options` where it cannot be read."""
        feed = self._feed
        if feed.teletext is None:
            return None
        try:
            cues = read_cues(Path(feed.teletext))
            page = feed.teletext_page
            return Teletext(cues, pid=feed.teletext_pid, page=page, wire=lambda us: self._keeper.wire_pts(us))
        except (OSError, ValueError) as error:
            self._sender.close()
            raise Refused("leg.bad-options", leg=self._spec.name, key="teletext") from error

    def run(self) -> None:
        """Until the end of the input; raises what ended it otherwise."""
        threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in (
                ("cable-read", self._read),
                ("cable-encode", self._encode),
                ("cable-pace", self._pace),
            )
        ]
        try:
            for thread in threads:
                thread.start()
            ticks = itertools.count(1)
            while not self._clock.wait(self._done, _TICK_S) and not self.stop.is_set():
                self._keeper.check()
                if not next(ticks) % _TICKS_A_REPORT:
                    self._tick()
        finally:
            self._end(threads)
        if self._failure is not None:
            raise self._failure

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._failure = self._failure or error
            self._done.set()

    def _read(self) -> None:
        """The whole input onto the tape: whoever writes it never waits for an encoder."""
        try:
            while data := os.read(self._input, _CHUNK):
                self._tape.feed(data)
                self._keeper.fed()
        except BadNut as error:
            raise Fatal("leg.encoder-failed", leg=self._spec.name, detail=str(error)) from error
        finally:
            self._tape.end()

    def _encode(self) -> None:
        self._keeper.run(self.stop)
        self._pacer.end()

    def _pace(self) -> None:
        self._pacer.run(self.stop)
        self._done.set()

    def _tick(self) -> None:
        """Once a second: steer the sound, watch the far end, report."""
        before = self._gain.gain_db
        after = self._gain.second(self._keeper.loudness)
        if after != before:
            self._keeper.set_gain(after)
        if not self._pacer.started.is_set() or not self._sender.reached:
            return
        state = self._pacer.state
        if self._clock.monotonic_us() - state.last_send_us > _STUCK_US and isinstance(self._sender, SrtSender):
            self._sender.abort()
        self._report()

    def _report(self) -> None:
        state = self._pacer.state
        loudness = self._gain.loudness
        self._say(
            {
                "frames": state.pictures,
                "bytes": state.datagrams * DATAGRAM,
                "filled": state.filled,
                "late": state.late,
                "underruns": state.underruns,
                "encoders": self._keeper.restarts,
                "delay_ms": state.delay_ms,
                "gain_db": round(self._gain.gain_db, 2),
                "loudness": None if loudness is None else round(loudness, 1),
                "check": self._check.report(),
            }
        )

    def _end(self, threads: list[threading.Thread]) -> None:
        self.stop.set()
        self._keeper.kill()
        if self._failure is not None and isinstance(self._sender, SrtSender):
            self._sender.abort()
        for thread in threads:
            thread.join(3.0)
        self._sender.close()
        if self._pacer.started.is_set() and self._sender.reached:
            self._report()


def say(report: dict[str, object]) -> None:
    """A line on stdout; a hub that has gone is no fault of the leg's (its input ends then)."""
    try:
        os.write(1, json.dumps(report).encode() + b"\n")
    except OSError:
        log.debug("nobody reads the reports")


def fail(code: str, fields: dict[str, object]) -> int:
    os.write(2, json.dumps({"code": code, "fields": fields}).encode() + b"\n")
    return 1


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        spec = first_line(0)
        if spec is None:
            return 0
        leg = CableLeg(spec, 0, say)
        signal.signal(signal.SIGTERM, lambda *_: leg.stop.set())
        leg.run()
    except PipelineError as error:
        return fail(error.code, error.fields)
    except (ValueError, TypeError, OSError) as error:
        return fail("leg.died", {"error": type(error).__name__})
    return 0


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    os._exit(status)  # a thread that hangs in the network holds nobody up
