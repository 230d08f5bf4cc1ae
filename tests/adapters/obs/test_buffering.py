"""OBS's sound buffering as its log tells it; the newest log counts, and an unreadable one says nothing."""

from pathlib import Path

from pipeline.adapters.obs.buffering import Buffering

LINE = (
    "12:00:01.5: adding 21 milliseconds of audio buffering, "
    "total audio buffering is now {ms} milliseconds (source: {name})\n"
)


def test_the_last_line_counts_and_torn_ones_wait(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "2026-11-27 17-00-00.txt"
    log.parent.mkdir()
    log.write_text("started\n", encoding="utf-8")
    buffering = Buffering(lambda: [tmp_path])
    buffering.look()
    assert (buffering.ms, buffering.source) == (0, "")
    torn = LINE.format(ms=960, name="Mikser łączony")
    with log.open("a", encoding="utf-8") as file:
        file.write(LINE.format(ms=21, name="Kamera") + torn[:80])
    buffering.look()
    assert (buffering.ms, buffering.source) == (21, "Kamera")
    with log.open("a", encoding="utf-8") as file:
        file.write(torn[80:])
    buffering.look()
    assert (buffering.ms, buffering.source) == (960, "Mikser łączony")


def test_without_a_log_nothing_is_known(tmp_path: Path) -> None:
    buffering = Buffering(lambda: [tmp_path])
    buffering.look()
    assert buffering.ms is None
