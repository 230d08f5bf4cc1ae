"""Caption files on disk: encodings, whole or not at all, and errors that say which file."""

import os
from pathlib import Path

import pytest

from captions.errors import CaptionError
from captions.files import read_track, write_track
from captions.model import Cue, Track

_TRACK = Track((Cue(0, 1000, ("Zażółć gęślą jaźń.",)),))


@pytest.mark.parametrize("name", ["a.srt", "-b: „c”.vtt", "ć.ass"])
def test_written_and_read(tmp_path: Path, name: str) -> None:
    write_track(_TRACK, tmp_path / name)
    assert read_track(tmp_path / name).cues == _TRACK.cues
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes("1\n00:00:00,000 --> 00:00:01,000\nZażółć gęślą jaźń.\n".encode(encoding))
    assert read_track(path).cues == _TRACK.cues


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.doc", "captions.unknown-format"), ("a.srt", "captions.no-file"), ("a.html", "captions.unreadable-format")],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(CaptionError) as caught:
        read_track(tmp_path / name)
    assert caught.value.code == code


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.srt")
    with pytest.raises(CaptionError, match=r"captions\.no-file"):
        read_track(tmp_path / "pipe.srt")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptionError) as caught:
        write_track(_TRACK, tmp_path / "nie ma" / "a.srt")
    assert caught.value.code == "captions.cannot-write"
