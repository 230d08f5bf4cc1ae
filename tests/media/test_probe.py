"""Probing: what is media, and what a plain reason is given for."""

from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.media import ffmpeg
from pipeline.media.probe import probe, read

ODD_NAMES = ["-y.mkv", "a: b.mkv", 'it\'s "x".mkv', "zażółć gęślą.mkv", "50%d [1];2,3.mkv"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    picture = ffmpeg.generated("testsrc=size=160x90:rate=25:duration=1")
    tone = ffmpeg.generated("sine=duration=1")
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, picture, tone, **{"c:v": "mpeg4", "c:a": "aac"})))
    found = probe(path)
    assert (found.video[0].width, found.video[0].height, found.video[0].rate) == (160, 90, Fraction(25))
    assert found.audio[0].codec == "aac"
    assert found.duration_us == pytest.approx(1_000_000, abs=60_000)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        probe(path)
    return caught.value.code


def test_missing_empty_and_foreign(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.mkv") == "media.missing"
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert refusal(empty) == "media.empty"
    text = tmp_path / "film.mp4"
    text.write_text("Nie jestem filmem.\n" * 200, encoding="utf-8")
    assert refusal(text) == "media.not-media"


def test_a_photograph_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, ffmpeg.generated("color=red:s=64x64"), vframes=1)))
    assert refusal(path) == "media.not-media"


def test_cover_art_rotation_and_missing_length() -> None:
    told = {
        "format": {"format_name": "mov,mp4", "tags": {"creation_time": "2026-11-27T16:00:00Z"}},
        "streams": [
            {"codec_type": "video", "codec_name": "mjpeg", "disposition": {"attached_pic": 1}},
            {
                "codec_type": "video",
                "codec_name": "h264",
                "avg_frame_rate": "0/0",
                "r_frame_rate": "30000/1001",
                "side_data_list": [{"rotation": -90}],
                "field_order": "tt",
            },
        ],
    }
    found = read(Path("a.mp4"), 10, told)
    assert len(found.video) == 1
    assert found.video[0].rotation == 270
    assert found.video[0].interlaced
    assert found.video[0].rate == Fraction(30000, 1001)
    assert found.duration_us == 0
    assert found.created is not None
