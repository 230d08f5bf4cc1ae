import itertools
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.archive import events, schedule
from pipeline.archive.checking import check
from pipeline.archive.copies import LABEL, Place, label_of, offers, write_label
from pipeline.archive.verify import verify
from pipeline.errors import Refused, Temporary
from tests.support.bags import Bag

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class At:
    """A clock that stands."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def utc(self) -> datetime:
        return self.moment

    def monotonic_us(self) -> int:
        return 0

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(0)


@pytest.fixture
def made(archive: Path) -> Path:
    """A package with three files of 2 MB, so that a pause falls between them."""
    return Bag(files={f"data/{one}": bytes(2_000_000) + one.encode() for one in "abc"}).write(archive / "k7d2m9xa")


def paused(made: Path, work: Path, archive: Path, after: float, clock: At | None = None) -> Temporary:
    stop = threading.Event()
    with pytest.raises(Temporary, match=r"archive\.paused") as caught:
        check(
            made,
            work,
            archive,
            progress=lambda done, _: stop.set() if done > after else None,
            stop=stop,
            clock=clock or At(),
        )
    return caught.value


def test_a_paused_check_goes_on_where_it_was(made: Path, tmp_path: Path, archive: Path) -> None:
    assert paused(made, tmp_path / "work", archive, 4.5e6).fields["done_mb"] == 5
    report = check(made, tmp_path / "work", archive, clock=At())
    assert report.ok
    assert report.resumed >= 4_000_000
    assert report.bytes == verify(made).bytes
    again = check(made, tmp_path / "work", archive, clock=At())
    assert again.resumed == 0  # a whole check reads all of it


def test_what_was_touched_during_the_pause_is_read_again(made: Path, tmp_path: Path, archive: Path) -> None:
    paused(made, tmp_path / "work", archive, 4.5e6)
    (made / "data/a").write_bytes(bytes(1_999_999) + b"xa")
    assert check(made, tmp_path / "work", archive, clock=At()).damaged == ("data/a",)


def test_damage_found_before_the_pause_is_told_after_it(made: Path, tmp_path: Path, archive: Path) -> None:
    (made / "data/a").write_bytes(bytes(1_999_999) + b"xa")
    paused(made, tmp_path / "work", archive, 4.5e6)
    assert check(made, tmp_path / "work", archive, clock=At()).damaged == ("data/a",)


def test_a_pause_of_weeks_or_a_broken_note_counts_as_nothing_read(
    made: Path, tmp_path: Path, archive: Path
) -> None:
    work = tmp_path / "work"
    paused(made, work, archive, 4.5e6)
    assert check(made, work, archive, clock=At(NOW + 15 * DAY)).resumed == 0
    paused(made, work, archive, 4.5e6)
    (note,) = (work / "verify").iterdir()
    for text in ("", "[]", '{"version": 1}', "\xff", "[" * 5000):
        note.write_text(text, encoding="latin-1")
        assert check(made, work, archive, clock=At()).resumed == 0


def test_each_check_is_an_event(made: Path, tmp_path: Path, archive: Path) -> None:
    check(made, tmp_path / "work", archive, clock=At())
    (made / "data/b").write_bytes(b"x")
    check(made, tmp_path / "work", archive, clock=At(NOW + DAY))
    first, second = events.read(archive, made.name)
    assert (first.kind, first.ok, first.when) == ("fixity check", True, NOW)
    assert (second.ok, second.outcome["damaged"]) == (False, ["data/b"])
    assert first.about == second.about == events.identity(made)
    row = json.loads(events.events_file(archive, made.name).read_text().splitlines()[0])
    assert row["linkingAgentIdentifier"].startswith("ekultura")
    assert row["linkingObjectIdentifier"] == "k7d2m9xa"


def test_a_torn_line_costs_no_other_event(made: Path, tmp_path: Path, archive: Path) -> None:
    check(made, tmp_path / "work", archive, clock=At())
    with events.events_file(archive, made.name).open("a") as file:
        file.write('{"eventType": "fix')
    check(made, tmp_path / "work", archive, clock=At())
    assert len(list(events.read(archive, made.name))) == 2


def test_in_a_strangers_folder_nothing_is_written(tmp_path: Path, archive: Path) -> None:
    folder = tmp_path / "elsewhere"
    assert check(Bag().write(folder / "bag"), tmp_path / "work", archive, clock=At()).ok
    assert [one.name for one in folder.iterdir()] == ["bag"]


def test_in_a_period_every_package_is_read_a_share_each_day(archive: Path) -> None:
    for number in range(12):
        Bag(files={"data/a": bytes(5000)}).write(archive / f"p{number:02}")
    read: dict[str, list[int]] = {}
    for day in range(30):
        now = NOW + day * DAY
        due = schedule.due(archive, now, 12 * DAY)
        assert len(due) <= 2
        for package in due:
            read.setdefault(package.name, []).append(day)
            done = events.Event(events.FIXITY_CHECK, now, True, events.identity(package))
            events.add(archive, package.name, done)
        assert not schedule.due(archive, now, 12 * DAY) or len(due) < 2
    assert len(read) == 12
    assert all(days[0] <= 12 and days[-1] >= 17 for days in read.values())
    assert all(b - a <= 12 for days in read.values() for a, b in itertools.pairwise(days))


def test_a_damaged_package_is_due_each_day(tmp_path: Path, archive: Path) -> None:
    for name in ("whole", "torn"):
        Bag().write(archive / name)
    (archive / "torn/data/a.txt").write_bytes(b"x")
    for name in ("whole", "torn"):
        check(archive / name, tmp_path / "work", archive, clock=At())
    assert [one.name for one in schedule.due(archive, NOW + DAY)] == ["torn"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A second archive with a copy of the package."""
    folder = tmp_path / "disk"
    folder.mkdir()
    place = Place("DYSK-A", folder)
    write_label(place)
    Bag().write(folder / "k1")
    return place


def test_damage_is_answered_with_a_proved_copy(place: Place, archive: Path) -> None:
    package = Bag().write(archive / "k1")
    for name in ("data/a.txt", "manifest-sha512.txt"):
        (package / name).write_bytes(b"broken")
    (package / "data/folder/\u017c\u00f3\u0142w.txt").unlink()
    report = verify(package)
    found = offers(package, [*report.damaged, *report.missing], [place])
    assert found["manifest-sha512.txt"] == place.folder / "k1/manifest-sha512.txt"
    (package / "manifest-sha512.txt").write_bytes(found["manifest-sha512.txt"].read_bytes())
    report = verify(package)
    found = offers(package, [*report.damaged, *report.missing], [place])
    assert set(found) == {"data/a.txt", "data/folder/\u017c\u00f3\u0142w.txt"}
    for name, path in found.items():
        (package / name).write_bytes(path.read_bytes())
    assert verify(package).ok


def test_a_damaged_copy_and_another_disk_are_not_offered(place: Place, archive: Path) -> None:
    package = Bag().write(archive / "k1")
    (package / "data/a.txt").write_bytes(b"broken")
    assert offers(package, ["data/a.txt"], [place])
    assert not offers(package, ["data/a.txt"], [Place("DYSK-B", place.folder)])
    (place.folder / "k1/data/a.txt").write_bytes(b"broke too")
    assert not offers(package, ["data/a.txt"], [place])


def test_a_label_is_written_once_and_never_where_no_disk_is(place: Place, tmp_path: Path) -> None:
    write_label(place)
    assert label_of(place.folder) == "DYSK-A"
    with pytest.raises(Refused, match=r"archive\.other-label"):
        write_label(Place("DYSK-B", place.folder))
    with pytest.raises(Refused, match=r"archive\.no-folder"):
        write_label(Place("DYSK-B", tmp_path / "not-mounted"))
    (place.folder / LABEL).write_bytes(b"\xff\xfe")
    assert label_of(place.folder) is None
