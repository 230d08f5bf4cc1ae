"""What is on air, from several threads and over a restart: hidden stays hidden, a bad slate changes nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.hub.hubclock import HubClock
from pipeline.hub.on_air import OnAir, was_hidden
from pipeline.hub.packet import Packet
from pipeline.model.journal import JournalLine
from tests.support.far_end import wait_for
from tests.support.packets import fakes, film


def line(n: int, what: str, **fields: object) -> JournalLine:
    return JournalLine(n, datetime(2026, 11, 27, tzinfo=UTC), n, "hub", what, fields)


ON, OFF = {"state": "on", "why": "manual"}, {"state": "off"}


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ([], False),
        ([{"state": "on", "why": "start"}], False),
        ([{"state": "on", "why": "feed-lost"}, ON], True),
        ([ON, OFF], False),
        ([ON, {"state": "on", "why": "feed-lost"}], False),
        ([OFF, ON], True),
    ],
)
def test_a_restart_hides_the_hall_when_it_was_hidden(said: list[dict[str, object]], hidden: bool) -> None:
    lines = [line(n, "slate", **fields) for n, fields in enumerate(said)]
    assert was_hidden([*lines, line(9, "feed", state="on", why="manual")]) == hidden


def test_a_slate_plays_by_itself_and_a_bad_one_leaves_it_alone(tmp_path: Path) -> None:
    sent: list[Packet] = []
    air = OnAir(sent.append, HubClock(SYSTEM, 0), SYSTEM, 400_000, hidden=False)
    assert air.status() == {"on_air": None, "slate": {"loaded": False, "manual": False, "since_us": None}}
    with pytest.raises(Refused, match=r"hub\.no-slate"):
        air.hide(True)
    air.hide(False)  # nothing to lift: no fault
    air.start()
    try:
        air.load(film(tmp_path / "slate.flv", seconds=2.2))
        wait_for(lambda: len(sent) > 30)
        with pytest.raises(Refused, match=r"hub\.slate-missing"):
            air.load(tmp_path / "none.mkv")
        before = len(sent)
        wait_for(lambda: len(sent) > before + 10)
        assert air.status()["on_air"] == "slate"
        first = fakes(1)[0]
        air.feed(first.moved(max(packet.pts_us for packet in sent)), air._hub.now_us())
        assert air.status()["on_air"] == "feed"
    finally:
        air.stop()
    assert [fields["state"] for _, fields in air.news()] == ["on", "off"]
    assert air.news() == []
    before = len(sent)
    assert sent[0].starts
    air.stop()
    assert len(sent) == before
