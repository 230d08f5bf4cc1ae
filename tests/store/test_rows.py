"""The queries: states change once, files are trusted only when they still are what their row says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import Refused, Temporary
from pipeline.model.recording import RecordedFile, Role, State, TrackState
from pipeline.store import file_rows, recordings, track_rows
from pipeline.store.database import Database
from pipeline.store.publications import CaptionState, of_recording, set_captions
from pipeline.store.tables import publication, recording

START = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two(db: Database) -> None:
    with db.write() as connection:
        for n, ident in enumerate(("first", "second")):
            row = recordings.insert_values(
                ident=ident,
                folder=f"folder-{ident}",
                klass="muzyka",
                title="Zażółć",
                started=START.replace(day=27 + n),
                state=State.WAITING,
            )
            connection.execute(sa.insert(recording).values(row))


def test_newest_first_and_by_state(db: Database) -> None:
    assert [r.id for r in recordings.newest(db)] == ["second", "first"]
    recordings.move(db, "second", to=State.WORKING, expected=[State.WAITING])
    assert [r.id for r in recordings.newest(db, states=[State.WAITING])] == ["first"]
    assert recordings.get(db, "folder-first").id == "first"
    with pytest.raises(Refused) as caught:
        recordings.get(db, "none")
    assert caught.value.code == "store.no-recording"


def test_a_state_changes_only_from_what_was_expected(db: Database) -> None:
    error = recordings.error_record(Temporary("post.disk-full", needed=5, folder=Path("/x")))
    assert not recordings.move(db, "first", to=State.FAILED, expected=[State.WORKING], error=error)
    assert not recordings.move(db, "first", to=State.WORKING, expected=[State.WAITING], revision=2)
    assert recordings.move(db, "first", to=State.FAILED, expected=[State.WAITING], error=error)
    assert recordings.get(db, "first").error == "post.disk-full"
    assert recordings.error_of(db, "first") == {
        "kind": "Temporary",
        "code": "post.disk-full",
        "fields": {"needed": 5, "folder": "/x"},
    }
    assert recordings.move(db, "first", to=State.WAITING, expected=[State.FAILED], next_revision=True)
    assert recordings.get(db, "first").revision == 2
    assert recordings.error_of(db, "first") is None


def test_a_file_is_good_while_it_is_what_its_row_says(db: Database, tmp_path: Path) -> None:
    real = tmp_path / "a.mp4"
    real.write_bytes(b"picture")
    entry = RecordedFile("first", Role.OUTPUT, "web", "recordings", "f/a.mp4", 7, file_rows.sha256(real), note="ok")
    file_rows.put(db, entry, made_from="k1")
    file_rows.put(db, entry, made_from="k1")
    assert file_rows.of_recording(db, "first") == [entry]
    assert file_rows.of_recording(db, "first", role=Role.MASTER) == []

    def good(made_from: str) -> bool:
        return file_rows.still_good(db, "recordings", "f/a.mp4", real, made_from)

    assert good("k1")
    assert not good("k2")
    real.write_bytes(b"pictvre")
    assert not good("k1")
    real.unlink()
    assert not good("k1")
    file_rows.forget(db, "recordings", "f/a.mp4")
    assert file_rows.of_recording(db, "first") == []


def test_an_approved_track_is_not_overwritten_by_a_machine(db: Database) -> None:
    def row(state: TrackState, cues: int) -> track_rows.TrackRow:
        return track_rows.TrackRow("first", "pl", state, "f/a.srt", cues, "whisper", "demo", START)

    assert track_rows.put(db, row(TrackState.AUTOMATIC, 1))
    assert track_rows.put(db, row(TrackState.AUTOMATIC, 2))
    assert track_rows.put(db, row(TrackState.APPROVED, 3))
    assert not track_rows.put(db, row(TrackState.AUTOMATIC, 4))
    assert track_rows.of_recording(db, "first") == [row(TrackState.APPROVED, 3)]


def test_captions_of_a_publication(db: Database) -> None:
    with db.write() as connection:
        connection.execute(
            sa.insert(publication).values(
                recording="first", destination="fb", kind="facebook", caption_state="none"
            )
        )
    set_captions(db, "first", "fb", CaptionState.UPLOADED, video_id="9")
    (place,) = of_recording(db, "first")
    assert (place.caption_state, place.video_id) == (CaptionState.UPLOADED, "9")
