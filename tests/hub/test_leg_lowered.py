"""A leg whose network gets narrow: the picture is lowered in the same session, the sound goes on, and it climbs."""

import itertools
import threading
from pathlib import Path

import pytest

from pipeline.clock import SYSTEM
from pipeline.hub import lowering
from pipeline.hub.hubclock import HubClock
from pipeline.hub.leg import Leg
from pipeline.hub.packet import Packet
from pipeline.hub.spec import LegSpec
from pipeline.store.journal import Journal, read
from tests.support.far_end import FarEnd, wait_for
from tests.support.narrow import Narrow
from tests.support.packets import film, film_packets

pytestmark = pytest.mark.air

SECONDS = 4
NARROW = 300  # kilobits a second; the film needs some three times as much


class Air:
    """Gives a film to a leg in real time, round and round, until `over` is set; and looks after the leg."""

    def __init__(self, leg: Leg, time: HubClock, packets: list[Packet]) -> None:
        self.over = threading.Event()
        self._leg, self._time, self._packets = leg, time, packets
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._leg.start()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._thread.join(5)
        self._leg.end()
        self._leg.join()

    def _run(self) -> None:
        start = self._time.now_us()
        first = self._packets[0].dts_us
        for turn in itertools.count():
            for packet in self._packets:
                placed = packet.moved(start - first + turn * SECONDS * 1_000_000)
                while (early := placed.dts_us - self._time.now_us()) > 0:
                    self._leg.check()
                    if self.over.wait(min(0.05, early / 1e6)):
                        return
                self._leg.put(placed)
                self._leg.check()


def test_a_narrow_network_lowers_the_picture_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "CALM_US", 3_000_000)
    made = film_packets(film(tmp_path / "a.flv", seconds=SECONDS, size="320x180"))
    packets = sorted((p for p in made if p.dts_us < SECONDS * 1_000_000 - 20_000), key=lambda packet: packet.dts_us)
    while not packets[0].starts:
        packets.pop(0)
    journal, time = Journal(tmp_path / "journal.jsonl", "hub", SYSTEM), HubClock(SYSTEM, 0)
    with FarEnd() as far, Narrow(far.port) as network:
        spec = LegSpec("weak", "rtmp", f"rtmp://127.0.0.1:{network.port}/{far.app}", far.key, uplink=True)
        leg = Leg(spec, journal, time, SYSTEM)
        with Air(leg, time, packets):
            wait_for(lambda: leg.state == "up" and leg.rate.programme.picture, 30)
            assert leg.health()["lowered_kbps"] is None
            network.kbps = NARROW
            wait_for(lambda: leg.health()["lowered_kbps"], 60, "not lowered")
            network.kbps = None
            wait_for(lambda: leg.rate.step == 0, 90, "did not climb")
            seen = len(far.frames)
            wait_for(lambda: len(far.frames) > seen + 60, 60, "no picture after the climb")
    assert network.connections == len(far.sessions) == 1
    sound = [packet.dts_us for packet in far.sessions[0] if packet.kind == "audio"]
    assert max(b - a for a, b in itertools.pairwise(sound)) < 500_000  # the film's own seam is the largest
    said = [line.fields for line in read(tmp_path / "journal.jsonl") if line.what == "leg"]
    assert next(one["state"] for one in said if one["state"] in ("lowered", "whole", "down")) == "lowered"
    assert "whole" in [one["state"] for one in said]
