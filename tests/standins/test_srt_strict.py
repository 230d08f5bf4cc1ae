"""The strict SRT reader of the stand-ins."""

import pytest

from pipeline.standins.srt_strict import srt_fault

GOOD = "1\n00:00:01,000 --> 00:00:02,500\nŻółw.\n– Jaź.\n\n2\n00:00:02,500 --> 00:00:04,000\nKoniec.\n"


@pytest.mark.parametrize("text", [GOOD, GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD, GOOD.strip()])
def test_good(text: str) -> None:
    assert srt_fault(text.encode()) is None


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "no cues"),
        (b"\xff\xfe1\x00", "not UTF-8"),
        (GOOD.replace("2\n00:00:02", "3\n00:00:02").encode(), "cue 2: its number"),
        (GOOD.replace("01,000", "01.000").encode(), "cue 1: no time line"),
        (GOOD.replace("00:00:01,000", "00:61:01,000").encode(), "cue 1: no time line"),
        (GOOD.replace("00:00:02,500 --> 00:00:04", "00:00:02,400 --> 00:00:04").encode(), "cue 2: begins"),
        (GOOD.replace("--> 00:00:02,500", "--> 00:00:01,000").encode(), "cue 1: ends"),
        (GOOD.replace("Koniec.", " ").encode(), "cue 2: no text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", "cue 1: its number"),
    ],
)
def test_bad(body: bytes, fault: str) -> None:
    assert (srt_fault(body) or "").startswith(fault)
