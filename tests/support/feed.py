"""A publisher like OBS for tests: ffmpeg sends a test picture and tone over RTMP, in real time.

H.264 without B-frames (or with), 25 frames a second, a keyframe every 2 s, AAC 48 kHz stereo.
"""

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

LONGEST_S = 120


def feed_argv(
    url: str,
    *,
    seconds: int = LONGEST_S,
    size: str = "320x180",
    kbps: int = 400,
    bframes: int = 0,
    gop: int = 50,
    extra: Sequence[str] = (),
) -> list[str]:
    """ffmpeg's arguments; `url` is rtmp://HOST:PORT/APP/KEY. `extra` goes before the output."""
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "warning", "-re"),
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"),
        *("-t", str(min(seconds, LONGEST_S))),
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "main"),
        *("-pix_fmt", "yuv420p", "-b:v", f"{kbps}k", "-bufsize", f"{kbps}k", "-maxrate", f"{kbps}k"),
        *("-g", str(gop), "-sc_threshold", "0", "-bf", str(bframes), "-threads", "1"),
        *("-c:a", "aac", "-b:a", "96k", "-ac", "2"),
        *extra,
        *("-f", "flv", url),
    ]


class Feed:
    """A running publisher; `error` holds what ffmpeg said once it has ended."""

    def __init__(self, argv: Sequence[str], log: Path | None = None) -> None:
        self._log = log
        sink = log.open("ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            list(argv), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sink
        )
        if log:
            sink.close()  # type: ignore[union-attr]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)

    def stop(self) -> None:
        """A clean goodbye."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.kill()


@contextlib.contextmanager
def publishing(port: int, key: str, app: str = "live", log: Path | None = None, **how: object) -> Iterator[Feed]:
    """Publish to the hub on 127.0.0.1:`port` while the block runs."""
    feed = Feed(feed_argv(f"rtmp://127.0.0.1:{port}/{app}/{key}", **how), log)  # type: ignore[arg-type]
    try:
        yield feed
    finally:
        feed.stop()
