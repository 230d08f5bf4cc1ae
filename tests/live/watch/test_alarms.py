"""Alarms say each thing once, remind at growing intervals, and do not flicker."""

import itertools

from pipeline.live.watch.alarms import CARRIED_S, Alarms
from pipeline.live.watch.finding import Finding

SILENT = Finding("watch.sound-silent", "alarm", "silent", after_s=2.0, clear_s=3.0)
NEAR = Finding("watch.platform-limit", "warning", "limit")


def told(alarms: Alarms, seconds: range, *found: Finding) -> list[tuple[int, str]]:
    return [(second, news.state) for second in seconds for news in alarms.take(second, found)]


def test_once_at_its_beginning_and_once_at_its_end() -> None:
    alarms = Alarms()
    assert told(alarms, range(60), SILENT) == [(2, "begins")]
    assert list(alarms.standing()) == ["silent"]
    assert told(alarms, range(60, 120)) == [(62, "over")]
    assert not alarms.standing()


def test_a_single_bad_reading_is_no_alarm_and_a_single_good_one_no_cure() -> None:
    alarms = Alarms()
    assert told(alarms, range(2), SILENT) == []
    assert told(alarms, range(2, 3)) == []
    assert told(alarms, range(3, 10), SILENT) == [(5, "begins")]
    assert told(alarms, range(10, 12)) == []
    assert told(alarms, range(12, 20), SILENT) == []


def test_reminders_grow_and_never_come_often() -> None:
    alarms = Alarms()
    said = told(alarms, range(4 * 3600), NEAR)
    assert [state for _, state in said] == ["begins"] + ["lasts"] * (len(said) - 1)
    moments = [second for second, _ in said[1:]]
    assert moments[:5] == [120, 300, 900, 1800, 3600]
    assert all(later - earlier >= 120 for earlier, later in itertools.pairwise(moments))
    assert len(moments) <= 11


def test_what_flickers_grows_calm() -> None:
    alarms, said = Alarms(), list[str]()
    quick = Finding("watch.leg-down", "alarm", "leg", clear_s=1.0)
    for second in range(600):
        said += [news.state for news in alarms.take(second, [quick] if second % 4 < 2 else [])]
    assert said.count("begins") <= 4


def test_what_grows_graver_is_said_again_at_once() -> None:
    alarms = Alarms()
    told(alarms, range(10), NEAR)
    graver = Finding(NEAR.code, "alarm", NEAR.key)
    assert told(alarms, range(10, 20), graver) == [(10, "begins")]
    assert told(alarms, range(20, 30), NEAR) == []


def test_the_graver_of_two_with_one_key_counts_and_stands_first() -> None:
    alarms = Alarms()
    other = Finding("watch.disk", "notice", "disk")
    alarms.take(0, [other, NEAR, Finding("x.y", "alarm", "limit")])
    assert [finding.code for finding in alarms.standing().values()] == ["x.y", "watch.disk"]


def test_what_stood_before_a_kill_is_not_said_again() -> None:
    alarms = Alarms({"limit": NEAR})
    assert told(alarms, range(5), NEAR) == []
    gone = Alarms({"limit": NEAR})
    assert told(gone, range(20)) == [(int(CARRIED_S), "over")]
