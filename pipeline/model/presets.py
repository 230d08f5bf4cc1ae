"""The presets a station works by: classes, encoders, cable feeds. Caption styles belong to `captions.style`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipeline.model.config import Slice

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]

SceneKind = Literal["card", "main", "second", "slides", "teacher", "media"]
CardKind = Literal["title", "break", "closing"]


class Scene(Slice):
    """One scene of a class: what it shows (`kind`), from which sources, with or without lower third."""

    kind: SceneKind
    label: str = Field(min_length=1, max_length=60)
    card: CardKind | None = None
    sources: tuple[str, ...] = ()
    lower_third: bool = False
    sign_language: bool = True


class Cue(Slice):
    """One line of a run sheet: when (exactly one of three), and the scene that then comes, or `stop`.

    `after` is a span from the beginning (`2m`), `at` a time of day in the station's zone (`18:45`), `before_end`
    a span back from the planned end.
    """

    after: str | None = Field(None, pattern=r"^(\d+h)?(\d+m)?(\d+s)?$", min_length=2)
    at: str | None = Field(None, pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")
    before_end: str | None = Field(None, pattern=r"^(\d+h)?(\d+m)?(\d+s)?$", min_length=2)
    scene: str

    @model_validator(mode="after")
    def _one_time(self) -> "Cue":
        if sum(given is not None for given in (self.after, self.at, self.before_end)) != 1:
            raise ValueError("exactly one of after, at, before_end")
        return self


class ClassPreset(Slice):
    """A kind of event (rodzaj wydarzenia) and all it needs."""

    title: str = Field(min_length=1, max_length=120)
    section: str = Field(min_length=1, max_length=60)
    description: str = ""
    audience: Literal["public", "participants", "nobody"] = "public"
    minors: bool = False
    length: str = Field("60m", pattern=r"^(\d+h)?(\d+m)?(\d+s)?$", min_length=2)
    scenes: dict[Name, Scene] = Field(min_length=1)
    opening: Name = "opening"
    run_sheet: tuple[Cue, ...] = ()
    microphones: tuple[str, ...] = ("microphone",)
    encoder: Name = "720p25"
    destinations: tuple[str, ...] = ("facebook", "cable")
    caption_style: str | None = None
    glossary: tuple[str, ...] = ()
    publish: Literal["at-once", "after-approval"] = "at-once"
    when_ended: Literal["renew", "ask"] = "renew"


class EncoderPreset(Slice):
    """How OBS encodes: one encoder for the stream and for the recording."""

    width: int = Field(ge=160, le=3840, multiple_of=2)
    height: int = Field(ge=90, le=2160, multiple_of=2)
    fps: int = Field(25, ge=10, le=60)
    video_kbps: int = Field(ge=100, le=50000)
    keyframe_s: int = Field(2, ge=1, le=4)
    x264_preset: str = "veryfast"
    audio_kbps: int = Field(128, ge=64, le=320)


Pid = Annotated[int, Field(ge=0x20, le=0x1FFE)]
Word16 = Annotated[int, Field(ge=1, le=0xFFFF)]


class CablePreset(Slice):
    """One form of the cable feed; every figure is a default until the operator answers.

    Rates in kilobits a second. `mux_kbps` has to hold picture, sound and what carries them, with 5 % to spare.
    """

    width: int = Field(ge=160, le=1920, multiple_of=2)
    height: int = Field(ge=120, le=1080, multiple_of=2)
    fps: int = Field(25, ge=24, le=50)
    interlaced: bool = True
    aspect: str = Field("16:9", pattern=r"^\d+:\d+$")
    video_codec: Literal["mpeg2video", "h264", "copy"]
    video_kbps: int = Field(ge=200, le=40000)
    gop: int = Field(12, ge=1, le=100)
    x264_preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium"] = "superfast"
    audio_codec: Literal["mp2", "aac"] = "mp2"
    audio_kbps: Literal[96, 128, 160, 192, 224, 256, 320, 384] = 192
    loudness_lufs: float = Field(-23.0, ge=-40, le=-10)
    true_peak_dbtp: float = Field(-1.0, ge=-10, le=0)
    mux_kbps: int = Field(ge=400, le=60000)
    mux_delay_ms: int = Field(700, ge=200, le=2000)
    service_type: Literal[
        "digital_tv", "mpeg2_digital_hdtv", "advanced_codec_digital_sdtv", "advanced_codec_digital_hdtv"
    ] = "digital_tv"
    service_id: Word16 = 101
    transport_stream_id: Word16 = 1
    original_network_id: Word16 = 0xFF01
    pmt_pid: Pid = 0x100
    first_pid: Pid = 0x101

    @model_validator(mode="after")
    def _room_in_the_mux(self) -> "CablePreset":
        least = int((self.video_kbps + self.audio_kbps) * 1.05) + 100
        if self.mux_kbps < least:
            raise ValueError(f"mux_kbps of at least {least}")
        if self.pmt_pid in (self.first_pid, self.first_pid + 1):
            raise ValueError("pmt_pid apart from first_pid and the one after it")
        return self


def seconds(span: str) -> int:
    """A span such as `1h30m` or `45s` in seconds; ValueError where it is none."""
    import re

    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", span)
    if not match or not any(match.groups()):
        raise ValueError(span)
    hours, minutes, secs = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + secs
