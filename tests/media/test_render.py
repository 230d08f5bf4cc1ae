"""What is copied and what is encoded, how pieces are listed, how a loudness report and a still are judged."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Fatal
from pipeline.media import loudness, render, still
from pipeline.media.loudness import Loudness
from pipeline.media.probe import AudioStream, Probe, VideoStream

GOOD = VideoStream(0, "h264", "High", 41, "yuv420p", 1280, 720, Fraction(25), False, 0, "x")


def changed(**fields: object) -> VideoStream:
    values = {name: getattr(GOOD, name) for name in GOOD.__slots__}
    return VideoStream(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "video",
    [
        changed(codec="hevc"),
        changed(profile="High 10", pixel_format="yuv420p10le"),
        changed(pixel_format="yuv444p"),
        changed(level=51),
        changed(interlaced=True),
    ],
)
def test_what_not_everybody_plays_is_encoded(video: VideoStream) -> None:
    assert not render.fit_for_web(video)


def test_what_everybody_plays_is_copied() -> None:
    assert render.fit_for_web(GOOD)
    assert render.fit_for_web(changed(profile="Constrained Baseline", level=42))


def found(video: VideoStream | None = GOOD, path: str = "/r/a.mkv") -> Probe:
    audio = (AudioStream(0, "aac", 2, 48000, None, None),)
    return Probe(Path(path), "matroska", 1, 1, (video,) if video else (), audio, (), None)


def options(command: list[str]) -> str:
    return " ".join(command)


def test_the_web_videos_command() -> None:
    measured = Loudness(-21.0, -3.0, 4.0, -31.0, 0.1)
    titles = render.Titles(Path("/r/a.srt"), "pol")
    web = Path("/r/a.mp4")
    told = options(render.web_video(found(), web, audio=0, measured=measured, titles=titles, title="Zażółć"))
    for wanted in ("-c:v copy", "-c:s mov_text", "-movflags +faststart", "title=Zażółć", "I=-16.0"):
        assert wanted in told
    assert told.count("language=pol") == 2
    mute = options(
        render.web_video(found(changed(codec="vp9")), web, audio=None, measured=None, titles=None, title="")
    )
    assert "libx264" in mute
    assert "-c:a" not in mute
    assert "mov_text" not in mute


def test_silence_is_not_amplified() -> None:
    told = options(render.web_video(found(), Path("/r/a.mp4"), audio=0, measured=None, titles=None, title=""))
    assert "loudnorm" not in told


def test_interlaced_pictures_are_made_progressive() -> None:
    told = options(
        render.open_video(found(changed(interlaced=True)), Path("/r/o.mp4"), sound=None, ass="c.ass", title="")
    )
    assert "bwdif" in told
    assert "ass=filename=c.ass" in told


def test_a_list_of_pieces_is_quoted() -> None:
    text = render.piece_list([found(path="/r/it's.mkv"), found(path="/r/b.mkv")])
    assert text == "file 'file:/r/it'\\''s.mkv'\nfile 'file:/r/b.mkv'\n"


REPORT = """{
    "input_i" : "-21.39", "input_tp" : "-3.58", "input_lra" : "3.90",
    "input_thresh" : "-31.68", "target_offset" : "0.42"
}"""


def test_the_report_of_loudness() -> None:
    lines = ["[Parsed_loudnorm_2 @ 0x1]", *REPORT.splitlines(), "size=N/A"]
    assert loudness.told(lines) == Loudness(-21.39, -3.58, 3.9, -31.68, 0.42)
    assert loudness.told(REPORT.replace("-21.39", "-inf").splitlines()) is None
    with pytest.raises(Fatal) as caught:
        loudness.told(["nothing"])
    assert caught.value.code == "media.no-loudness"


def picture(seed: int, *, low: int = 0, high: int = 255) -> still.Grey:
    return np.random.default_rng(seed).integers(low, high, (108, 192)).astype(np.float32)


def test_a_still_is_sharp_and_steady() -> None:
    sharp = picture(1)
    soft = (sharp + np.roll(sharp, 1, 0) + np.roll(sharp, 1, 1) + np.roll(sharp, 2, 1)) / 4
    assert still.worth(sharp, sharp) > still.worth(soft, soft) > 0
    assert still.worth(sharp, sharp * 0.6) < still.worth(sharp, sharp)
    moved = np.roll(sharp, 3, axis=1)
    assert still.worth(sharp, moved) > still.worth(sharp, sharp), "a card is no poster where somebody moves"
    for bad in (None, np.zeros_like(sharp), np.full_like(sharp, 255.0), np.full_like(sharp, 120.0)):
        assert still.worth(bad, bad) == 0
