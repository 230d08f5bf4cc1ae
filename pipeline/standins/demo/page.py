"""The page that the demo leaves behind: pokaz.html, all links relative, readable without any server."""

import os
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeVar

import jinja2

from captions.model import Cue
from pipeline.media import ffmpeg, process
from pipeline.standins.demo.evidence import Evidence
from pipeline.standins.demo.verdict import FAILED, OK, WARNING, Check
from pipeline.store.files import write_whole

NAME = "pokaz.html"
T = TypeVar("T")
_FRAMES = 4
_CABLE_PICTURES = 6
_MARKS = {OK: "✓", WARNING: "!", FAILED: "✗"}


def write(e: Evidence, checks: list[Check], language: str) -> Path:
    """Write the page and the pictures that it needs; returns its path."""
    folder = e.station
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.standins.demo"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["_"] = _
    environment.filters["link"] = lambda path: _link(folder, path)
    environment.filters["clock"] = clock
    text = environment.get_template("pokaz.html").render(
        language=language,
        title=e.report["title"],
        station=e.journal[0].fields.get("station"),
        date=e.report["started"][:10],
        checks=[(_MARKS[check.state], check) for check in checks],
        counts={state: sum(check.state == state for check in checks) for state in (OK, WARNING, FAILED)},
        e=e,
        cards=sorted((folder / "work" / "cards").glob("*.png")),
        frames=_caption_frames(e, folder / "pokaz"),
        cable_pictures=_spread(sorted((folder / "far-ends" / "cable").glob("picture-*.png")), _CABLE_PICTURES),
        facebook_rows=_facebook_rows(e),
        cable_rows=_cable_rows(e),
        package_files=[(file.path, size(file.size)) for file in e.files.package.files],
        package_size=size(e.files.package.size),
        outputs=[
            (_("video with open captions"), e.files.open),
            (_("web video with captions to select"), e.files.web),
            (_("captions (SRT)"), e.files.srt),
            (_("captions (VTT)"), e.files.vtt),
            (_("report"), e.files.recording / "report.json"),
            (_("journal"), e.files.recording / "journal.jsonl"),
            (_("what the headend received"), folder / "far-ends" / "cable" / "report.json"),
            (_("what Facebook received"), folder / "far-ends" / "facebook" / "report.json"),
        ],
    )
    target = folder / NAME
    write_whole(target, text)
    return target


def clock(ms: int) -> str:
    """Milliseconds as M:SS.t."""
    return f"{ms // 60000}:{ms // 1000 % 60:02}.{ms % 1000 // 100}"


def size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _link(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _spread(everything: list[T], most: int) -> list[T]:
    """At most so many, evenly from the first to the last."""
    if len(everything) <= most:
        return everything
    return [everything[round(n * (len(everything) - 1) / (most - 1))] for n in range(most)]


def _caption_frames(e: Evidence, folder: Path) -> list[tuple[Cue, Path]]:
    """Pictures out of the video with open captions, from the middle of some of its captions."""
    made = []
    for number, cue in enumerate(_spread(list(e.track.cues), _FRAMES), 1):
        target = folder / f"caption-{number}.jpg"
        command = [ffmpeg.tools().ffmpeg, "-nostdin", "-v", "error", "-y"]
        command += ["-ss", f"{(cue.start_ms + cue.end_ms) / 2000:.3f}"]
        command += ["-i", ffmpeg.url(e.files.open)]
        command += ["-frames:v", "1", "-q:v", "3", "-update", "1", ffmpeg.url(target)]
        process.run(command, timeout_s=60)
        made.append((cue, target))
    return made


def _facebook_rows(e: Evidence) -> list[tuple[str, Any]]:
    sessions = e.facebook["ingest"]["sessions"]
    if not sessions:
        return []
    video, audio = sessions[0]["video"], sessions[0]["audio"]
    return [
        (_("sessions"), len(sessions)),
        (_("frames"), sum(one["video"]["frames"] for one in sessions)),
        (_("seconds"), f"{sum(one['video']['duration_ms'] for one in sessions) / 1000:.2f}"),
        (_("gaps"), sum(len(one["video"]["gaps_ms"]) for one in sessions)),
        (
            _("picture"),
            f"{video['codec']} {video['profile']}, {video['width']}×{video['height']}, {video['fps']:g}/s",
        ),
        (_("bitrate"), f"{video['kbps']} + {audio['kbps']} kb/s"),
        (_("longest between keyframes"), f"{video['keyframe_ms']['longest'] / 1000:g} s"),
        (_("sound"), f"{audio['codec']} {audio['rate']} Hz, {audio['channels']}"),
        (_("faults"), ", ".join(sessions[0]["faults"]) or _("none")),
        (_("life of the live video"), " → ".join(e.facebook["graph"]["lives"][0]["history"])),
        (_("captions uploaded"), ", ".join(e.facebook["graph"]["lives"][0]["captions"]) or _("none")),
    ]


def _cable_rows(e: Evidence) -> list[tuple[str, Any]]:
    wire, stream, watch = e.cable["wire"], e.cable["stream"], e.cable["watch"] or {}
    errors = ", ".join(f"{name} {count}" for name, count in e.cable["priority_1_and_2"].items())
    return [
        (_("service"), f"{e.cable['service']['name']} ({e.cable['service']['provider']})"),
        (_("datagrams"), wire["datagrams"]),
        (_("seconds"), f"{wire['seconds']:.2f}"),
        (
            _("bitrate"),
            f"{(stream['bitrate'] or 0) / 1000:g} kb/s" + (f", {_('constant')}" if stream["constant"] else ""),
        ),
        (_("TR 101 290, priority 1 and 2"), errors or _("no error")),
        (_("longest between two PCRs"), f"{stream['intervals_ms'].get('PCR', 0):.1f} ms"),
        (_("accuracy of the PCR"), f"{stream['pcr_accuracy_ns']:.0f} ns"),
        (_("streams"), ", ".join(f"{pid}: {kind}" for pid, kind in stream["streams"].items())),
        (_("jitter of arrival, 95 of 100"), f"{wire['jitter_p95_ms']} ms"),
        (_("loudness"), f"{watch.get('loudness_lufs')} LUFS, {watch.get('true_peak_dbtp')} dBTP"),
    ]
