"""A pasted key: the sheet when the broadcast begins, its captions when they exist, the answers in the journal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.app import handover
from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.live import start
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation, load_station
from pipeline.model.recording import Recording, State
from pipeline.office.station import create_station
from pipeline.store import journal
from pipeline.store.journal import Journal

KEY = "FB-1234567890-0-secret"


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    edits = {"destinations.facebook": {"kind": "facebook", "stream_key": "${FACEBOOK_STREAM_KEY}"}}
    return load_station(create_station(tmp_path / "s", edits, {"FACEBOOK_STREAM_KEY": KEY}))


def test_sheet_captions_and_answers(station: LoadedStation) -> None:
    plan = start.make_plan(station, "koncert", Wishes(title="Kolędy"), SYSTEM)
    plan.folder.mkdir(parents=True)
    note = Journal(plan.folder / journal.NAME, "broadcast")
    (page,) = handover.write(plan, note)
    text = page.read_text(encoding="utf-8")
    assert "Kolędy" in text
    assert f"ekultura published {plan.id} facebook" in text
    for path in plan.folder.rglob("*"):
        assert path.is_dir() or KEY not in path.read_text(encoding="utf-8"), path

    srt = plan.folder / "x.srt"
    srt.write_text("1\n00:00:01,000 --> 00:00:02,000\nCicha noc\n\n", encoding="utf-8")
    recording = Recording(plan.id, plan.folder.name, "koncert", "Kolędy", datetime.now(UTC), None, State.WORKING, 1)
    laid = handover.complete(plan.folder, srt, recording)
    assert laid is not None
    assert laid.name == "koledy.pl_PL.srt"
    assert laid.read_bytes() == srt.read_bytes()

    folder = handover.answered(station, plan.id, "facebook", "https://www.facebook.com/dk/videos/77/", "57")
    line = list(journal.read(folder / journal.NAME))[-1]
    assert (line.who, line.fields["viewers"], line.fields["state"]) == ("technician", 57, "answered")


def test_nothing_where_the_key_is_not_pasted(station: LoadedStation, tmp_path: Path) -> None:
    plan = start.make_plan(station, "koncert", Wishes(rehearse=True), SYSTEM)
    assert handover.pasted(plan) == []
    recording = Recording("x", "x", "koncert", "x", datetime.now(UTC), None, State.WORKING, 1)
    assert handover.complete(tmp_path, tmp_path / "x.srt", recording) is None


@pytest.mark.parametrize("ident", ["zzzzzzzz", "*", "../x", ""])
def test_an_unknown_recording_is_refused(station: LoadedStation, ident: str) -> None:
    with pytest.raises(Refused, match=r"store\.no-recording"):
        handover.answered(station, ident, "facebook", "", "5")


def test_nothing_typed_in_and_a_strange_destination_are_refused(station: LoadedStation) -> None:
    with pytest.raises(Refused, match=r"usage\.nothing-typed"):
        handover.answered(station, "zzzzzzzz", "facebook", "", " ")
    with pytest.raises(Refused, match=r"live\.unknown-destination"):
        handover.answered(station, "zzzzzzzz", "nosuch", "", "5")
