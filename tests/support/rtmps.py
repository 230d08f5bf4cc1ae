"""ffmpeg as a publisher of synthetic streams, good ones and bad ones."""

import subprocess
from pathlib import Path

GOOD = {
    "rate": "25",
    "size": "640x360",
    "gop": "50",
    "kbps": "700",
    "audio": "sine=frequency=440:sample_rate=48000",
    "channels": "2",
}


def argv(url: str, *, seconds: float, ca: Path | None, **changes: str | None) -> list[str]:
    """The command line; `audio=None` leaves the sound out, `ca=None` the TLS options."""
    how = GOOD | changes
    words = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-re"]
    words += ["-f", "lavfi", "-i", f"testsrc2=size={how['size']}:rate={how['rate']}"]
    if how["audio"] is not None:
        words += [
            "-f",
            "lavfi",
            "-i",
            str(how["audio"]),
            "-c:a",
            "aac",
            "-ac",
            str(how["channels"]),
            "-b:a",
            "128k",
        ]
    words += ["-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1"]
    words += ["-pix_fmt", "yuv420p", "-g", str(how["gop"]), "-keyint_min", str(how["gop"]), "-sc_threshold", "0"]
    words += ["-b:v", f"{how['kbps']}k", "-maxrate", f"{how['kbps']}k", "-bufsize", f"{how['kbps']}k"]
    if ca is not None:
        words += ["-tls_verify", "1", "-ca_file", str(ca)]
    return [*words, "-f", "flv", "-flvflags", "no_duration_filesize", url]


def publish(url: str, *, seconds: float, ca: Path | None, **changes: str | None) -> int:
    """Publish and wait; the exit status."""
    command = argv(url, seconds=seconds, ca=ca, **changes)
    return subprocess.run(command, timeout=seconds + 30, capture_output=True, check=False).returncode
