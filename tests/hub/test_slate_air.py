"""The slate on air with real processes: what the far ends saw while the publisher was killed, frozen and hidden."""

import itertools
import os
import signal
from pathlib import Path

import av
import pytest

from pipeline.hub.demux import demuxed
from pipeline.hub.packet import Packet
from pipeline.hub.spec import LegSpec
from pipeline.standins.headend import Headend
from pipeline.store.journal import Journal
from tests.support.cable_air import OPTIONS
from tests.support.far_end import FarEnd, pictures, wait_for
from tests.support.feed import publishing
from tests.support.hubs import KEY, HubProcess, hub_process
from tests.support.packets import film, film_packets

pytestmark = pytest.mark.air

BETWEEN_US = 480_000  # slate_after_ms and two frames


def on_air(hub: HubProcess) -> object:
    return hub.status()["on_air"]


def arrived(far: FarEnd) -> int:
    return len(far.sessions[0]) if far.sessions else 0


def wait_for_air(hub: HubProcess, what: str, *fars: FarEnd) -> None:
    """Until it is on air, and some seconds of it have come to every far end."""
    wait_for(lambda: on_air(hub) == what, 30, f"{what} is not on air: {hub.status()}")
    before = [arrived(far) for far in fars]
    wait_for(lambda: all(arrived(far) > seen + 60 for far, seen in zip(fars, before, strict=True)), 30)


def check_unbroken(far: FarEnd) -> list[Packet]:
    """One session, DTS ever larger, no hole in the picture and none in the sound."""
    [session] = far.sessions
    video = [packet for packet in session if packet.kind == "video"]
    sound = [packet for packet in session if packet.kind == "audio"]
    for packets in (video, sound):
        assert all(b.dts_us > a.dts_us for a, b in itertools.pairwise(packets))
    shown = sorted(packet.pts_us for packet in video)
    assert max(b - a for a, b in itertools.pairwise(shown)) <= BETWEEN_US
    assert max(b.dts_us - a.dts_us for a, b in itertools.pairwise(sound)) <= 25_000
    return session


def fed(hub: HubProcess, folder: Path) -> list[list[str]]:
    """The pictures of each piece of the recording: what the publisher sent."""
    found = []
    for line in hub.lines("master"):
        with av.open(str(folder / str(line.fields["path"])), "r") as container:
            found.append(pictures(list(demuxed(container))))
    return found


def parameter_sets(session: list[Packet]) -> set[bytes]:
    units = (unit for packet in session if packet.starts for unit in packet.data.split(b"\0\0\1"))
    return {unit.rstrip(b"\0") for unit in units if unit and unit[0] & 31 == 7}


def check_runs(session: list[Packet], slate: set[str], recorded: list[str], returns: int) -> None:
    """What is not of the slate came as the publishers sent it: nothing is missing but before the feed's returns."""
    seen = [digest for digest in pictures(session) if digest not in slate]
    at, found = -1, 0
    for digest in seen:
        place = recorded.index(digest, at + 1)
        found += place != at + 1 or not found
        at = place
    assert 1 <= found <= returns
    assert len(seen) > 4 * 20


def test_no_far_end_notices_a_publisher_that_dies_hangs_or_is_hidden(tmp_path: Path) -> None:
    """B-frames, and three encoders' parameter sets in one session."""
    slate = film(tmp_path / "slate.flv", seconds=3.2, size="320x180", gop=50, bframes=2)
    own = set(pictures(film_packets(slate)))
    cable = OPTIONS | {"width": 320, "height": 180}
    with (
        FarEnd() as far,
        Headend("udp://127.0.0.1:0", tmp_path / "headend", watch=False) as headend,
        hub_process(
            tmp_path,
            [LegSpec("far", "rtmp", far.url, far.key), LegSpec("cable", "cable", headend.url, "", cable)],
            slate,
        ) as hub,
    ):
        wait_for_air(hub, "slate", far)  # before there is any feed
        with publishing(hub.port, KEY, bframes=2, gop=25) as first:
            wait_for_air(hub, "feed", far)
            first.kill()
            wait_for_air(hub, "slate", far)
        with publishing(hub.port, KEY, kbps=300, gop=25, bframes=2, extra=("-refs", "3")) as second:
            wait_for_air(hub, "feed", far)
            os.kill(second.process.pid, signal.SIGSTOP)
            wait_for(lambda: on_air(hub) == "slate")  # and no longer: five seconds end its connection
            os.kill(second.process.pid, signal.SIGCONT)
            wait_for_air(hub, "feed", far)
            hub.ask("slate", on=True)
            assert hub.status()["slate"]["manual"] is True  # type: ignore[index]
            frames = int(str(hub.feed()["frames"]))
            wait_for_air(hub, "slate", far)
            assert int(str(hub.feed()["frames"])) > frames  # the recording goes on
            hub.ask("slate", on=False)
            wait_for_air(hub, "feed", far)
        assert hub.finish() == 0
        session = check_unbroken(far)
        report = headend.stop()
    recorded = [digest for piece in fed(hub, tmp_path) for digest in piece]
    said = [str(line.fields.get("why", "off")) for line in hub.lines("slate")]
    assert len({packet.format.mark for packet in session}) == 1  # as announced at its beginning …
    assert len(parameter_sets(session)) == 3  # … and changed within it
    check_runs(session, own, recorded, returns=said.count("off"))
    told = iter(said)  # a machine under load may add a stretch of its own
    assert all(word in told for word in ("start", "off", "feed-lost", "off", "feed-lost", "off", "manual", "off"))
    assert report["priority_1_and_2"] == {}
    ups = [line for line in hub.lines("leg") if line.fields["state"] in ("down", "up")]
    assert sorted(str(line.fields["destination"]) for line in ups) == ["cable", "far"]


def test_the_slate_passes_the_hour_at_which_flv_needs_a_longer_timestamp(tmp_path: Path) -> None:
    """4 h 39 m 37 s after the beginning; a killed hub that comes back shows the slate at once."""
    slate = film(tmp_path / "slate.flv", seconds=2.2, size="320x180", gop=50)
    begun_us = 0xFFFFFF * 1000 - 1_500_000
    Journal(tmp_path / "journal.jsonl", "hub").append("process", hub_us=begun_us, name="hub", state="died")
    with FarEnd() as far, hub_process(tmp_path, [LegSpec("far", "rtmp", far.url, far.key)], slate):
        wait_for(lambda: far.frames and far.frames[-1].dts_us > 0xFFFFFF * 1000 + 1_000_000, 30)
        check_unbroken(far)
        assert begun_us < far.frames[0].dts_us < 0xFFFFFF * 1000
