"""From journal to rows, once, however often it is done."""

from datetime import timedelta
from pathlib import Path

from pipeline.model.recording import Recording, State
from pipeline.store import journal_rows, publications, recordings
from pipeline.store.absorb import Scanner, absorb
from pipeline.store.database import Database
from pipeline.store.journal import Journal


def begun(root: Path, name: str = "2026-11-27_1700_muzyka_koncert_abcd1234") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    fields = {"id": name[-8:], "class": "muzyka", "title": "Koncert „Zimowy”", "plan": {}, "station": "Dom"}
    Journal(folder / "journal.jsonl", "broadcast").append("begin", **fields)
    return folder


def again(db: Database, folder: Path) -> Recording:
    found = absorb(db, folder)
    assert found is not None
    return found


def test_a_broadcast_from_beginning_to_end(db: Database, tmp_path: Path) -> None:
    folder = begun(tmp_path)
    journal = Journal(folder / "journal.jsonl", "broadcast")
    first = again(db, folder)
    assert (first.id, first.klass, first.title) == ("abcd1234", "muzyka", "Koncert „Zimowy”")
    assert (first.state, first.revision, first.ended) == (State.ON_AIR, 1, None)
    journal.append("marker", hub_us=5_000_000, text="Chopin")
    fields = {"destination": "facebook", "kind": "facebook", "live_id": "11"}
    journal.append("platform", **fields, viewers=3)
    journal.append("platform", destination="facebook", viewers=17, permalink="https://facebook.test/v/12")
    journal.append("platform", destination="facebook", viewers=9, video_id="12", state="ended")
    ended = journal.append("end", why="command")
    assert again(db, folder).state is State.ON_AIR
    journal.append("closed")
    for _ in range(3):
        last = again(db, folder)
    assert last.state is State.WAITING
    assert last.ended is not None
    assert abs(last.ended - ended.utc) < timedelta(milliseconds=2)
    assert journal_rows.markers(db, "abcd1234") == [(5_000_000, "Chopin")]
    assert [line.n for line in journal_rows.lines(db, "abcd1234")] == [1, 2, 3, 4, 5, 6, 7]
    (place,) = publications.of_recording(db, "abcd1234")
    assert (place.kind, place.live_id, place.video_id) == ("facebook", "11", "12")
    assert (place.viewers, place.permalink) == (17, "https://facebook.test/v/12")
    assert place.caption_state is publications.CaptionState.NONE


def test_closing_again_does_not_undo_the_after_work(db: Database, tmp_path: Path) -> None:
    folder = begun(tmp_path)
    journal = Journal(folder / "journal.jsonl", "broadcast")
    journal.append("closed")
    again(db, folder)
    assert recordings.move(db, "abcd1234", to=State.DONE, expected=[State.WAITING])
    journal.append("closed")
    assert again(db, folder).state is State.DONE


def test_torn_and_foreign_lines_are_skipped(db: Database, tmp_path: Path) -> None:
    folder = begun(tmp_path)
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"utc": "2026-11-27T1')
    Journal(folder / "journal.jsonl", "hub").append("marker", text="po awarii")
    again(db, folder)
    assert [line.n for line in journal_rows.lines(db, "abcd1234")] == [1, 3]


def test_no_journal_no_recording(db: Database, tmp_path: Path) -> None:
    assert absorb(db, tmp_path) is None
    assert recordings.newest(db) == []


def test_a_copied_folder_is_left_alone(db: Database, tmp_path: Path) -> None:
    folder = begun(tmp_path)
    copy = tmp_path / "kopia"
    copy.mkdir()
    (copy / "journal.jsonl").write_bytes((folder / "journal.jsonl").read_bytes())
    again(db, folder)
    assert absorb(db, copy) is None
    assert recordings.get(db, "abcd1234").folder == folder.name


def test_the_scanner_looks_only_at_what_changed(db: Database, tmp_path: Path) -> None:
    one = begun(tmp_path)
    begun(tmp_path, "2026-11-28_1700_teatr_proba_efgh5678")
    scanner = Scanner(db, tmp_path)
    assert len(scanner.scan()) == 2
    assert scanner.scan() == []
    Journal(one / "journal.jsonl", "hub").append("closed")
    assert [r.id for r in scanner.scan()] == ["abcd1234"]
