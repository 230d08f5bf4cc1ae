"""Caption files on disk: encodings, whole or not at all, and errors that say which file."""

import os
from pathlib import Path

import pytest

from captions.errors import CaptionError
from captions.files import read_track, recover, write_track
from captions.model import Cue, Track

_TRACK = Track((Cue(0, 1000, ("Zażółć gęślą jaźń.",)),))


@pytest.mark.parametrize("name", ["a.srt", "-b: „c”.vtt", "ć.ass", "a.ttml", "a.xml", "a.stl", "a.html", "a.docx"])
def test_written_and_read(tmp_path: Path, name: str) -> None:
    write_track(_TRACK, tmp_path / name)
    assert read_track(tmp_path / name).cues == _TRACK.cues
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859_2"])
def test_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes("1\n00:00:00,000 --> 00:00:01,000\nZażółć gęślą jaźń.\n".encode(encoding))
    assert read_track(path).cues == _TRACK.cues


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.doc", "captions.unknown-format"), ("a.srt", "captions.no-file"), ("a.stl", "captions.no-file")],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(CaptionError) as caught:
        read_track(tmp_path / name)
    assert caught.value.code == code


def test_a_file_without_captions_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_bytes(b"\xef\xbb\xbf\r\n")
    assert [fault.code for fault in recover(tmp_path / "a.srt").faults] == ["captions.fault-empty"]
    assert read_track(tmp_path / "a.srt").cues == ()


def test_a_broken_byte_costs_a_letter_and_is_named(tmp_path: Path) -> None:
    whole = "1\n00:00:00,000 --> 00:00:01,000\nZażółć gęślą jaźń.\n".encode()
    (tmp_path / "a.srt").write_bytes(whole.replace("ń".encode(), b"\xff"))
    track, faults = recover(tmp_path / "a.srt")
    assert track.cues[0].text == "Zażółć gęślą jaź\ufffd."
    assert [(fault.line, fault.code) for fault in faults] == [(3, "captions.fault-encoding")]


def test_a_broken_file_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nRaz.\n\n2\n00:00:xx --> 00:00:04,000\nDwa.\n\n"
        "zabłąkane\n\n4\n00:00:09,000 --> 00:00:08,000\nTrzy.\n\n5\n00:00:10,000 --> 00:00:11,000\n",
        encoding="utf-8",
    )
    track, faults = recover(tmp_path / "a.srt")
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in track.cues] == [
        (1000, 2000, "Raz."),
        (9000, 9000, "Trzy."),
    ]
    assert [(fault.line, fault.code.removeprefix("captions.fault-")) for fault in faults] == [
        (6, "times"),
        (9, "stray"),
        (12, "backwards"),
        (16, "no-text"),
    ]
    with pytest.raises(CaptionError) as caught:
        read_track(tmp_path / "a.srt")
    assert caught.value.fields["line"] == 6


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.srt")
    with pytest.raises(CaptionError, match=r"captions\.no-file"):
        read_track(tmp_path / "pipe.srt")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptionError) as caught:
        write_track(_TRACK, tmp_path / "nie ma" / "a.srt")
    assert caught.value.code == "captions.cannot-write"
