"""The word error rate, against jiwer's."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.score import word_error_rate

_TEXT = st.lists(st.sampled_from(["raz", "dwa", "trzy", "cztery"]), min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("Raz, dwa, trzy.", "raz dwa trzy", 0.0),
        ("raz dwa trzy cztery", "raz trzy cztery", 0.25),
        ("raz", "raz dwa", 1.0),
        ("", "", 0.0),
        ("", "raz", 1.0),
    ],
)
def test_counted(said: str, heard: str, rate: float) -> None:
    assert word_error_rate(said, heard) == rate


@given(_TEXT, _TEXT)
def test_as_jiwer_counts(said: str, heard: str) -> None:
    assert word_error_rate(said, heard) == pytest.approx(jiwer.wer(said, heard))
