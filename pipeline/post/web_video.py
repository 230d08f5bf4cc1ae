"""Fourth step: the video for the web: −16 LUFS, captions to select, index at the front."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipeline.media import ffmpeg, loudness, render
from pipeline.model.recording import Role
from pipeline.post.check_output import check_output
from pipeline.post.work import Facts, Work, finding

_FORM = 1
ISO_639_2 = {"pl": "pol", "en": "eng", "uk": "ukr", "de": "deu", "cs": "ces", "sk": "slk", "be": "bel"}
_MEASURING = 0.4  # the first pass's share of the step


def make_web_video(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `web` (its place), `loudness` (of the master; None for silence), findings.

    Without a picture it is a sound file, `.m4a`.
    """
    source = work.source(facts)
    length_us = int(facts["length_us"])
    ending = ".web.mp4" if facts["picture"] else ".m4a"
    target = work.output("outputs", ending)
    language = ISO_639_2.get(work.plan.language, "und")
    titles = render.Titles(work.path(facts["srt"]), language) if facts.get("srt") else None
    work.need_room(int(facts["master_bytes"] * 1.2), work.folder)
    measured = _measure(work, facts, length_us) if facts["sound"] else None

    def make(part: Path) -> None:
        command = render.web_video(
            source,
            part,
            audio=0 if facts["sound"] else None,
            measured=measured,
            titles=titles,
            title=work.recording.title,
        )
        ffmpeg.run(command, length_us=length_us, watch=_from(work.watch, _MEASURING))
        check_output(
            part,
            length_us=length_us,
            picture=facts["picture"],
            sound=facts["sound"],
            captions=language if titles else None,
            kind="web",
        )

    kind = "web" if facts["picture"] else "audio"
    made_from = [_FORM, facts["digests"], facts.get("srt_sha256"), work.recording.title, kind]
    work.produce(target, role=Role.OUTPUT, kind=kind, made_from=made_from, make=make)
    findings = [finding("post.silence", "warning")] if facts["sound"] and measured is None else []
    return {
        "web": work.relative(target),
        "loudness": asdict(measured) if measured else None,
        "findings": findings,
    }


def _measure(work: Work, facts: Facts, length_us: int) -> loudness.Loudness | None:
    own = work.watch.progress
    watch = replace(work.watch, progress=(lambda share: own(share * _MEASURING)) if own else None)
    return loudness.measure(work.source(facts).path, length_us=length_us, watch=watch)


def _from(watch: ffmpeg.Watcher, start: float) -> ffmpeg.Watcher:
    own = watch.progress
    return replace(watch, progress=(lambda share: own(start + share * (1 - start))) if own else None)
