"""Notices go out beside the air: gathered, bounded, tried again, and never in the way."""

import threading
from collections.abc import Sequence

from pipeline.clock import SystemClock
from pipeline.errors import Fatal, PipelineError, Temporary
from pipeline.live.notices import WAITING, Notices
from pipeline.live.watch.alarms import News
from pipeline.live.watch.finding import Finding
from pipeline.model.notice import Notice
from tests.support.until import until


class Quick(SystemClock):
    """Waits a thousandth as long as it is asked."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(seconds / 1000)


class Way:
    name = "webhook"

    def __init__(self, *failures: PipelineError) -> None:
        self.failures, self.sent, self.tries = list(failures), list[Sequence[Notice]](), 0
        self.gate = threading.Event()
        self.gate.set()

    def send(self, notices: Sequence[Notice]) -> None:
        self.tries += 1
        assert self.gate.wait(20)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(list(notices))


def notices(way: Way, level: str = "alarm") -> Notices:
    words = lambda code, fields: f"{code} {dict(fields)}"  # noqa: E731
    return Notices([way], Quick(), words, station="S", broadcast="B", from_level=level)


def news(code: str, level: str = "alarm") -> News:
    return News(Finding(code, level, code, {"n": 1}), "begins")


def test_only_what_is_grave_enough_and_together() -> None:
    way = Way()
    told = notices(way, "warning")
    for one in (news("a.b"), news("c.d", "warning"), news("e.f", "notice")):
        told.tell(one)
    told.start()
    until(lambda: way.sent, what="a message")
    told.stop()
    assert [[notice.text for notice in one] for one in way.sent] == [["a.b {'n': 1}", "c.d {'n': 1}"]]


def test_temporary_failures_are_tried_again_and_others_are_not() -> None:
    way = Way(Temporary("notify.hook-failed"), Temporary("notify.hook-failed"))
    told = notices(way)
    told.start()
    told.tell(news("a.b"))
    until(lambda: way.sent, what="a message")
    assert (way.tries, told.findings) == (3, [])
    way.failures = [Fatal("notify.hook-refused", status=404)]
    told.tell(news("c.d"))
    until(lambda: told.findings, what="a finding")
    told.stop()
    assert way.tries == 4
    assert told.findings[0].level == "warning"


def test_a_way_that_hangs_holds_nobody_and_its_queue_is_bounded() -> None:
    way = Way()
    way.gate.clear()
    told = notices(way)
    told.start()
    for number in range(4 * WAITING):
        told.tell(news(f"a.{number}"))
    way.gate.set()
    told.stop()
    assert 0 < sum(len(one) for one in way.sent) < 3 * WAITING


def test_a_broken_way_is_no_news_for_the_ways() -> None:
    way = Way()
    told = notices(way, "notice")
    told.tell(News(Finding("notify.hook-failed", "warning", "notify-webhook"), "begins"))
    told.start()
    told.stop()
    assert not way.sent
