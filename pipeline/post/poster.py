"""Sixth step: the picture that stands for the recording in lists and players."""

from pathlib import Path
from typing import Any

from pipeline.media import ffmpeg, still
from pipeline.model.recording import Role
from pipeline.post.work import Facts, Work

_FORM = 1


def make_poster(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `poster` (its place; absent without a picture)."""
    if not facts["picture"]:
        return {}
    source = work.source(facts)
    target = work.output("pictures", ".poster.jpg")

    def make(part: Path) -> None:
        at = still.best_place(source, int(facts["length_us"]))
        ffmpeg.run(still.save_jpeg(source, part, at), watch=work.watch)

    made_from = [_FORM, facts["digests"]]
    work.produce(target, role=Role.PICTURE, kind="poster", made_from=made_from, make=make)
    return {"poster": work.relative(target)}
