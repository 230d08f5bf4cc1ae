"""The feed's own check: clean is clean, a lost packet is told by name and priority, the report stays small."""

import json

import pytest

from pipeline.hub.cable_check import OwnCheck
from tests.support import transport_streams as streams


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


def test_it_tells_faults_by_priority(clean: bytes) -> None:
    check = OwnCheck(streams.RATE)
    check.feed(clean)
    report = check.report()
    assert (report["priority_1"], report["priority_2"], report["faults"]) == (0, 0, {})
    at = streams.nth_of(clean, 257, 300) * 188
    damaged = OwnCheck(streams.RATE)
    damaged.feed(clean[:at] + clean[at + 188 :])
    report = damaged.report()
    assert report["priority_1"] == 1
    assert "Continuity_count_error" in str(report["faults"])
    assert len(json.dumps(report)) < 1000
