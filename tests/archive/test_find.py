from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.archive.bag import package
from pipeline.archive.describe import Description
from pipeline.archive.find import find_package, list_packages, unreadable
from pipeline.errors import Fatal, Refused


@pytest.fixture
def two(recording: Path, archive: Path, description: Description) -> Path:
    package(recording, archive, description)
    package(
        recording, archive, replace(description, identifier="k7zzzzzz", started=description.started + timedelta(1))
    )
    (archive / "notes").mkdir()
    return archive


def test_the_newest_come_first_and_strangers_are_left_out(two: Path) -> None:
    assert [one.identifier for one in list_packages(two)] == ["k7zzzzzz", "k7d2m9xa"]


def test_one_is_found_by_the_beginning_of_its_id(two: Path) -> None:
    found = find_package(two, "k7d")
    assert found.title == "Gęślą jaźń & <próba>"
    assert {file.role for file in found.files} == {"master", "output", "caption", "picture", "log"}
    assert found.size > 3_000_000


@pytest.mark.parametrize(
    ("given", "code"), [("k7", "archive.ambiguous"), ("x", "archive.unknown"), ("", "archive.unknown")]
)
def test_an_id_that_is_none(two: Path, given: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        find_package(two, given)
    assert caught.value.code == code


def test_a_damaged_record_hides_no_package(two: Path) -> None:
    (two / "k7d2m9xa" / "data" / "metadata" / "description.json").write_text("[]", encoding="utf-8")
    assert [path.name for path in unreadable(two)] == ["k7d2m9xa", "notes"]


def test_a_package_without_its_record(two: Path) -> None:
    with pytest.raises(Fatal, match=r"archive\.no-record"):
        find_package(two, "notes")
