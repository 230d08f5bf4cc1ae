"""Third step: from words to captions: SubRip, WebVTT, a transcript, and a report on their quality."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from captions import quality
from captions.files import read_track
from captions.formats import FORMATS
from captions.model import Finding, Track, Transcript
from captions.segment import segment
from captions.style import Style
from captions.stylefile import load_style
from pipeline.model.recording import Role, TrackState
from pipeline.post import words_file
from pipeline.post.work import Facts, Work, finding
from pipeline.store import track_rows

_FORM = 1
_WRITTEN = ("srt", "vtt", "txt")
# What is told of the hearing itself; the rest is in the quality report.
_TOLD = {"captions.no-speech": "notice", "captions.speech-without-words": "warning"}


def make_captions(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `cues` (how many), `srt` and `srt_sha256` where there are any; findings.

    A track that a person has approved is left as it is.
    """
    if "words" not in facts:
        return {"cues": 0}
    language = work.plan.language
    srt = work.output("captions", f".{language}.srt")
    approved = _approved(work)
    transcript = words_file.read(work.path(facts["words"])).transcript()
    style = load_style(work.style_path(work.plan.style))
    length_ms = int(facts["length_us"]) // 1000
    if approved:
        srt = work.path(approved.path)
        track = read_track(srt, language)
    else:
        track = segment(
            transcript.words,
            style,
            language=language,
            duration_ms=length_ms,
            engine=transcript.engine,
            model=transcript.model,
        )
    if not track.cues:
        return {"cues": 0, "findings": [finding("captions.no-speech", "notice")]}
    _write(work, track, style, skip_srt=approved is not None)
    _write_quality(work, track, style, transcript, length_ms)
    if approved is None:
        track_rows.put(work.db, _row(work, srt, track))
    return {
        "cues": len(track.cues),
        "srt": work.relative(srt),
        "srt_sha256": work.digest_of(srt),
        "findings": _findings(transcript.findings),
    }


def _write(work: Work, track: Track, style: Style, *, skip_srt: bool) -> None:
    for name in _WRITTEN:
        if name == "srt" and skip_srt:
            continue
        text = FORMATS[name].write(track, style=style, title=work.recording.title)
        target = work.output("captions", f".{work.plan.language}.{name}")

        def make(part: Path, text: str = text) -> None:
            part.write_text(text, encoding="utf-8", newline="\n")

        work.produce(target, role=Role.CAPTION, kind=name, made_from=[_FORM, text], make=make)


def _write_quality(work: Work, track: Track, style: Style, heard: Transcript, length_ms: int) -> None:
    violations = quality.check(track, style, length_ms)
    report = {
        "cues": len(track.cues),
        "hard": len(quality.hard(violations)),
        "counts": quality.summary(violations),
        "violations": [asdict(violation) for violation in violations],
        "heard": [found.to_dict() for found in heard.findings],
    }
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    target = work.output("captions", f".{work.plan.language}.quality.json")

    def make(part: Path) -> None:
        part.write_text(text, encoding="utf-8")

    work.produce(target, role=Role.METADATA, kind="quality", made_from=[_FORM, text], make=make)


def _approved(work: Work) -> track_rows.TrackRow | None:
    for row in track_rows.of_recording(work.db, work.recording.id):
        if row.language == work.plan.language and row.state is TrackState.APPROVED:
            return row
    return None


def _row(work: Work, srt: Path, track: Track) -> track_rows.TrackRow:
    return track_rows.TrackRow(
        recording=work.recording.id,
        language=work.plan.language,
        state=TrackState.AUTOMATIC,
        path=work.relative(srt),
        cues=len(track.cues),
        engine=track.engine,
        model=track.model,
        updated=work.clock.utc(),
    )


def _findings(found: Sequence[Finding]) -> list[dict[str, Any]]:
    told = []
    for code, level in _TOLD.items():
        of_code = [one for one in found if one.code == code]
        if of_code:
            first = of_code[0]
            told.append(finding(code, level, count=len(of_code), at=first.at))
    return told
