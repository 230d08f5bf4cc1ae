"""`ekultura archive search` as it is typed: words, moments, exit codes, in both languages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.root import root
from tests.support.stations import station

SRT = "1\n00:12:05,000 --> 00:12:08,000\nDzieci karmiły żółwie. [oklaski]\n"
RECORD = {"identifier": "k1aaaaaa", "title": "[red]Lekcja", "klass": "muzyka", "section": "", "revision": 1}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    data = tmp_path / "archive" / "k1aaaaaa" / "data"
    (data / "metadata").mkdir(parents=True)
    (data / "objects" / "captions").mkdir(parents=True)
    record = RECORD | {"started": "2026-11-27T23:30:00.000Z"}  # the 28th in Poland
    (data / "metadata" / "description.json").write_text(json.dumps(record), encoding="utf-8")
    (data / "metadata" / "files.json").write_text("[]", encoding="utf-8")
    (data / "objects" / "captions" / "web.pl.srt").write_text(SRT, encoding="utf-8")
    return station(tmp_path)


def typed(place: Path, *words: str) -> Result:
    return CliRunner().invoke(root, ["archive", "search", "--station", str(place), *words])


def test_a_hit_with_its_moment(place: Path) -> None:
    done = typed(place, "zolwiami")
    assert done.exit_code == 0
    assert "0:12:05  Dzieci karmiły **żółwie**. [oklaski]" in done.stdout
    assert "[red]Lekcja  2026-11-28  muzyka  k1aaaaaa" in done.stdout


def test_json(place: Path) -> None:
    (one,) = json.loads(typed(place, "--json", "żółw", "--captions", "automatic").stdout)["found"]
    assert (one["id"], one["hits"][0]["at"], one["hits"][0]["ms"]) == ("k1aaaaaa", "0:12:05", 725_000)
    start, end = one["hits"][0]["marks"][0]
    assert one["hits"][0]["text"][start:end] == "żółwie"


def test_days_are_those_of_the_station(place: Path) -> None:
    def total(*words: str) -> int:
        return int(json.loads(typed(place, "--json", *words).stdout)["total"])

    assert total("--from", "2026-11-28", "--to", "2026-11-28") == 1
    assert total("--to", "2026-11-27") == 0
    assert total("--from", "0001-01-01", "--to", "9999-12-31") == 1


@pytest.mark.parametrize("words", [[], ["?!"], ["x " * 50_000], ["x", "--captions", "y"], ["x", "--from", "y"]])
def test_wrong_usage(place: Path, words: list[str]) -> None:
    assert typed(place, *words).exit_code == 2


def test_a_package_that_cannot_be_read_is_named(place: Path) -> None:
    (place / "archive" / "torn").mkdir()
    done = typed(place, "żółw")
    assert done.exit_code == 3
    assert "torn" in done.stderr
