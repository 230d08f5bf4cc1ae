"""Every code that this room raises has its sentence, and the fields that the sentence wants."""

import re
import string
from pathlib import Path

import pytest

from pipeline.cli.sentences.archive import SENTENCES as ARCHIVE
from pipeline.cli.sentences.search import SENTENCES as SEARCH
from pipeline.cli.sentences.station import SENTENCES as STATION

ROOT = Path(__file__).resolve().parent.parent.parent / "pipeline"
TABLE = {**STATION, **ARCHIVE, **SEARCH}
FAULT_FIELDS = {"file", "line", "key", "code", "given", "nearest"}


def source(*rooms: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for room in rooms for path in sorted((ROOT / room).glob("*.py"))
    )


def test_every_error_has_its_sentence() -> None:
    raised = set(re.findall(r'(?:Refused|Fatal|Temporary)\(\s*"([^"]+)"', source("model", "archive")))
    assert raised
    assert raised <= set(TABLE)
    kinds = set(re.findall(r'_found\("([a-z-]+)"', source("model")))
    assert {f"config.no-{kind}" for kind in kinds} <= set(TABLE)


def test_every_fault_has_its_sentence_and_no_sentence_is_idle() -> None:
    told = {code.removeprefix("config.fault.") for code in STATION if code.startswith("config.fault.")}
    named = set(re.findall(r'"([a-z0-9-]+)"', source("model")))
    assert told <= named
    used = set(re.findall(r'faults\.add\([^"]*?"([a-z0-9]+(?:-[a-z0-9]+)+)"', source("model")))
    assert used <= told


@pytest.mark.parametrize("code", sorted(code for code in STATION if code.startswith("config.fault.")))
def test_a_faults_sentence_wants_only_what_faults_have(code: str) -> None:
    sentence = STATION[code]
    for part in (sentence.what, sentence.why, sentence.remedy):
        assert {name for _, name, _, _ in string.Formatter().parse(part) if name} <= FAULT_FIELDS
