from pathlib import Path

import pytest

from pipeline.archive.bag import package
from pipeline.archive.describe import Description
from pipeline.archive.verify import verify


@pytest.fixture
def made(recording: Path, archive: Path, description: Description) -> Path:
    return package(recording, archive, description)


def flip(path: Path, at: int = 10) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x02
    path.write_bytes(data)


def test_a_whole_package_is_read_to_the_last_byte(made: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(made, lambda done, total: seen.append((done, total)))
    assert report.ok
    sizes = [path.stat().st_size for path in made.rglob("*") if path.is_file()]
    beside = [path.stat().st_size for path in made.glob("tagmanifest-*")]
    assert report.bytes == sum(sizes) - sum(beside)
    assert report.files == len(sizes) - len(beside)
    assert seen[-1][0] == report.bytes


@pytest.mark.parametrize(
    "name",
    [
        "data/objects/masters/feed.mkv",
        "data/objects/captions/web.pl_PL.srt",
        "data/logs/journal.jsonl",
        "data/metadata/dublin-core.xml",
        "bag-info.txt",
    ],
)
def test_one_bit_in_a_file_of_the_same_size_is_found_and_named(made: Path, name: str) -> None:
    flip(made / name)
    report = verify(made)
    assert not report.ok
    assert report.damaged == (name,)


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "manifest-sha512.txt"])
def test_a_damaged_manifest_is_told_from_damaged_files(made: Path, name: str) -> None:
    flip(made / name)
    assert verify(made).damaged == (name,)


def test_a_damaged_tag_manifest_is_named(made: Path) -> None:
    flip(made / "tagmanifest-sha512.txt")
    assert verify(made).damaged == ("tagmanifest-sha512.txt",)


def test_a_shortened_file_is_damaged(made: Path) -> None:
    path = made / "data/objects/masters/feed.mkv"
    path.write_bytes(path.read_bytes()[:-1])
    report = verify(made)
    assert report.damaged == ("data/objects/masters/feed.mkv",)
    assert report.problems[0].startswith("oxum:")


def test_missing_extra_and_renamed_files_are_named(made: Path) -> None:
    (made / "data/objects/outputs/web.mp4").rename(made / "data/objects/outputs/WEB.mp4")
    (made / "data/objects/pictures/poster.jpg").unlink()
    report = verify(made)
    assert report.missing == ("data/objects/outputs/web.mp4", "data/objects/pictures/poster.jpg")
    assert report.extra == ("data/objects/outputs/WEB.mp4",)
    assert not report.ok


def test_a_name_that_came_back_in_the_other_form_of_unicode_is_the_same(made: Path) -> None:
    masters = made / "data/objects/masters"
    (masters / "Z\u0307o\u0301łw.mkv").rename(masters / "Żółw.mkv")
    assert verify(made).ok


@pytest.mark.parametrize("aside", ["../../../../aside.jpg", "../captions/aside.jpg"])
def test_a_link_in_a_files_place_is_a_problem(made: Path, aside: str) -> None:
    path = made / "data/objects/pictures/poster.jpg"
    path.rename(path.parent / aside)
    path.symlink_to(aside)
    assert any("data/objects/pictures/poster.jpg" in problem for problem in verify(made).problems)


def test_a_file_beside_the_payload_is_told_but_no_fault(made: Path) -> None:
    (made / "notatka.txt").write_text("x")
    report = verify(made)
    assert report.ok
    assert report.unlisted == ("notatka.txt",)


@pytest.mark.parametrize("name", ["bagit.txt", "data", "manifest-sha512.txt"])
def test_what_is_no_bag_is_no_bag(made: Path, name: str) -> None:
    (made / name).rename(made.parent / "gone")
    assert not verify(made).ok


def test_a_manifest_that_reaches_outside_is_refused(made: Path) -> None:
    with (made / "manifest-sha512.txt").open("a") as file:
        file.write("00  data/../../../etc/passwd\n")
    assert verify(made).problems[0].startswith("no-bag:")


def test_a_folder_that_is_nothing_is_reported(tmp_path: Path) -> None:
    report = verify(tmp_path)
    assert not report.ok
    assert report.problems
