import hashlib
import json
import pickle
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.archive import bag as bag_module
from pipeline.archive.bag import package
from pipeline.archive.describe import Description
from pipeline.archive.selection import Selection
from pipeline.archive.verify import verify
from pipeline.errors import Fatal, Temporary
from pipeline.platform import FileLock


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def inodes(folder: Path) -> set[int]:
    return {path.stat().st_ino for path in folder.rglob("*")}


def test_what_is_packaged_is_what_was_recorded(recording: Path, archive: Path, description: Description) -> None:
    made = package(recording, archive, description)
    assert made == archive / "k7d2m9xa"
    names = set(tree(made / "data"))
    assert {
        "objects/masters/feed.mkv",
        "objects/masters/-próba „jesień” 17:00.mkv",
        "objects/masters/Z\u0307o\u0301łw.mkv",
        "objects/outputs/web.mp4",
        "objects/captions/web.pl_PL.srt",
        "objects/pictures/poster.jpg",
        "logs/journal.jsonl",
        "logs/report.json",
        "metadata/description.json",
        "metadata/dublin-core.xml",
        "metadata/files.json",
    } == names
    for name in ("feed.mkv", "Z\u0307o\u0301łw.mkv"):
        assert (made / "data/objects/masters" / name).read_bytes() == (recording / "masters" / name).read_bytes()
    assert {path.name for path in archive.iterdir()} == {"k7d2m9xa", ".events", ".k7d2m9xa.lock"}


def test_the_declaration_is_of_version_1_and_the_oxum_is_right(
    recording: Path, archive: Path, description: Description
) -> None:
    made = package(recording, archive, description)
    assert (made / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = tree(made / "data")
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    assert f"Payload-Oxum: {oxum}\n" in (made / "bag-info.txt").read_text()
    assert "Source-Organization: Dom Kultury w Żółwinie\n" in (made / "bag-info.txt").read_text()


def test_others_tools_find_it_valid(recording: Path, archive: Path, description: Description) -> None:
    made = package(recording, archive, description)
    tool = Path(sys.executable).with_name("bagit.py")
    subprocess.run([sys.executable, tool, "--validate", made], check=True, capture_output=True, timeout=60)
    for manifest in ("manifest-sha512.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        command = [manifest.split("-")[1].removesuffix(".txt") + "sum", "-c", "--strict", manifest]
        done = subprocess.run(command, cwd=made, check=True, capture_output=True, text=True, timeout=60)
        assert done.stdout.count(": OK") == len((made / manifest).read_text().splitlines())


def test_repeated_it_is_the_same_package(recording: Path, archive: Path, description: Description) -> None:
    before = inodes(package(recording, archive, description))
    assert inodes(package(recording, archive, description)) == before


def test_a_change_of_the_recording_makes_a_new_package(
    recording: Path, archive: Path, description: Description
) -> None:
    package(recording, archive, description)
    (recording / "captions" / "web.pl_PL.srt").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nLepiej\n")
    made = package(recording, archive, replace(description, revision=2))
    assert b"Lepiej" in (made / "data/objects/captions/web.pl_PL.srt").read_bytes()
    assert json.loads((made / "data/metadata/description.json").read_text())["revision"] == 2
    assert verify(made).ok
    assert not [path for path in archive.iterdir() if path.suffix in (".part", ".previous")]


def test_a_damaged_package_is_replaced(recording: Path, archive: Path, description: Description) -> None:
    made = package(recording, archive, description)
    master = made / "data/objects/masters/feed.mkv"
    data = bytearray(master.read_bytes())
    data[1234567] ^= 1
    master.write_bytes(data)
    assert verify(package(recording, archive, description)).ok
    assert hashlib.sha256(master.read_bytes()).digest() != hashlib.sha256(data).digest()


def test_a_thinned_out_recording_never_replaces_the_masters(
    recording: Path, archive: Path, description: Description
) -> None:
    made = package(recording, archive, description)
    (recording / "masters/feed.mkv").unlink()
    with pytest.raises(Fatal, match=r"archive\.would-lose.*feed\.mkv"):
        package(recording, archive, description)
    assert verify(made).ok


def test_a_copy_that_the_disk_spoilt_never_gets_the_name(
    recording: Path, archive: Path, description: Description, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bag_module.copy_file

    def spoiling(source: Path, target: Path, **rest: object) -> object:
        made = real(source, target, **rest)  # type: ignore[arg-type]
        if target.name == "feed.mkv":
            with target.open("rb+") as file:
                file.seek(77)
                file.write(b"\xff\xfe")
        return made

    monkeypatch.setattr(bag_module, "copy_file", spoiling)
    with pytest.raises(Fatal, match=r"archive\.unproved.*data/objects/masters/feed\.mkv"):
        package(recording, archive, description)
    assert not (archive / "k7d2m9xa").exists()


def test_stopped_in_the_middle_it_leaves_nothing_with_the_name_and_goes_on_later(
    recording: Path, archive: Path, description: Description
) -> None:
    stop = threading.Event()
    with pytest.raises(Temporary, match=r"archive\.stopped"):
        package(
            recording, archive, description, stop=stop, progress=lambda done, _: stop.set() if done > 1e6 else None
        )
    assert not (archive / "k7d2m9xa").exists()
    assert verify(package(recording, archive, description)).ok


def test_killed_between_the_renames_the_old_package_comes_back(
    recording: Path, archive: Path, description: Description
) -> None:
    made = package(recording, archive, description)
    before = inodes(made)
    made.rename(archive / ".k7d2m9xa.previous")
    assert inodes(package(recording, archive, description)) == before


def test_a_recording_that_is_still_written_is_not_packaged(
    recording: Path, archive: Path, description: Description
) -> None:
    (recording / "masters" / "obs.mkv.part").write_bytes(b"x")
    with pytest.raises(Fatal, match=r"archive\.unfinished"):
        package(recording, archive, description)


def test_a_file_that_changes_meanwhile_is_not_packaged(
    recording: Path, archive: Path, description: Description
) -> None:
    def touch(done: int, _total: int) -> None:
        if done > 1_500_000:
            with (recording / "masters/feed.mkv").open("ab") as file:
                file.write(b"more")

    with pytest.raises(Temporary, match=r"archive\.changed"):
        package(recording, archive, description, progress=touch)
    assert not (archive / "k7d2m9xa").exists()


def test_without_masters_there_is_no_package(recording: Path, archive: Path, description: Description) -> None:
    shutil.rmtree(recording / "masters")
    with pytest.raises(Fatal, match=r"archive\.no-master"):
        package(recording, archive, description)


def test_a_link_is_no_recording(recording: Path, archive: Path, description: Description) -> None:
    (recording / "masters" / "more.mkv").symlink_to("/dev/zero")
    with pytest.raises(Fatal, match=r"archive\.link"):
        package(recording, archive, description)


def test_too_little_room_is_told_before_a_byte_is_written(
    recording: Path, archive: Path, description: Description, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bag_module.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(Fatal) as caught:
        package(recording, archive, description)
    assert caught.value.code == "archive.no-space"
    assert caught.value.fields["free_mb"] == 1
    assert not [path for path in archive.iterdir() if path.is_dir()]


def test_two_at_once_do_not_meet(recording: Path, archive: Path, description: Description) -> None:
    with FileLock(archive / ".k7d2m9xa.lock"), pytest.raises(Temporary, match=r"archive\.busy"):
        package(recording, archive, description)


def test_names_that_manifests_cannot_hold_are_changed_and_told(
    recording: Path, archive: Path, description: Description
) -> None:
    (recording / "masters" / "100%\\ a\nb\u2028c.mkv ").write_bytes(b"one")
    (recording / "masters" / "FEED.mkv").write_bytes(b"two")
    made = package(recording, archive, description)
    rows = {row["path"]: row for row in json.loads((made / "data/metadata/files.json").read_text())}
    assert rows["objects/masters/100__ a_b_c.mkv"]["original"] == "100%\\ a\nb\u2028c.mkv "
    both = {rows[name].get("original") for name in ("objects/masters/FEED.mkv", "objects/masters/feed-2.mkv")}
    assert both == {None, "feed.mkv"}
    tool = Path(sys.executable).with_name("bagit.py")
    subprocess.run([sys.executable, tool, "--validate", made], check=True, capture_output=True, timeout=60)


def test_a_selection_leaves_out_what_it_says(recording: Path, archive: Path, description: Description) -> None:
    made = package(recording, archive, description, Selection(outputs=False, pictures=False))
    assert {path.name for path in (made / "data/objects").iterdir()} == {"masters", "captions"}


def test_progress_ends_at_the_whole(recording: Path, archive: Path, description: Description) -> None:
    seen: list[tuple[int, int]] = []
    package(recording, archive, description, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_killed_in_the_middle_nothing_bears_the_name_and_the_next_run_is_whole(
    recording: Path, archive: Path, description: Description, tmp_path: Path
) -> None:
    (tmp_path / "description.pickle").write_bytes(pickle.dumps(description))
    code = (
        "import os, pickle, signal, sys; from pathlib import Path\n"
        "from pipeline.archive.bag import package\n"
        "def die(done, total):\n"
        "    if done > float(sys.argv[4]) * total: os.kill(os.getpid(), signal.SIGKILL)\n"
        "described = pickle.loads(Path(sys.argv[3]).read_bytes())\n"
        "package(Path(sys.argv[1]), Path(sys.argv[2]), described, progress=die)\n"
    )
    for share in ("0.2", "0.6", "0.95"):
        argv = [sys.executable, "-c", code, recording, archive, tmp_path / "description.pickle", share]
        done = subprocess.run(argv, cwd=Path(__file__).parents[2], capture_output=True, timeout=60, check=False)
        assert done.returncode == -9, done.stderr
        assert not (archive / "k7d2m9xa").exists()
        assert (archive / ".k7d2m9xa.part").exists()
    assert verify(package(recording, archive, description)).ok
    assert not (archive / ".k7d2m9xa.part").exists()
