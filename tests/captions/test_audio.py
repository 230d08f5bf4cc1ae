"""Reading sound: hard names, streams, gaps, and errors told apart. Real ffmpeg, seconds of sound."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from captions.audio import RATE, blocks, probe_sound
from captions.errors import CaptionError
from tests.support.speech import write_wav


def _tone(seconds: float, hertz: float = 440) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def _ffmpeg(*argv: str) -> None:
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", *argv],
        check=True,
        timeout=60,
    )


def _hertz(sound: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE / len(sound))


@pytest.mark.parametrize("name", ["-i.wav", "http:a b.wav", "zażółć 'x\" %d.wav"])
def test_hard_names(tmp_path: Path, name: str) -> None:
    sound = np.concatenate(list(blocks(write_wav(tmp_path / name, _tone(1.5)))))
    assert abs(len(sound) - 1.5 * RATE) < 50
    assert _hertz(sound) == pytest.approx(440, abs=2)


def test_blocks_are_small(tmp_path: Path) -> None:
    lengths = [len(block) for block in blocks(write_wav(tmp_path / "a.wav", _tone(5)))]
    assert lengths == [2 * RATE, 2 * RATE, RATE]


def test_the_sound_can_begin_in_the_middle(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.concatenate((_tone(2, 440), _tone(2, 880))))
    sound = np.concatenate(list(blocks(path, start_ms=2000)))
    assert abs(len(sound) - 2 * RATE) < 50
    assert _hertz(sound) == pytest.approx(880, abs=2)


def test_a_stream_is_chosen(tmp_path: Path) -> None:
    one, two = write_wav(tmp_path / "1.wav", _tone(1, 440)), write_wav(tmp_path / "2.wav", _tone(1, 880))
    both = tmp_path / "both.mkv"
    _ffmpeg("-i", str(one), "-i", str(two), "-map", "0:a", "-map", "1:a", "-c:a", "flac", str(both))
    assert probe_sound(both).streams == 2
    assert _hertz(np.concatenate(list(blocks(both)))) == pytest.approx(440, abs=2)
    assert _hertz(np.concatenate(list(blocks(both, 1)))) == pytest.approx(880, abs=2)
    with pytest.raises(CaptionError) as caught:
        next(blocks(both, 2))
    assert caught.value.code == "captions.no-such-stream"


def test_sound_that_begins_later_than_the_picture_keeps_its_time(tmp_path: Path) -> None:
    tone, late = write_wav(tmp_path / "1.wav", _tone(1)), tmp_path / "late.mkv"
    _ffmpeg(
        "-f", "lavfi", "-i", "color=size=64x64:rate=25:duration=3",
        "-itsoffset", "1.5", "-i", str(tone),
        "-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "flac", str(late),
    )  # fmt: skip
    sound = np.concatenate(list(blocks(late)))
    first = int(np.flatnonzero(np.abs(sound) > 0.05)[0])
    assert first / RATE == pytest.approx(1.5, abs=0.05)


def test_leaving_early_ends_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def kept(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
        started.append(real(*args, **kwargs))  # type: ignore[call-overload]
        return started[-1]

    path = write_wav(tmp_path / "a.wav", _tone(60))
    monkeypatch.setattr("captions.audio.subprocess.Popen", kept)
    probe = probe_sound(path)
    assert probe.streams == 1
    sound = blocks(path)
    next(sound)
    sound.close()
    assert [child.poll() is not None for child in started] == [True] * len(started)
    assert len(started) >= 1


def _code(path: Path) -> str:
    with pytest.raises(CaptionError) as caught:
        next(blocks(path))
    return caught.value.code


def test_errors_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _code(tmp_path / "nie ma.wav") == "captions.no-file"
    assert _code(tmp_path) == "captions.no-file"
    (tmp_path / "pusty.mp4").touch()
    assert _code(tmp_path / "pusty.mp4") == "captions.not-media"
    (tmp_path / "tekst.mp4").write_text("To nie jest film. " * 50, encoding="utf-8")
    assert _code(tmp_path / "tekst.mp4") == "captions.not-media"
    silent = tmp_path / "niemy.mkv"
    _ffmpeg("-f", "lavfi", "-i", "color=size=64x64:rate=25:duration=1", "-c:v", "mpeg4", str(silent))
    assert _code(silent) == "captions.no-sound"
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert _code(silent) == "captions.ffmpeg-missing"


def test_a_recording_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole, cut = tmp_path / "a.mkv", tmp_path / "cut.mkv"
    _ffmpeg("-i", str(write_wav(tmp_path / "a.wav", _tone(20))), "-c:a", "flac", str(whole))
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    length = sum(len(block) for block in blocks(cut)) / RATE
    assert 5 < length < 15
