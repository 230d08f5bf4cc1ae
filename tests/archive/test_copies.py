import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.archive import events
from pipeline.archive import replicate as replicate_module
from pipeline.archive.comparing import Standing, compare
from pipeline.archive.copies import Place, write_label
from pipeline.archive.replicate import recover, replicate
from pipeline.archive.verify import verify
from pipeline.errors import Fatal, Temporary
from tests.support.bags import Bag

A = "data/a.txt"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "disk").mkdir()
    place = Place("DYSK-A", tmp_path / "disk")
    write_label(place)
    return place


@pytest.fixture
def made(archive: Path) -> Path:
    return Bag().write(archive / "k1")


def later(package: Path) -> None:
    """Make the package a later version of itself: other captions, the same master, the evidence kept."""
    before = (package / "tagmanifest-sha512.txt").read_bytes()
    files = {path.relative_to(package).as_posix(): path.read_bytes() for path in (package / "data").rglob("*.txt")}
    shutil.rmtree(package)
    kept = {"data/metadata/evidence/1/tagmanifest-sha512.txt": before}
    Bag(files={**files, "data/captions.srt": b"approved", **kept}).write(package)


def standing(archive: Path, place: Place) -> dict[str, str]:
    return {name: str(one) for name, one in compare(archive, place.folder).packages.items()}


def test_a_new_package_is_copied_and_proved(made: Path, archive: Path, place: Place) -> None:
    assert standing(archive, place) == {"k1": "new"}
    replicate(made, place)
    copy = place.folder / "k1"
    assert verify(copy).ok
    assert {path.relative_to(copy) for path in copy.rglob("*")} == {
        path.relative_to(made) for path in made.rglob("*")
    }
    assert (copy / A).stat().st_ino != (made / A).stat().st_ino
    assert standing(archive, place) == {"k1": "same"}
    for folder in (archive, place.folder):
        (event,) = events.read(folder, "k1")
        assert (event.kind, event.ok, event.outcome) == ("replication", True, {"label": "DYSK-A"})
        assert event.about == events.identity(made)


def test_a_later_version_takes_unchanged_files_from_the_copy(
    made: Path, archive: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    replicate(made, place)
    later(made)
    assert standing(archive, place) == {"k1": "later"}
    copied = []
    real = replicate_module.copy_file
    monkeypatch.setattr(replicate_module, "copy_file", lambda *a, **k: copied.append(a[0].name) or real(*a, **k))
    replicate(made, place)
    assert "a.txt" not in copied
    assert "captions.srt" in copied
    assert verify(place.folder / "k1").ok
    assert standing(archive, place) == {"k1": "same"}


def test_a_copy_that_rotted_is_made_anew_from_the_archive(made: Path, archive: Path, place: Place) -> None:
    replicate(made, place)
    (place.folder / "k1" / A).write_bytes(b"FIRST\n")
    later(made)
    replicate(made, place)
    assert verify(place.folder / "k1").ok


def test_a_missing_or_shortened_file_of_the_copy_is_seen_and_mended(
    made: Path, archive: Path, place: Place
) -> None:
    replicate(made, place)
    for spoil in (lambda: (place.folder / "k1" / A).unlink(), lambda: (place.folder / "k1" / A).write_bytes(b"")):
        spoil()
        assert standing(archive, place) == {"k1": "torn"}
        replicate(made, place)
        assert verify(place.folder / "k1").ok


@pytest.mark.parametrize("name", ["data/captions.srt", "bag-info.txt", "manifest-sha512.txt"])
def test_damage_here_never_reaches_the_copy(made: Path, archive: Path, place: Place, name: str) -> None:
    replicate(made, place)
    later(made)
    (made / name).write_bytes((made / name).read_bytes()[:-3] + b"ab\n")
    before = {path: path.read_bytes() for path in (place.folder / "k1").rglob("*") if path.is_file()}
    with pytest.raises(Fatal) as caught:
        replicate(made, place)
    assert caught.value.code in ("archive.damaged-here", "archive.no-bag")
    assert {path: path.read_bytes() for path in (place.folder / "k1").rglob("*") if path.is_file()} == before
    assert not list(place.folder.glob(".*.part"))


def test_what_is_damaged_here_and_whole_there_stays_whole(made: Path, place: Place) -> None:
    replicate(made, place)
    later(made)
    (made / A).write_bytes(b"FIRST\n")
    replicate(made, place)
    assert verify(place.folder / "k1").ok


def test_another_package_of_the_same_name_is_strange(made: Path, archive: Path, place: Place) -> None:
    Bag(files={A: b"somebody else's"}).write(place.folder / "k1")
    Bag().write(place.folder / "only-there")
    (archive / "torn").mkdir()
    (archive / "torn" / "bagit.txt").write_text("x")
    assert standing(archive, place) == {"k1": "strange", "only-there": "gone", "torn": "damaged"}


def test_many_changes_at_once_are_a_mass_change(archive: Path, place: Place) -> None:
    for number in range(5):
        Bag().write(place.folder / f"k{number}")
    found = compare(archive, place.folder)
    assert found.of(Standing.GONE) == [f"k{number}" for number in range(5)]
    assert found.mass_change
    for number in range(5):
        Bag().write(archive / f"k{number}")
        Bag().write(archive / f"new{number}")
    assert not compare(archive, place.folder).mass_change  # new packages are no change


def test_paused_it_leaves_what_was_there_and_goes_on(made: Path, archive: Path, place: Place) -> None:
    replicate(made, place)
    later(made)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Temporary, match=r"archive\.copy-paused"):
        replicate(made, place, stop=stop)
    assert verify(place.folder / "k1").ok
    replicate(made, place)
    assert standing(archive, place) == {"k1": "same"}


def test_a_kill_between_the_renames_is_mended(made: Path, place: Place) -> None:
    replicate(made, place)
    (place.folder / "k1").rename(place.folder / ".k1.previous")
    (place.folder / ".k1.part").mkdir()
    recover(place.folder, "k1")
    assert verify(place.folder / "k1").ok
    assert not list(place.folder.glob(".*.p*"))


def test_what_the_disk_spoilt_never_gets_the_name(
    made: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., object] = replicate_module.copy_file

    def spoiling(source: Path, target: Path, **rest: object) -> object:
        done = real(source, target, **rest)
        if target.name == "a.txt":
            target.write_bytes(b"FIRST\n")
        return done

    monkeypatch.setattr(replicate_module, "copy_file", spoiling)
    with pytest.raises(Fatal, match=r"archive\.unproved.*a\.txt"):
        replicate(made, place)
    assert not (place.folder / "k1").exists()
    (event,) = events.read(place.folder, "k1")
    assert not event.ok
