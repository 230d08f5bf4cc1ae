"""What OBS is to be made to show and send: a plan without any secret of a platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.model.config import Source
from pipeline.model.presets import EncoderPreset, Scene


@dataclass(frozen=True, slots=True)
class StudioPlan:
    """One class's scenes, sources and outputs, as the studio (OBS) needs them.

    A source named `sign-language` is shown in the sign-language window of every scene that has a place for it.
    `cards` maps a card's kind to its picture (PNG). `sources` holds every source that the scenes name, falling
    back as the settings say; `microphones` name those whose sound is recorded on track 2 as well as in the mix
    on track 1. `stream_url` and `stream_key` are the local hub's.
    """

    collection: str
    profile: str
    scenes: dict[str, Scene]
    opening: str
    sources: dict[str, Source]
    microphones: tuple[str, ...]
    cards: dict[str, Path]
    encoder: EncoderPreset
    record_folder: Path
    stream_url: str
    stream_key: str = field(repr=False)
    lower_third: str = ""
    virtual_camera: bool = False


@dataclass(frozen=True, slots=True)
class StudioFinding:
    """What the studio found while it prepared and went on in spite of; `fields` fill the code's sentence."""

    code: str
    level: Literal["notice", "warning", "alarm"]
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudioState:
    """What OBS says of itself: frames are counted since its outputs started; bytes grow while it works.

    `audio_buffering_ms`: how much later than it could the sound goes out, for the sake of the source that is named;
    None where OBS's log cannot be read.
    """

    version: str
    scene: str
    streaming: bool
    stream_reconnecting: bool
    stream_bytes: int
    recording: bool
    record_bytes: int
    render_frames: int
    render_skipped: int
    output_frames: int
    output_skipped: int
    audio_buffering_ms: int | None = None
    audio_buffering_source: str = ""
