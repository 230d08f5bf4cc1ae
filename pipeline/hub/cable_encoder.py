"""The encoder's process: fed from the tape, its transport stream read, its sound metered and steered."""

import logging
import math
import os
import re
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from typing import IO, cast

from pipeline import platform
from pipeline.errors import Fatal
from pipeline.hub import cable_command
from pipeline.hub.cable_command import Beginning
from pipeline.hub.cable_feed import CableFeed
from pipeline.hub.cable_tape import Tape

log = logging.getLogger(__name__)

_CHUNK = 65536
_METER = re.compile(rb"lavfi\.r128\.S=(-?[\d.]+|-?inf|nan)")
_METER_FILLS = 30  # values of a tenth of a second until the meter's three seconds are full
_TAIL = 12


class CableEncoder:
    """One ffmpeg that reads the tape from `place` on.

    On POSIX the NUT comes by a handle of its own and standard input takes commands (the volume); elsewhere the NUT
    is standard input. `loudness` is the last short-term value before the volume, NaN while the meter fills.
    Fatal `leg.no-ffmpeg` when it cannot be started. To be made by the thread that pumps it: it dies with that.
    """

    def __init__(self, feed: CableFeed, tape: Tape, place: int, begin: Beginning) -> None:
        self.loudness = math.nan
        self.steered = not platform.WINDOWS
        self._tape, self._place = tape, place
        self._heard = 0
        if self.steered:
            # By its name as a file: for "pipe:" ffmpeg would give up its commands on standard input.
            own, into = os.pipe()
            command = cable_command.encoder_command(feed, begin, source=f"/dev/fd/{own}", steered=True)
            handles = [own]
        else:
            command = cable_command.encoder_command(feed, begin, source="pipe:0", steered=False)
            handles = []
        try:
            self._child = subprocess.Popen(
                platform.die_with_parent(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=handles,
                bufsize=0,
            )
        except FileNotFoundError as error:
            if self.steered:
                os.close(into)
            raise Fatal("leg.no-ffmpeg") from error
        finally:
            for handle in handles:
                os.close(handle)
        commands = cast(IO[bytes], self._child.stdin)
        self._commands = commands if self.steered else None
        self._input = os.fdopen(into, "wb", buffering=0) if self.steered else commands
        self._errors: deque[str] = deque(maxlen=_TAIL)
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for work, name in ((self._give, "encoder-input"), (self._listen, "encoder-log"))
        ]
        for thread in self._threads:
            thread.start()

    def pump(self, take: Callable[[bytes], None]) -> None:
        """Hand every byte of the stream to `take`, until its end."""
        stream = cast(IO[bytes], self._child.stdout)
        while data := stream.read(_CHUNK):
            take(data)

    def set_gain(self, gain_db: float) -> None:
        """Move the volume; nothing when the encoder has gone or cannot be steered."""
        if self._commands is None:
            return
        try:
            self._commands.write(f"C{cable_command.VOLUME} -1 volume {gain_db:.2f}dB\n".encode())
        except (OSError, ValueError):  # gone, or closed already
            log.debug("the encoder takes no more commands")

    def _give(self) -> None:
        """Write the tape, as fast as it is taken, to its end."""
        try:
            self._write(self._tape.header)
            while True:
                data, self._place = self._tape.read(self._place, 0.5)
                if data:
                    self._write(data)
                elif self._tape.ended or self._child.poll() is not None:
                    break
            self._input.close()
        except OSError:
            log.debug("the encoder reads no more")

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._input.write(rest) or 0 :]

    def _listen(self) -> None:
        stream = cast(IO[bytes], self._child.stderr)
        for line in iter(lambda: stream.readline(4000), b""):
            found = _METER.search(line)
            if found:
                self._heard += 1
                self.loudness = float(found[1]) if self._heard > _METER_FILLS else math.nan
            elif b"[error]" in line or b"[fatal]" in line:
                self._errors.append(line.decode("utf-8", "replace").strip())

    def wait(self, seconds: float) -> int:
        """The exit status; the process is killed after `seconds`."""
        try:
            status = self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            status = self._child.wait()
        for thread in self._threads:
            thread.join(1.0)
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr, self._input):
            if pipe is not None and not self._threads[0].is_alive():
                pipe.close()
        return status

    def kill(self) -> None:
        self._child.kill()

    @property
    def detail(self) -> str:
        """What the encoder complained of last, a few lines."""
        return "\n".join(self._errors)[-600:]
