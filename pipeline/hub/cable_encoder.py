"""The encoder's process: fed NUT by a handle of ours, its transport stream read, its sound metered and steered."""

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
from pipeline.hub.cable_feed import CableFeed

log = logging.getLogger(__name__)

_CHUNK = 65536
_METER = re.compile(rb"lavfi\.r128\.S=(-?[\d.]+|-?inf|nan)")
_TAIL = 12


class CableEncoder:
    """One ffmpeg. `stdin_fd` is the NUT's handle, given to the child as it is: nothing is copied on the way.

    Its own standard input takes commands (the volume). `loudness` is the last short-term value before the
    volume, NaN before the first. Fatal `leg.no-ffmpeg` when it cannot be started.
    """

    def __init__(self, feed: CableFeed, stdin_fd: int) -> None:
        self.loudness = math.nan
        self.steered = not platform.WINDOWS
        if self.steered:
            # By its name as a file: for "pipe:" ffmpeg would give up its commands on standard input.
            own = os.dup(stdin_fd)
            command = cable_command.encoder_command(feed, source=f"/dev/fd/{own}", steered=True)
            handles, stdin = [own], subprocess.PIPE
        else:
            command = cable_command.encoder_command(feed, source="pipe:0", steered=False)
            handles, stdin = [], stdin_fd
        try:
            self._child = subprocess.Popen(
                platform.die_with_parent(command),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=handles,
                bufsize=0,
            )
        except FileNotFoundError as error:
            raise Fatal("leg.no-ffmpeg") from error
        finally:
            for handle in handles:
                os.close(handle)
        self._errors: deque[str] = deque(maxlen=_TAIL)
        self._listener = threading.Thread(target=self._listen, name="encoder-log", daemon=True)
        self._listener.start()

    def pump(self, take: Callable[[bytes], None]) -> None:
        """Hand every byte of the stream to `take`, until its end."""
        stream = cast(IO[bytes], self._child.stdout)
        while data := stream.read(_CHUNK):
            take(data)

    def set_gain(self, gain_db: float) -> None:
        """Move the volume; nothing when the encoder has gone or cannot be steered."""
        if not self.steered or self._child.stdin is None:
            return
        try:
            self._child.stdin.write(f"C{cable_command.VOLUME} -1 volume {gain_db:.2f}dB\n".encode())
        except OSError:
            log.debug("the encoder takes no more commands")

    def _listen(self) -> None:
        stream = cast(IO[bytes], self._child.stderr)
        for line in iter(lambda: stream.readline(4000), b""):
            found = _METER.search(line)
            if found:
                self.loudness = float(found[1])
            elif b"[error]" in line or b"[fatal]" in line:
                self._errors.append(line.decode("utf-8", "replace").strip())

    def wait(self, seconds: float) -> int:
        """The exit status; the process is killed after `seconds`."""
        try:
            status = self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            status = self._child.wait()
        self._listener.join(1.0)
        return status

    def kill(self) -> None:
        self._child.kill()

    @property
    def detail(self) -> str:
        """What the encoder complained of last, a few lines."""
        return "\n".join(self._errors)[-600:]
