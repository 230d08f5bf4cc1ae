"""Fifth step: the video with captions in the picture, for screens and sites that show no others."""

from pathlib import Path
from typing import Any

import numpy as np

from captions.files import read_track
from captions.formats import FORMATS
from captions.model import Cue
from captions.stylefile import load_style
from pipeline.errors import Fatal
from pipeline.media import ffmpeg, render, still
from pipeline.media.probe import Probe
from pipeline.model.recording import Role
from pipeline.post.check_output import check_output
from pipeline.post.work import Facts, Work

_FORM = 1
_ASS = "captions.ass"
_SEEN = 6.0  # mean difference of a picture's strip, in steps of 255, that letters leave and encoding does not


def make_open_video(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `open` (its place; absent without a picture or without captions)."""
    if not facts["picture"] or not facts.get("srt"):
        return {}
    source = work.source(facts)
    length_us = int(facts["length_us"])
    target = work.output("outputs", f".open-{work.plan.language}.mp4")
    style = load_style(work.style_path(work.plan.style))
    track = read_track(work.path(facts["srt"]), work.plan.language)
    text = FORMATS["ass"].write(track, style=style, title=work.recording.title)
    sound = work.path(facts["web"]) if facts["sound"] else None
    work.need_room(int(facts["master_bytes"] * 1.5), work.folder)
    (work.scratch / _ASS).write_text(text, encoding="utf-8")

    def make(part: Path) -> None:
        command = render.open_video(source, part, sound=sound, ass=_ASS, title=work.recording.title)
        ffmpeg.run(command, length_us=length_us, watch=work.watch, cwd=work.scratch)
        made = check_output(
            part, length_us=length_us, picture=True, sound=sound is not None, captions=None, kind="open"
        )
        _must_show(source, made, max(track.cues, key=lambda cue: cue.duration_ms))

    made_from = [_FORM, facts["digests"], text, work.recording.title]
    work.produce(target, role=Role.OUTPUT, kind="open", made_from=made_from, make=make)
    return {"open": work.relative(target)}


def _must_show(source: Probe, made: Probe, cue: Cue) -> None:
    """Fatal `post.captions-not-burnt` where the picture under a caption is the same with and without it."""
    at = (cue.start_ms + cue.end_ms) / 2000
    clean, captioned = still.grey(source, at), still.grey(made, at)
    if clean is None or captioned is None or clean.shape != captioned.shape:
        return  # nothing to compare: a picture that only begins later
    strips = np.array_split(np.abs(clean - captioned), 12)
    if max(float(strip.mean()) for strip in strips) < _SEEN:
        raise Fatal("post.captions-not-burnt")
