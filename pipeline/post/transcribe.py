"""Second step: from the sound to words, in a child process that goes on where a kill left it."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import Fatal
from pipeline.media import loudness, process
from pipeline.media.probe import Probe
from pipeline.model.recording import Role
from pipeline.post import words_file
from pipeline.post.transcribe_child import Spec
from pipeline.post.work import Facts, Work, recipe_digest

_FORM = 1  # counts up when the words file changes its form
_AUDIBLE_LUFS = -60.0


def transcribe(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `words` (their file; absent without sound), `engine`, `model`.

    Raises what the captions library raises, as Fatal with its code.
    """
    if not facts["sound"]:
        return {}
    source = work.source(facts)
    audio = _speech_track(work, source, facts)
    plan = work.plan
    made_from = [_FORM, facts["digests"], audio, plan.engine, plan.model, plan.language, plan.glossary]
    target = work.output("captions", ".words.jsonl")
    growing = work.scratch / "words.jsonl"

    def make(part: Path) -> None:
        spec = Spec(
            sound=str(source.path),
            audio=audio,
            length_ms=int(facts["length_us"]) // 1000,
            words=str(growing),
            recipe=recipe_digest(made_from),
            engine=plan.engine,
            model=plan.model,
            language=plan.language,
            prompt=", ".join(plan.glossary) or None,
            models=str(work.models),
            cache=str(work.models),
        )
        _run_child(work, spec)
        shutil.copyfile(growing, part)

    work.need_room(50 << 20)
    work.produce(target, role=Role.CAPTION, kind="words", made_from=made_from, make=make)
    head = words_file.read(target).head
    if head is None:
        raise Fatal("post.words-unreadable", file=target.name)
    return {"words": work.relative(target), "engine": head.engine, "model": head.model}


def _run_child(work: Work, spec: Spec) -> None:
    path = work.scratch / "transcribe.json"
    spec.save(path)
    argv = [sys.executable, "-P", "-m", "pipeline.post.transcribe_child", str(path)]
    watch = work.watch

    def line(text: str) -> None:
        try:
            share = float(text)
        except ValueError:
            return
        if watch.progress is not None:
            watch.progress(share)

    try:
        process.supervise(argv, stop=watch.stop, paused=watch.paused, on_line=line)
    except Fatal as error:
        raise _told(error) from error


def _told(error: Fatal) -> Fatal:
    """The captions library's own error out of the child's last line; else what the child said."""
    last = str(error.fields.get("detail", "")).rsplit(" | ", 1)[-1]
    try:
        raw = json.loads(last)
        return Fatal(str(raw["code"]), **raw["fields"])
    except (ValueError, KeyError, TypeError):
        return Fatal("post.transcription-failed", detail=last[:300])


def _speech_track(work: Work, source: Probe, facts: Facts) -> int:
    """The microphones' own track of OBS's recording where something is heard on it, else the mix."""
    if facts["role"] != "obs" or len(source.audio) < 2:
        return 0
    watch = replace(work.watch, progress=None)
    measured = loudness.measure(source.path, audio=1, watch=watch)
    return 1 if measured is not None and measured.integrated > _AUDIBLE_LUFS else 0
