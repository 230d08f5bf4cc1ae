"""What the after-work needs of other rooms; the composition root gives it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pipeline.model.presets import ClassPreset
from pipeline.model.recording import Recording


class Package(Protocol):
    """Makes the archive package of a recording at `target` (a folder that bears the recording's id).

    It is whole or not there, and its bytes have been compared with their digests. Called again after a kill,
    or for a later revision, it ends in one right package. `facts` are the after-work's findings as JSON.
    Raises PipelineError.
    """

    def __call__(self, folder: Path, target: Path, *, recording: Recording, facts: Mapping[str, Any]) -> Path: ...


class PublishCaptions(Protocol):
    """Puts a recording's captions on a finished live video: asks the platform first, replaces ours only.

    `video_id` is None where the platform had not named the finished video while on air. Returns its number.
    Temporary: the platform does not answer, or has not finished the video; Fatal or Refused: it says no.
    """

    def __call__(self, *, destination: str, live_id: str, video_id: str | None, srt: Path) -> str: ...


class HandOver(Protocol):
    """Lays the finished captions beside the sheet of a recording that a person publishes by hand.

    Nothing where the recording has no such sheet; repeating it replaces the file.
    """

    def __call__(self, folder: Path, srt: Path, recording: Recording) -> Path | None: ...


class ClassOf(Protocol):
    """The class of that name, or None where this station has none of that name (any more)."""

    def __call__(self, name: str) -> ClassPreset | None: ...


class StylePath(Protocol):
    """The file of the caption style of that name; Refused where there is none."""

    def __call__(self, name: str) -> Path: ...
