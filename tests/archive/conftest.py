from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.archive.describe import CaptionTrack, Description


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording's folder as the after-work leaves it, with every awkward name."""
    folder = tmp_path / "recordings" / "2026-11-27_1700_muzyka_probka_k7d2m9xa"
    for name, size in {
        "masters/feed.mkv": 3_000_000,
        "masters/-próba „jesień” 17:00.mkv": 70_000,
        "masters/Z\u0307o\u0301łw.mkv": 1000,  # NFD
        "outputs/web.mp4": 400_000,
        "captions/web.pl_PL.srt": 900,
        "pictures/poster.jpg": 2000,
        "journal.jsonl": 500,
        "report.json": 80,
        "air/control.json": 60,
        "air/plan.json": 60,
        "outputs/.hidden": 5,
        "outputs/half.mp4.part": 5,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes((index * 31 + len(name)) % 251 for index in range(1000)) * (size // 1000 + 1))
    return folder


@pytest.fixture
def description() -> Description:
    return Description(
        identifier="k7d2m9xa",
        title="Gęślą jaźń & <próba>",
        klass="muzyka",
        section="Muzyka",
        publisher="Dom Kultury w Żółwinie",
        started=datetime(2026, 11, 27, 16, 0, tzinfo=UTC),
        ended=datetime(2026, 11, 27, 17, 2, 3, tzinfo=UTC),
        duration_s=3723.5,
        recording="2026-11-27_1700_muzyka_probka_k7d2m9xa",
        captions=(CaptionTrack("web.pl_PL.srt", "pl", "automatic", "openai-whisper 20250625, model small"),),
        permalinks=("https://www.facebook.com/1/videos/2",),
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"
