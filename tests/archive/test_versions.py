import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import platform
from pipeline.archive import bag as bag_module
from pipeline.archive import events, versions
from pipeline.archive.bag import package
from pipeline.archive.describe import Description
from pipeline.archive.verify import verify
from pipeline.errors import Temporary

MASTER = "data/objects/masters/feed.mkv"
CAPTIONS = "data/objects/captions/web.pl_PL.srt"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were copied byte by byte."""
    names: list[str] = []
    real = bag_module.copy_file

    def counting(source: Path, target: Path, **rest: object) -> object:
        names.append(source.name)
        return real(source, target, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bag_module, "copy_file", counting)
    return names


@pytest.fixture
def made(recording: Path, archive: Path, description: Description, copied: list[str]) -> Path:
    """A package, and a recording whose captions were approved since."""
    made = package(recording, archive, description)
    (recording / "captions" / "web.pl_PL.srt").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nLepiej\n")
    copied.clear()
    return made


def test_a_new_version_copies_only_what_changed(
    recording: Path, archive: Path, description: Description, made: Path, copied: list[str]
) -> None:
    package(recording, archive, replace(description, revision=2))
    assert copied == ["web.pl_PL.srt"]
    assert b"Lepiej" in (made / CAPTIONS).read_bytes()
    assert verify(made).ok
    assert (made / MASTER).stat().st_nlink == 1  # the version before is gone, and no link leads to the recording
    *_, last = events.read(archive, made.name)
    assert last.outcome["version"] == 2
    assert last.outcome["reused"] > 5


def test_it_keeps_the_evidence_of_every_version_before(
    recording: Path, archive: Path, description: Description, made: Path
) -> None:
    tags = {path.name: path.read_bytes() for path in made.glob("*.txt")}
    record = (made / "data/metadata/description.json").read_bytes()
    for revision in (2, 3):
        package(recording, archive, replace(description, revision=revision))
    kept = made / "data/metadata/evidence"
    assert {path.name: path.read_bytes() for path in (kept / "1").glob("*.txt")} == tags
    assert (kept / "1/description.json").read_bytes() == record
    assert json.loads((kept / "2/description.json").read_text())["revision"] == 2
    assert versions.version_of(made) == 3
    told = [
        json.loads(line)["eventOutcomeDetail"]["version"]
        for line in (kept / "events.jsonl").read_text().splitlines()
    ]
    assert told == [1, 2]
    listed = (made / "manifest-sha512.txt").read_text()
    assert "data/metadata/evidence/1/manifest-sha512.txt" in listed
    assert verify(made).ok


def test_repeated_a_version_is_the_same(
    recording: Path, archive: Path, description: Description, made: Path, copied: list[str]
) -> None:
    package(recording, archive, description)
    before = {path.stat().st_ino for path in made.rglob("*")}
    package(recording, archive, description)
    assert {path.stat().st_ino for path in made.rglob("*")} == before
    assert copied == ["web.pl_PL.srt"]


def test_a_file_that_was_damaged_meanwhile_comes_from_the_recording(
    recording: Path, archive: Path, description: Description, made: Path, copied: list[str]
) -> None:
    data = bytearray((made / MASTER).read_bytes())
    data[777] ^= 1
    (made / MASTER).write_bytes(data)
    package(recording, archive, description)
    assert copied == ["web.pl_PL.srt", "feed.mkv"]
    assert verify(made).ok
    assert (made / MASTER).read_bytes() == (recording / "masters/feed.mkv").read_bytes()


def test_where_neither_clones_nor_links_are_made_it_copies(
    recording: Path,
    archive: Path,
    description: Description,
    made: Path,
    copied: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(versions.os, "link", never)
    monkeypatch.setattr(versions.platform, "clone_file", lambda *_: False)
    package(recording, archive, description)
    assert "feed.mkv" in copied
    assert verify(made).ok


def test_stopped_it_leaves_the_version_before_whole(
    recording: Path, archive: Path, description: Description, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (made / "manifest-sha512.txt").read_bytes()

    def stopped(*_: object, **__: object) -> None:
        raise Temporary("archive.stopped")

    monkeypatch.setattr(bag_module, "verify", stopped)
    with pytest.raises(Temporary):
        package(recording, archive, description)
    monkeypatch.undo()
    assert (made / "manifest-sha512.txt").read_bytes() == before
    assert verify(made).ok
    assert verify(package(recording, archive, description)).ok


def test_a_clone_is_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"bytes")
    if platform.clone_file(tmp_path / "a", tmp_path / "b"):
        (tmp_path / "a").write_bytes(b"other")
        assert (tmp_path / "b").read_bytes() == b"bytes"
    else:
        assert not (tmp_path / "b").exists()
