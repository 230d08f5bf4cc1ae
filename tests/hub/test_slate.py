"""The slate's loop: seamless, exact over a day, its file cut from keyframe to keyframe or refused by name."""

import itertools
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Refused
from pipeline.hub import slate_file
from pipeline.hub.packet import Packet
from pipeline.hub.slate import Loop, Playing
from tests.support.far_end import pictures
from tests.support.loops import loop
from tests.support.packets import FORMAT, fakes, film, film_packets

DAY_US = 86_400_000_000


def played(playing: Playing, until_us: int) -> list[Packet]:
    return list(playing.due(until_us))


def shown(packets: list[Packet]) -> list[int]:
    return sorted(packet.pts_us for packet in packets if packet.kind == "video")


@pytest.mark.parametrize("bframes", [False, True])
def test_a_loop_goes_round_without_a_seam(bframes: bool) -> None:
    out = played(Playing(loop(bframes=bframes), 5_000_000, 5_010_000, 5_000_000), 15_000_000)
    assert {b - a for a, b in itertools.pairwise(shown(out)[:-3])} == {40_000}  # the last group is not whole
    assert shown(out)[0] == 5_000_000
    video = [packet.dts_us for packet in out if packet.kind == "video"]
    assert {b - a for a, b in itertools.pairwise(video)} == {40_000}
    assert all(packet.pts_us >= packet.dts_us for packet in out)
    sound = [packet.dts_us for packet in out if packet.kind == "audio"]
    assert sound[0] == 5_010_000
    assert {b - a for a, b in itertools.pairwise(sound)} <= {21_333, 21_334}
    times = [packet.dts_us for packet in out]
    assert times == sorted(times)


@pytest.mark.parametrize("rate", [25, 30, 50])
def test_the_sound_that_a_loop_leaves_over_is_carried_on(rate: int) -> None:
    slate = loop(1, rate, rate=rate)  # one second: 46.875 sound frames
    rounds = [slate.sound(number) for number in range(3 * 47)]
    begins = [number for number, data in enumerate(rounds) if data == b"s0"]
    assert begins == [0, 47, 94]
    assert rounds.count(b"s46") == 3
    begins = [number for number in range(4_690) if slate.sound(number) == b"s0"]
    assert len(begins) == 101  # a hundred rounds, none skipped …
    assert begins[-1] == -(-100 * 46_875 // 1000)  # … and none late


def test_picture_and_sound_are_together_after_a_day() -> None:
    slate = loop(rate=30)
    playing = Playing(slate, 0, 0, 0)
    playing._pictures, playing._sounds = 30 * 86_400, 48_000 * 86_400 // 1024
    assert playing.picture_dts_us == DAY_US
    assert playing.sound_dts_us == DAY_US
    assert playing.picture().data == b"p0" if 30 * 86_400 % len(slate.pictures) == 0 else True


def test_a_slate_that_begins_ahead_of_time_gives_it_back_slowly() -> None:
    playing = Playing(loop(), 3_000_000, 3_000_000, 1_000_000)
    assert shown(played(playing, 1_000_000)) == [3_000_000]
    gaps, last = [], 1_000_000
    for now in range(1_000_000, 13_000_000, 20_000):
        if played(playing, now):
            gaps.append(now - last)
            last = now
    assert max(gaps) <= 60_000
    assert playing.picture_dts_us - 13_000_000 <= 40_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slates")


def matroska(flv: Path) -> Path:
    target = flv.with_suffix(".mkv")
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(flv), "-c", "copy", str(target)]
    subprocess.run(argv, check=True, timeout=60)
    return target


@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("kind", ["flv", "mkv"])
def test_a_file_is_cut_from_keyframe_to_keyframe(folder: Path, kind: str, bframes: int) -> None:
    flv = film(folder / f"{kind}{bframes}.flv", seconds=3.4, bframes=bframes)
    slate = slate_file.load(flv if kind == "flv" else matroska(flv))
    assert len(slate.pictures) == 75
    assert sorted(picture.place for picture in slate.pictures) == list(range(75))
    assert [n for n, picture in enumerate(slate.pictures) if picture.key] == [0, 25, 50]
    assert slate.frame_us == Fraction(40_000)
    assert len(slate.sounds) == 141  # 3 s are 140.6
    assert (slate.delay_us > 0) == bool(bframes)
    made = [packet for packet in film_packets(flv) if packet.kind == "video"][:75]
    out = [packet for packet in played(Playing(slate, 0, 0, 0), 2_960_000) if packet.kind == "video"]
    assert pictures(out[:75]) == pictures(made)
    assert slate.format.continues(made[0].format)


@pytest.mark.parametrize(
    ("other", "goes_on"),
    [
        ({"mark": ("h264", "another SPS")}, True),
        ({"fps": 50.0}, True),
        ({"width": 1280, "height": 720}, False),
        ({"sample_rate": 44100}, False),
        ({"channels": 1}, False),
        ({"reorders": True}, False),
    ],
)
def test_a_session_goes_on_with_other_parameter_sets_alone(other: dict[str, Any], goes_on: bool) -> None:
    assert FORMAT.continues(replace(FORMAT, **other)) == goes_on
    assert not FORMAT.same_as(replace(FORMAT, mark=("h264", "another SPS")))  # a file begins anew


def test_what_hangs_on_a_picture_before_the_cut_is_left_out() -> None:
    open_gop = fakes(60, gop=25)
    late = next(packet for packet in open_gop if packet.kind == "video" and packet.dts_us == 40_000)
    open_gop[open_gop.index(late)] = late._replace(pts_us=-40_000)
    slate = slate_file.cut(open_gop, Fraction(25), "x")
    assert len(slate.pictures) == 49


def foreign(path: Path, *codecs: str) -> Path:
    argv = [
        *("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25"),
        *("-f", "lavfi", "-i", "anullsrc", "-t", "1.5", *codecs, str(path)),
    ]
    subprocess.run(argv, check=True, timeout=60)
    return path


H264 = ("-c:v", "libx264", "-preset", "ultrafast")


@pytest.mark.parametrize(
    ("code", "codecs"),
    [
        ("hub.slate-codec", ("-c:v", "mpeg4", "-c:a", "aac")),
        ("hub.slate-codec", (*H264, "-c:a", "libmp3lame")),
        ("hub.slate-mute", (*H264, "-an")),
        ("hub.slate-codec", ("-vn", "-c:a", "aac")),
        ("hub.slate-short", (*H264, "-c:a", "aac", "-t", "0.5")),
    ],
)
def test_a_file_that_cannot_be_a_slate_is_refused_by_name(folder: Path, code: str, codecs: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        slate_file.load(foreign(folder / "bad.mkv", *codecs))
    assert caught.value.code == code
    assert caught.value.fields["name"] == "bad.mkv"


def test_no_keyframe_no_slate() -> None:
    with pytest.raises(Refused, match=r"hub\.slate-no-keyframe"):
        slate_file.cut([p._replace(key=False) for p in fakes(60)], Fraction(25), "x")


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("hub.slate-unreadable", b""),
        ("hub.slate-unreadable", b"#EXTM3U\nhttp://127.0.0.1:1/a.ts\n"),
        ("hub.slate-unreadable", b"\x1a\x45\xdf\xa3" + bytes(4000)),
        ("hub.slate-unreadable", b"FLV\x01" + b"\xff" * 4000),
        ("hub.slate-missing", None),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, code: str, data: bytes | None) -> None:
    path = tmp_path / "slate.mkv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        slate_file.load(path)
    assert caught.value.code == code


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "slate.mkv"
    with path.open("wb") as file:
        file.truncate(slate_file.MOST_BYTES + 1)
    with pytest.raises(Refused, match=r"hub\.slate-large"):
        slate_file.load(path)


def test_a_torn_file_gives_what_is_whole(folder: Path) -> None:
    whole = matroska(film(folder / "torn.flv", seconds=4))
    torn = folder / "torn-half.mkv"
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10])
    slate: Loop = slate_file.load(torn)
    assert len(slate.pictures) in (25, 50)
