"""The recording: crash-safe, in pieces, named only when it was read back, with its place in hub time."""

import errno
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from pipeline.clock import SYSTEM
from pipeline.hub import masterfile
from pipeline.hub.masterfile import MasterFile, part_of
from pipeline.hub.packet import Packet
from pipeline.hub.record import Recorder, recover
from pipeline.store.journal import Journal, read
from tests.support.far_end import pictures, wait_for
from tests.support.packets import film, film_packets


@pytest.fixture(scope="module")
def packets(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    return film_packets(film(tmp_path_factory.mktemp("film") / "a.flv", bframes=2))


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    return film_packets(film(tmp_path_factory.mktemp("film") / "b.flv", seconds=2, size="192x108"))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl", "hub")


@pytest.fixture
def recorder(tmp_path: Path, journal: Journal) -> Recorder:
    recorder = Recorder(tmp_path / "masters" / "feed.mkv", journal, SYSTEM)
    recorder.start()
    return recorder


def later(packets: list[Packet], by_us: int) -> list[Packet]:
    return [packet.moved(by_us) for packet in packets]


def put(recorder: Recorder, packets: list[Packet]) -> None:
    for packet in packets:
        recorder.put(packet)


def recorded(path: Path) -> list[str]:
    """The digests of the slices in a Matroska file, whose packets may be Annex B or have lengths."""
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(path), "-map", "0:v", "-c", "copy"]
    argv += ["-bsf:v", "h264_mp4toannexb", "-f", "framehash", "-hash", "md5", "-"]
    out = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout
    return [line.split(",")[-1].strip() for line in out.splitlines() if line and not line.startswith("#")]


def test_every_packet_is_recorded_with_its_place_in_hub_time(
    recorder: Recorder, packets: list[Packet], journal: Journal, tmp_path: Path
) -> None:
    put(recorder, later(packets, 5_000_000))
    assert recorder.finish() == [tmp_path / "masters" / "feed.mkv"]
    [line] = [line for line in read(journal.path) if line.what == "master"]
    assert line.hub_us == packets[0].dts_us + 5_000_000
    assert (line.fields["role"], line.fields["path"]) == ("feed", "masters/feed.mkv")
    with av.open(str(tmp_path / "masters" / "feed.mkv"), "r") as container:
        times = sorted(int(p.pts * p.time_base * 1000) for p in container.demux(video=0) if p.pts is not None)
    expected = sorted((p.pts_us - packets[0].dts_us) // 1000 for p in packets if p.kind == "video")
    assert times == pytest.approx(expected, abs=1)
    assert len(recorded(tmp_path / "masters" / "feed.mkv")) == len(expected)


def test_while_it_grows_it_has_no_final_name(recorder: Recorder, packets: list[Packet], tmp_path: Path) -> None:
    target = tmp_path / "masters" / "feed.mkv"
    put(recorder, packets)
    wait_for(part_of(target).exists)
    assert not target.exists()
    wait_for(lambda: recorder.status()["duration_us"] > 3_000_000)  # type: ignore[operator]
    assert recorder.status()["path"] == "masters/feed.mkv"
    recorder.finish()
    assert target.exists()
    assert not part_of(target).exists()


def test_another_format_begins_another_piece(
    recorder: Recorder, packets: list[Packet], others: list[Packet], tmp_path: Path
) -> None:
    put(recorder, packets)
    put(recorder, later(others, 6_000_000))
    assert [path.name for path in recorder.finish()] == ["feed.mkv", "feed-2.mkv"]
    with av.open(str(tmp_path / "masters" / "feed-2.mkv"), "r") as container:
        assert container.streams.video[0].codec_context.width == 192
        assert container.metadata["HUB_US"] == str(next(p for p in others if p.starts).dts_us + 6_000_000)


def test_what_a_killed_hub_left_is_named_and_journalled_once(
    packets: list[Packet], journal: Journal, tmp_path: Path
) -> None:
    target = tmp_path / "masters" / "feed.mkv"
    torn = MasterFile(target, packets[0].moved(777), 0)
    for packet in packets:
        torn.write(packet.moved(777))
    assert recover(target, journal) == [target]
    assert recover(target, journal) == []
    [line] = [line for line in read(journal.path) if line.what == "master"]
    assert (line.hub_us, line.fields["state"]) == (packets[0].dts_us + 777, "recovered")
    whole = len(pictures(packets))
    assert len(recorded(target)) >= whole - 25 * 0.5  # at most the last unfinished cluster
    next_one = Recorder(target, journal, SYSTEM)
    next_one.start()
    put(next_one, packets)
    assert [path.name for path in next_one.finish()] == ["feed-2.mkv"]


@pytest.mark.parametrize("content", [b"", b"\x1aE\xdf\xa3 torn"])
def test_a_piece_without_a_picture_is_set_aside(journal: Journal, tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "feed.mkv"
    part_of(target).write_bytes(content)
    assert recover(target, journal) == []
    assert (tmp_path / "feed.mkv.unreadable").exists()
    assert [line.fields["code"] for line in read(journal.path)] == ["hub.piece-unreadable"]


def test_a_full_disk_ends_the_piece_and_another_begins_when_there_is_room(
    journal: Journal, packets: list[Packet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.hub.record.AGAIN_S", 0.0)
    room = [60_000]
    monkeypatch.setattr(masterfile, "WholeFile", limited(room))
    recorder = Recorder(tmp_path / "feed.mkv", journal, SYSTEM)
    recorder.start()
    put(recorder, packets)
    wait_for(lambda: recorder.error == "hub.record-failed")
    room[0] = 1 << 30
    wait_for(lambda: not len(recorder.queue))
    put(recorder, later(packets, 10_000_000))
    assert [path.name for path in recorder.finish()][-1] == "feed-2.mkv"
    assert recorder.error is None
    assert (tmp_path / "feed.mkv").exists()
    assert "hub.record-failed" in [line.fields.get("code") for line in read(journal.path)]


def test_a_removed_file_or_folder_is_noticed_and_another_piece_begun(
    recorder: Recorder, packets: list[Packet], journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.hub.record.AGAIN_S", 0.0)
    monkeypatch.setattr("pipeline.hub.masterfile.SYNC_US", 0)
    target = tmp_path / "masters" / "feed.mkv"
    put(recorder, packets)
    wait_for(lambda: part_of(target).exists() and not len(recorder.queue))
    shutil.rmtree(target.parent)
    wait_for(lambda: recorder.error == "hub.record-failed")
    put(recorder, later(packets, 10_000_000))
    assert recorder.finish() == [target]
    assert len(recorded(target)) == len(pictures(packets))
    assert [line.fields["code"] for line in read(journal.path) if line.what == "finding"] == ["hub.record-failed"]


def limited(room: list[int]) -> Callable[[object], masterfile.WholeFile]:
    class Limited(masterfile.WholeFile):
        def write(self, data: bytes) -> int:
            room[0] -= len(data)
            if room[0] < 0:
                raise OSError(errno.ENOSPC, "no space")
            return super().write(data)

    return Limited  # type: ignore[return-value]
