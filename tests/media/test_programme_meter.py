"""The recording of the feed is followed while it grows: black and silence are measured, from near its end on."""

import subprocess
import threading
from pathlib import Path

import pytest

from pipeline.media import growing
from pipeline.media.growing import GrowingFile
from pipeline.media.programme_meter import ProgrammeMeter
from tests.support.until import until

SHAPES = {"black": "color=black:s=320x180:r=25", "picture": "testsrc2=s=320x180:r=25"}


def recording(path: Path, picture: str, sound: str) -> Path:
    inputs = ("-f", "lavfi", "-i", SHAPES[picture], "-f", "lavfi", "-i", sound, "-t", "8")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-threads", "1", "-c:a", "aac", "-ac", "2")
    held = ("-f", "matroska", "-flush_packets", "1", "-cluster_time_limit", "250", str(path))
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, *coded, *held]
    subprocess.run(argv, check=True, timeout=60)
    return path


@pytest.mark.parametrize(
    ("picture", "sound", "black", "silent"),
    [("black", "sine=440:r=48000,volume=2", True, False), ("picture", "anullsrc=r=48000", False, True)],
)
def test_black_and_silence(tmp_path: Path, picture: str, sound: str, black: bool, silent: bool) -> None:
    meter = ProgrammeMeter()
    meter.follow(recording(tmp_path / "feed.mkv.part", picture, sound), lambda: False, lambda: None)
    assert meter.pictures >= 3
    assert (meter.black_s >= 5) is black
    assert (meter.sound.reading().silent_s >= 7) is silent


def test_a_file_is_followed_while_it_grows_until_it_gets_its_name(tmp_path: Path) -> None:
    whole = recording(tmp_path / "whole.mkv", "picture", "sine=440:r=48000").read_bytes()
    part, half = tmp_path / "feed.mkv.part", len(whole) // 2
    part.write_bytes(whole[:100])
    meter, packets, pause = ProgrammeMeter(), list[int](), threading.Event()
    thread = threading.Thread(
        target=meter.follow,
        args=(part, lambda: not pause.wait(0.01), lambda: packets.append(1)),
        daemon=True,
    )
    thread.start()
    with part.open("ab") as file:
        file.write(whole[100:half])
    until(lambda: packets, seconds=20, what="packets of the first half")
    seen = len(packets)
    with part.open("ab") as file:
        file.write(whole[half:])
    until(lambda: len(packets) > seen, seconds=20, what="packets of the second half")
    part.rename(tmp_path / "feed.mkv")
    thread.join(20)
    assert not thread.is_alive()


def test_a_late_joiner_begins_near_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recording(tmp_path / "feed.mkv.part", "picture", "sine=440:r=48000")
    monkeypatch.setattr(growing, "BACK_BYTES", path.stat().st_size // 4)
    meter, packets = ProgrammeMeter(), list[int]()
    meter.follow(path, lambda: False, lambda: packets.append(1))
    assert 50 < len(packets) < 8 * 72 // 2


@pytest.mark.parametrize("body", [b"", b"\x1a\x45\xdf\xa3", b"no matroska" * 1000])
def test_what_is_no_recording_is_left_alone(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "feed.mkv.part"
    path.write_bytes(body)
    meter = ProgrammeMeter()
    meter.follow(path, lambda: False, lambda: None)
    assert meter.pictures == 0
    assert GrowingFile(tmp_path / "gone", lambda: True).read(10) == b""
