"""Bringing a file in: the original untouched, the copy whole, nothing left of a failure."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from pipeline.errors import Fatal, Refused
from pipeline.media import ffmpeg
from pipeline.model.config import Settings
from pipeline.model.recording import State
from pipeline.post import importing
from pipeline.post.importing import import_file
from pipeline.store import recordings
from pipeline.store.absorb import Scanner
from pipeline.store.database import Database

ODD = ["-v error.wav", "a:b 'c' \"d\".wav", "Zażółć gęślą.WAV", "50%d [1];2.wav"]


def tone(path: Path, seconds: float = 1) -> Path:
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, ffmpeg.generated(f"sine=duration={seconds}"), f="wav")))
    return path


@pytest.mark.parametrize("name", ODD)
def test_odd_names_come_in(settings: Settings, db: Database, tmp_path: Path, name: str) -> None:
    path = tone(tmp_path / name)
    before = (path.stat().st_mtime_ns, path.read_bytes())
    ident = import_file(settings, path, "odczyt")
    (found,) = Scanner(db, settings.folders.recordings).scan()
    assert (found.id, found.state, found.klass, found.title) == (ident, State.WAITING, "odczyt", path.stem)
    masters = list((settings.folders.recordings / found.folder / "masters").iterdir())
    assert len(masters) == 1
    assert masters[0].name.isascii()
    assert masters[0].suffix == ".wav"
    assert hashlib.sha256(masters[0].read_bytes()).digest() == hashlib.sha256(before[1]).digest()
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert masters[0].stat().st_ino != path.stat().st_ino


def test_a_name_that_is_no_utf8_comes_in(settings: Settings, db: Database, tmp_path: Path) -> None:
    path = tone(tmp_path / "a.wav")
    odd = path.rename(os.fsdecode(os.fsencode(tmp_path) + b"/za\xbf\xf3\xb3\xe6.wav"))
    import_file(settings, odd, "odczyt")
    (found,) = Scanner(db, settings.folders.recordings).scan()
    assert found.title.startswith("za")


def test_a_pipe_is_refused_by_its_own_name(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(Refused, match=r"media\.no-plain-file"):
        import_file(settings, tmp_path / "pipe.mp4", "odczyt")


def test_title_and_times(settings: Settings, db: Database, tmp_path: Path) -> None:
    path = tone(tmp_path / "a.wav", 3)
    import_file(settings, path, "odczyt", "Odczyt o Żeromskim")
    (found,) = Scanner(db, settings.folders.recordings).scan()
    assert found.title == "Odczyt o Żeromskim"
    assert "odczyt-o-zeromskim" in found.folder
    assert found.ended is not None
    assert (found.ended - found.started).total_seconds() == pytest.approx(3, abs=0.1)
    assert recordings.get(db, found.id) == found


@pytest.mark.parametrize(("content", "code"), [(b"", "media.empty"), (b"tekst" * 999, "media.not-media")])
def test_what_is_no_media_leaves_nothing(settings: Settings, tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        import_file(settings, path, "odczyt")
    assert caught.value.code == code
    assert not settings.folders.recordings.exists()


def test_a_failed_copy_leaves_nothing(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tone(tmp_path / "a.wav")
    digests = iter(["one", "other"])
    monkeypatch.setattr(importing.file_rows, "sha256", lambda path: next(digests))
    with pytest.raises(Fatal) as caught:
        import_file(settings, path, "odczyt")
    assert caught.value.code == "post.copy-differs"
    assert list(settings.folders.recordings.iterdir()) == []


def test_no_room(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tone(tmp_path / "a.wav")
    full = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: full)
    with pytest.raises(Fatal) as caught:
        import_file(settings, path, "odczyt")
    assert caught.value.code == "post.no-room"
    assert list(settings.folders.recordings.iterdir()) == []


def test_without_the_kernels_copy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.copy_file_range", raising=False)
    seen = list[float]()
    import_file(settings, tone(tmp_path / "a.wav"), "odczyt", progress=seen.append)
    assert seen[-1] == 1.0
