"""Command lines for ffmpeg and the check of its version."""

from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.media import ffmpeg

BANNER = "ffmpeg version {0} Copyright\nlibavutil      {1}. 28.100 / 57. 28.100\n"


def test_names_mean_nothing_to_ffmpeg() -> None:
    odd = Path("/tmp/-x 'a' \"b\": ą%d.mkv")
    command = ffmpeg.argv(ffmpeg.saved(odd, ffmpeg.source(odd), c="copy"))
    assert command.count(f"file:{odd}") == 2
    assert "-nostdin" in command
    assert command[-1] == "-y"


def test_relative_names_become_absolute() -> None:
    assert ffmpeg.url(Path("-a:b.mkv")) == f"file:{Path.cwd() / '-a:b.mkv'}"


@pytest.mark.parametrize(("version", "library"), [("5.1.9-0+deb12u1", 57), ("n7.0", 59), ("N-1234-gabc", 60)])
def test_new_enough(version: str, library: int) -> None:
    assert ffmpeg.checked_version(BANNER.format(version, library)) == version


def test_too_old() -> None:
    with pytest.raises(Refused) as caught:
        ffmpeg.checked_version(BANNER.format("4.4.2", 56))
    assert caught.value.code == "media.ffmpeg-too-old"
    assert caught.value.fields == {"found": "4.4.2", "needed": "5.0"}


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ffmpeg.tools.cache_clear()
    try:
        with pytest.raises(Refused) as caught:
            ffmpeg.tools()
        assert caught.value.code == "media.ffmpeg-missing"
    finally:
        monkeypatch.undo()
        ffmpeg.tools.cache_clear()


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen = list[float]()
    tone = ffmpeg.generated("sine=duration=2")
    command = ffmpeg.argv(ffmpeg.saved(tmp_path / "a.wav", tone))
    ran = ffmpeg.run(command, length_us=2_000_000, watch=ffmpeg.Watcher(progress=seen.append))
    assert seen[-1] == 1.0
    assert ran.reached_us == pytest.approx(2_000_000, abs=50_000)
