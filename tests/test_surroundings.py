"""What systems answer about sleep and clock, read right; and that asking this one breaks nothing."""

import math

import pytest

from pipeline import surroundings
from pipeline.surroundings import gnome_sleep, logind_sleep, mac_sleep, windows_clock, windows_sleep

WINDOWS = """GUID schematu zasilania: 381b4222-f694-41f0-9685-ff5bb260df2e  (Zrównoważony)
    Minimalne możliwe ustawienie: 0x00000000
    Indeks bieżącego ustawienia zasilania prądem przemiennym: 0x00000708
    Indeks bieżącego ustawienia zasilania prądem stałym: 0x00000384
"""


@pytest.mark.parametrize(
    ("texts", "after_s"),
    [
        (["[Login]\n#IdleAction=suspend\n"], math.inf),
        (["[Login]\nIdleAction=suspend\nIdleActionSec=20min\n"], 1200),
        (["IdleAction=suspend\n", "IdleAction=ignore\n"], math.inf),
        (["IdleAction=hibernate\n"], 1800),
        (["IdleAction=lock\nIdleActionSec=5min\n"], math.inf),
    ],
)
def test_logind(texts: list[str], after_s: float) -> None:
    [found] = logind_sleep(texts)
    assert found.after_s == after_s


def test_other_systems() -> None:
    assert [one.after_s for one in windows_sleep(WINDOWS)] == [1800]
    assert [one.after_s for one in windows_sleep(WINDOWS.replace("00000708", "00000000"))] == [math.inf]
    assert windows_sleep("brak dostępu") == []
    assert [one.after_s for one in mac_sleep(" displaysleep 5\n sleep                10 (prevented)\n")] == [600]
    assert [one.after_s for one in gnome_sleep("'suspend'", "uint32 900")] == [900]
    assert [one.after_s for one in gnome_sleep("'nothing'", "uint32 900")] == [math.inf]
    assert gnome_sleep("", "") == []
    assert windows_clock("Wskaźnik przestępny: 3(nie zsynchronizowano)").synchronised is False
    assert windows_clock("Leap Indicator: 0(no warning)").synchronised is True
    assert windows_clock("").synchronised is None


def test_this_system_answers_without_harm() -> None:
    surroundings.power()
    assert all(one.after_s >= 0 for one in surroundings.sleep_settings())
    assert surroundings.clock_state().synchronised in (True, False, None)
