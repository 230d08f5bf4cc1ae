"""words.jsonl: what is kept after a kill, and what is not trusted."""

from pathlib import Path

import pytest

from captions.model import Finding, Span, Word
from captions.transcribe import Heard
from pipeline.post import words_file
from pipeline.post.words_file import Head

HEAD = Head("recipe-1", "pl", "openai-whisper", "demo")
FIRST = Heard(5000, (Word(100, 600, "Dzień"), Word(650, 900, "dobry.", 0.5)), (Span(90, 920),))
SECOND = Heard(9000, (), (), (Finding("captions.loop-cut", 6000, 7000, {"why": "x"}),))


def written(path: Path) -> Path:
    words_file.begin(path, HEAD)
    words_file.add(path, FIRST)
    words_file.add(path, SECOND)
    return path


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    kept = words_file.read(written(tmp_path / "w.jsonl"))
    assert kept.head == HEAD
    assert kept.pieces == [FIRST, SECOND]
    transcript = kept.transcript()
    assert (transcript.duration_ms, transcript.engine, len(transcript.words)) == (9000, "openai-whisper", 2)


def test_going_on_cuts_off_a_torn_end(tmp_path: Path) -> None:
    path = written(tmp_path / "w.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"done_ms": 12000, "wor')
    assert words_file.begin(path, HEAD).done_ms == 9000
    assert path.read_bytes() == whole


def test_a_line_without_its_end_is_not_trusted(tmp_path: Path) -> None:
    path = written(tmp_path / "w.jsonl")
    path.write_bytes(path.read_bytes()[:-1])
    assert words_file.read(path).done_ms == 5000


def test_another_recipe_begins_anew(tmp_path: Path) -> None:
    path = written(tmp_path / "w.jsonl")
    assert words_file.begin(path, Head("recipe-2", "pl")).done_ms == 0
    assert words_file.read(path).pieces == []


def test_no_file(tmp_path: Path) -> None:
    kept = words_file.read(tmp_path / "none")
    assert (kept.head, kept.done_ms) == (None, 0)
    with pytest.raises(ValueError, match="no head"):
        kept.transcript()
