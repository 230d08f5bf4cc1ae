"""The benchmarks can be asked for, and their tables say what they were given; none is timed here."""

from importlib import import_module
from pathlib import Path

import pytest
from bootstrap.verbs import VERBS

from benchmarks import __main__ as entry
from benchmarks import afterwork, common, first_picture, hub_legs
from pipeline.store.journal import Journal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", entry.NAMES)
def test_each_says_its_own_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        entry.main([name, "--help"])
    assert ended.value.code == 0
    assert f"./run bench {name}" in capsys.readouterr().out
    assert import_module(f"benchmarks.{name}").__doc__


def test_an_unknown_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["hub_leg"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in entry.NAMES)
    assert VERBS["bench"].command[-1] == ROOT / "benchmarks"


def test_the_page_names_every_benchmark() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert all(f"./run bench {name}" in page for name in entry.NAMES)


def test_a_table_in_markdown() -> None:
    lines = common.table(("what", "s"), [("one", 1.234), ("none", None)]).splitlines()
    assert lines == ["| what | s |", "| --- | --- |", "| one | 1.23 |", "| none | – |"]
    assert common.spread([3.0, 1.0, 2.0]) == "2.00 (1.00–3.00)"
    assert common.spread([]) == "–"


def test_what_is_in_flight_at_the_end_is_not_lost() -> None:
    class End:
        arrived = {b"b": 1.5, b"c": 2.25}  # noqa: RUF012

    sent = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    pictures = [bytes([letter]) for letter in b"abcdefg"]
    late, lost = hub_legs.latencies(pictures, sent, [End()], 0.5)  # type: ignore[list-item]
    assert late == (250.0, 500.0)
    assert lost == 1
    assert hub_legs.shares(common.Used({1: 1.0}, {}), common.Used({1: 1.5, 2: 0.25}, {}), 1, 10.0) == (5.0, 2.5)


def test_the_summary_counts_one_more_leg() -> None:
    def one(what: str, legs: int, percent: float) -> hub_legs.Result:
        return hub_legs.Result(what, legs, percent, None, (40.0,), 50.0, 0)

    ours = [one("hub", 1, 6.0), one("hub", 4, 12.0)]
    theirs = [one("ffmpeg tee + fifo", 1, 1.0), one("ffmpeg tee + fifo", 4, 4.0)]
    said = hub_legs.summary([*ours, *theirs])
    assert "| one more leg, hub | 2.00 % of a core |" in said
    assert "| hub / ffmpeg, 4 legs | processor 3.0, memory 1.0 |" in said


def test_phases_are_the_first_of_each_kind(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", "hub")
    first = journal.append("leg", destination="cable", state="up")
    journal.append("leg", destination="cable", state="up")
    found = first_picture.phases(journal.path, first.utc.timestamp() - 2.0)
    assert list(found) == ["hub leg cable up"]
    assert found["hub leg cable up"] == pytest.approx(2.0, abs=0.01)


def test_transcription_is_told_apart() -> None:
    ours = afterwork.Cost(30.0, 40.0, 500.0, steps={"verify": 10.0, "transcribe": 20.0})
    theirs = {"whisper": afterwork.Cost(10.0, 15.0, 400.0), "burn-in": afterwork.Cost(10.0, 20.0)}
    found = {row[1]: row[2:5] for row in afterwork.rows(1, ours, theirs)}
    assert found["without transcription, wall s"] == (10.0, 10.0, 1.0)
    assert found["transcription, peak MB"] == (500.0, 400.0, 1.25)
