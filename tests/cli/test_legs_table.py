"""The health rows in words, in both languages."""

import pytest

from pipeline.cli.legs_table import delay_words, error_words, in_words, leg_line, state_words

LOWERED = {"state": "up", "lowered_kbps": 900, "address": "spare", "error": None}


def test_a_row_says_state_rate_and_address() -> None:
    assert state_words(LOWERED) == "on air, lowered to 900 kb/s, spare address"
    assert state_words({"state": "stopped"}) == "refused, waits for you"
    assert state_words(None) == "waiting"
    assert delay_words(1240) == "1.2 s"
    assert delay_words(None) == ""


def test_errors_are_sentences_for_programs_too() -> None:
    assert error_words({"error": "leg.lost"}) == "The connection to the destination broke."
    assert error_words({"error": None}) == ""
    answer = {"hub": {"legs": {"facebook": {**LOWERED, "error": "leg.tls"}}}}
    row = in_words(answer)["hub"]["legs"]["facebook"]  # type: ignore[index]
    assert "could not prove" in row["error_text"]
    assert row["error"] == "leg.tls"
    assert in_words({"hub": None}) == {"hub": None}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"state": "lowered", "kbps": 900, "reason": "slow"}, "fb: weak connection, lowered to 900 kb/s"),
        ({"state": "lowered", "kbps": 9, "reason": "busy"}, "fb: this computer is too busy, lowered to 9 kb/s"),
        ({"state": "whole"}, "fb: full quality again"),
        ({"state": "address", "address": "spare"}, "fb: now by the spare address"),
        ({"state": "starting"}, ""),
    ],
)
def test_lines_of_the_journal(fields: dict[str, object], text: str) -> None:
    assert leg_line({"destination": "fb", **fields}) == text
