"""A cable leg on air: NUT made in real time by ffmpeg goes into the leg's process, which sends to a headend."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.hub.spec import LegSpec

OPTIONS: dict[str, object] = {
    "width": 640,
    "height": 360,
    "video_codec": "copy",
    "video_kbps": 700,
    "interlaced": False,
    "audio_kbps": 128,
    "mux_kbps": 1300,
    "service_name": "Dom Kultury „Żółć”",
    "service_provider": "Gmina Łąka",
}
_TONE = "0.08*sin(2*PI*{pitch}*t)*(1+0.7*sin(2*PI*t/{swell}))"
QUIET_MUSIC = f"aevalsrc='{_TONE.format(pitch=330, swell=5)}|{_TONE.format(pitch=220, swell=7)}':s=48000"


def nut_command(seconds: float, sound: str = QUIET_MUSIC) -> list[str]:
    """A picture of 640x360 at 25 and a sound as OBS would send them, in real time, as NUT on standard output."""
    command = ["ffmpeg", "-v", "error", "-nostdin"]
    command += ["-re", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25"]
    command += ["-re", "-f", "lavfi", "-i", sound]
    command += ["-t", str(seconds)]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-g", "50"]
    command += ["-b:v", "600k", "-maxrate", "600k", "-bufsize", "300k"]
    command += ["-c:a", "aac", "-b:a", "128k", "-ac", "2"]
    return [*command, "-f", "nut", "pipe:1"]


@dataclass
class RunningLeg:
    """The leg's process, and what it has said: reports from stdout, lines from stderr."""

    process: subprocess.Popen[bytes]
    reports: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def wait(self, seconds: float) -> int:
        status = self.process.wait(seconds)
        for thread in self.threads:
            thread.join(5)
        return status

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.lines[-1])
        return found

    threads: list[threading.Thread] = field(default_factory=list)


@contextlib.contextmanager
def leg_of(spec: LegSpec) -> Iterator[RunningLeg]:
    """The leg's process with its spec already given; killed at the end if it still runs."""
    argv = [sys.executable, "-P", "-m", "pipeline.hub.leg_cable"]
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    leg = RunningLeg(process)
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(spec)).encode() + b"\n")

    def hear() -> None:
        assert process.stdout is not None
        leg.reports.extend(json.loads(line) for line in process.stdout)

    def listen() -> None:
        assert process.stderr is not None
        leg.lines.extend(line.decode().strip() for line in process.stderr)

    leg.threads = [threading.Thread(target=work, daemon=True) for work in (hear, listen)]
    for thread in leg.threads:
        thread.start()
    try:
        yield leg
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def play(leg: RunningLeg, seconds: float, sound: str = QUIET_MUSIC) -> int:
    """Feed the leg for so long and wait for its end; its exit status."""
    pipe = leg.process.stdin
    assert pipe is not None
    source = subprocess.Popen(nut_command(seconds, sound), stdout=pipe)
    pipe.close()
    try:
        return leg.wait(seconds + 30)
    finally:
        source.kill()
        source.wait()
