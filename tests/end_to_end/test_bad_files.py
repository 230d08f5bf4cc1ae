"""Files that `ekultura process` is given: good ones with bad names, and bad ones."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.office.station import create_station
from pipeline.standins.technician import Technician

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def technician(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Technician]:
    station = tmp_path_factory.mktemp("station") / "dom"
    create_station(station, {"captions.model": "demo"})
    yield Technician(station, "pl")
    assert not list((station / "recordings").glob("*/**/*.part"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture and sound."""
    target = tmp_path_factory.mktemp("clip") / "clip.mkv"
    command = ["ffmpeg", "-nostdin", "-v", "error"]
    command += ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2"]
    command += ["-f", "lavfi", "-i", "sine=frequency=300:duration=2"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target


@pytest.mark.parametrize(("body", "code"), [(b"", "media.empty"), (b"To jest tekst.\n" * 99, "media.not-media")])
def test_what_is_no_media_is_refused(technician: Technician, tmp_path: Path, body: bytes, code: str) -> None:
    bad = tmp_path / "zajęcia.mp4"
    bad.write_bytes(body)
    before = technician.asks("jobs").data
    told = technician.tries("process", str(bad), "--json")
    assert told.code in (1, 2)
    assert code in told.errors
    assert "zajęcia.mp4" in told.errors
    assert technician.asks("jobs").data == before
    assert bad.read_bytes() == body


def test_a_file_that_is_not_there(technician: Technician, tmp_path: Path) -> None:
    told = technician.tries("process", str(tmp_path / "brak.mp4"), "--json")
    assert told.code in (1, 2)
    assert "media.missing" in told.errors


@pytest.mark.parametrize(
    ("streams", "outputs"),
    [(("-an",), {".web.mp4"}), (("-vn",), {".m4a"})],
    ids=["no-sound", "no-picture"],
)
def test_half_a_recording_is_worth_its_outputs(
    technician: Technician, clip: Path, tmp_path: Path, streams: tuple[str, ...], outputs: set[str]
) -> None:
    half = tmp_path / "pół.mkv"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(clip), *streams, "-c", "copy", str(half)], check=True
    )
    [job] = technician.asks("process", str(half), "--wait", timeout_s=150, may_be=(0, 3)).data
    assert job["state"] == "done"
    package = technician.asks("archive", "show", job["id"]).data
    named = [file["path"] for file in package["files"] if "/outputs/" in file["path"]]
    assert len(named) == len(outputs)
    assert all(any(path.endswith(ending) for ending in outputs) for path in named)
    assert [report["ok"] for report in technician.asks("archive", "verify", job["id"]).data] == [True]


@pytest.mark.parametrize("name", ["-koncert: „Kolędy” o'clock.mkv", 'za"żółć $HOME %d.mkv'])
def test_names_that_mean_something_to_tools(technician: Technician, clip: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.write_bytes(clip.read_bytes())
    told = technician.asks("process", "--wait", "--title", name[:-4], "--", str(odd), timeout_s=150, may_be=(0, 3))
    [job] = told.data
    assert (job["state"], job["title"]) == ("done", name[:-4])
    assert odd.read_bytes() == clip.read_bytes()
    assert [report["ok"] for report in technician.asks("archive", "verify", job["id"]).data] == [True]


def test_a_leading_dash_without_a_folder(technician: Technician, clip: Path) -> None:
    """The name alone, as typed in the folder where it lies."""
    (technician.station / "-próba.mkv").write_bytes(clip.read_bytes())
    told = technician.tries("process", "--json", "--", "-próba.mkv")
    assert told.code == 0, told.errors
    [job] = technician.asks("jobs", told.data["id"], "--wait", timeout_s=150, may_be=(0, 3)).data
    assert job["state"] == "done"
