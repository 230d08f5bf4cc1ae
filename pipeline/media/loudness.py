"""Loudness by EBU R 128: measuring, and the filters that bring sound to a target in two passes."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Fatal
from pipeline.media import ffmpeg

WEB_LUFS = -16.0
WEB_PEAK_DBTP = -1.5
_RANGE_LU = 11.0
_RATE = 48_000


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness and threshold in LUFS, true peak in dBTP, range in LU, gain offset in LU."""

    integrated: float
    true_peak: float
    range: float
    threshold: float
    offset: float


def measure(
    path: Path,
    *,
    audio: int = 0,
    target: float = WEB_LUFS,
    peak: float = WEB_PEAK_DBTP,
    length_us: int = 0,
    watch: ffmpeg.Watcher | None = None,
) -> Loudness | None:
    """The first pass over a file's sound as stereo; None where there is nothing but silence."""
    sound = steady(ffmpeg.picked(ffmpeg.source(path), f"a:{audio}"))
    sound = ffmpeg.filtered(sound, "loudnorm", I=target, TP=peak, LRA=_RANGE_LU, print_format="json")
    ran = ffmpeg.run(ffmpeg.argv(ffmpeg.discarded(sound), loglevel="info"), length_us=length_us, watch=watch)
    return told(ran.lines)


def told(lines: list[str]) -> Loudness | None:
    """The report of `loudnorm` among ffmpeg's last lines; None for silence. Fatal `media.no-loudness`."""
    opened = [n for n, line in enumerate(lines) if line.strip() == "{"]
    try:
        text = "\n".join(lines[opened[-1] :])
        values, _ = json.JSONDecoder().raw_decode(text)
        found = Loudness(
            integrated=float(values["input_i"]),
            true_peak=float(values["input_tp"]),
            range=float(values["input_lra"]),
            threshold=float(values["input_thresh"]),
            offset=float(values["target_offset"]),
        )
    except (IndexError, KeyError, ValueError) as error:
        raise Fatal("media.no-loudness") from error
    silent = found.integrated <= -69 or not math.isfinite(found.integrated)
    return None if silent else found


def normalised(
    sound: ffmpeg.Stream, measured: Loudness | None, *, target: float = WEB_LUFS, peak: float = WEB_PEAK_DBTP
) -> ffmpeg.Stream:
    """The second pass: `sound` at `target`; silence stays as it is."""
    sound = steady(sound)
    if measured is None:
        return sound
    sound = ffmpeg.filtered(
        sound,
        "loudnorm",
        I=target,
        TP=peak,
        LRA=max(_RANGE_LU, min(50.0, measured.range)),  # a wider range than the target's would be compressed
        measured_I=measured.integrated,
        measured_TP=measured.true_peak,
        measured_LRA=measured.range,
        measured_thresh=measured.threshold,
        offset=measured.offset,
        linear="true",
    )
    return ffmpeg.filtered(sound, "aresample", _RATE)


def steady(sound: ffmpeg.Stream) -> ffmpeg.Stream:
    """Stereo at 48 kHz from time zero on; what is missing in between becomes silence, so nothing shifts."""
    sound = ffmpeg.filtered(sound, "aresample", _RATE, **{"async": 1, "first_pts": 0})
    return ffmpeg.filtered(sound, "aformat", channel_layouts="stereo")
