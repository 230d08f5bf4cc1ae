"""Whether a source really delivers: OBS calls a missing file “playing”, and shows a dead camera's last picture."""

from collections.abc import Sequence
from typing import Literal

from pipeline.live.preflight.check import Outcome, failed, ok, warning
from pipeline.model.config import Source
from pipeline.model.source_look import SourceLook

Kind = Literal["camera", "media", "url", "screen", "image", "audio"]
ENOUGH = 3  # looks


def kind_of(source: Source) -> Kind:
    kinds: tuple[Kind, ...] = ("camera", "media", "url", "screen", "image")
    return next((name for name in kinds if getattr(source, name) is not None), "audio")


def delivers(source: Source, looks: Sequence[SourceLook]) -> Outcome:
    """The verdict on a source with a picture, from several looks within some seconds."""
    kind, what = kind_of(source), _what(source)
    path = source.media or source.image
    if path is not None and not path.is_file():
        return failed("check.no-file", file=str(path))
    last = looks[-1] if looks else SourceLook()
    if not last.width and not (kind == "media" and _moves(looks)):
        return failed("check.no-picture", what=what)
    if kind == "media" and (last.state in ("error", "ended", "stopped", "none") or not last.length_ms):
        return failed("check.not-playing", what=what, state=last.state or "–")
    if kind in ("media", "url") and not _moves(looks) and _still(looks):
        return failed("check.stalled", what=what)
    if kind == "camera" and _still(looks):
        return failed("check.frozen", what=what)
    if last.picture and all(one.black for one in looks):
        return warning("check.black-screen") if kind in ("screen", "image") else failed("check.black", what=what)
    if not last.width:
        return ok("check.plays")
    still = kind in ("screen", "image")
    return ok("check.shown" if still else "check.delivers", width=last.width, height=last.height)


def _moves(looks: Sequence[SourceLook]) -> bool:
    return len({one.cursor_ms for one in looks if one.cursor_ms is not None}) > 1


def _still(looks: Sequence[SourceLook]) -> bool:
    """Whether every look was the very same picture: a living camera has noise."""
    pictures = {one.picture for one in looks if one.picture}
    return len(looks) >= ENOUGH and len(pictures) == 1


def _what(source: Source) -> str:
    """The device or file as people know it; an address may hold a password and is not shown."""
    if source.camera is not None or source.audio is not None:
        return str(source.camera or source.audio)
    path = source.media or source.image
    return path.name if path else f"#{source.screen}" if source.screen else "url"
