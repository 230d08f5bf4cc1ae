import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.archive import index as index_module
from pipeline.archive.index import NAME, opened, refresh
from pipeline.archive.search import Answer, Filters, search
from pipeline.errors import Fatal, Refused

SRT = """\
1
00:00:01,000 --> 00:00:03,000
Dzień dobry, witamy w naszym domu

2
01:02:03,400 --> 01:02:06,000
kultury. Dzieci karmiły żółwie.

3
01:02:07,000 --> 01:02:09,000
Potem śpiewał Jan Kowalski.
"""
Make = Callable[..., Path]


@pytest.fixture
def make(archive: Path) -> Make:
    """A package as far as searching reads it."""

    def made(identifier: str, srt: str = "", **fields: object) -> Path:
        folder = archive / identifier
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data" / "metadata").mkdir(parents=True)
        (folder / "data" / "objects" / "captions").mkdir(parents=True)
        if srt:
            (folder / "data" / "objects" / "captions" / "web.pl.srt").write_text(srt, encoding="utf-8")
        record = {
            "identifier": identifier,
            "title": "Lekcja",
            "klass": "muzyka",
            "section": "Muzyka dawna",
            "publisher": "Dom Kultury",
            "started": "2026-11-27T16:00:00.000Z",
            "revision": 1,
            "rights": "CC BY-SA 4.0",
        } | fields
        text = json.dumps(record)
        (folder / "data" / "metadata" / "description.json").write_text(text, encoding="utf-8")
        (folder / "data" / "metadata" / "files.json").write_text("[]", encoding="utf-8")
        (folder / "manifest-sha512.txt").write_text(f"{hash(text + srt)}\n", encoding="utf-8")
        return folder

    return made


@pytest.fixture
def ask(archive: Path, tmp_path: Path) -> Callable[..., Answer]:
    def asked(text: str, **filters: object) -> Answer:
        with opened(tmp_path / "work" / NAME) as connection:
            refresh(connection, archive)
            return search(connection, text, Filters(**filters))  # type: ignore[arg-type]

    return asked


def ids(answer: Answer) -> list[str]:
    return [one.identifier for one in answer.found]


@pytest.mark.parametrize(
    "text",
    [
        "żółw",
        "zolw",
        "ŻÓŁWIAMI",
        "zolwiami",
        "żółwie",
        "zolwie",
        "Kowalskiego",
        "kowalskim",
        "dziecko zolw Kowalska",
    ],
)
def test_inflected_and_without_diacritics(make: Make, ask: Callable[..., Answer], text: str) -> None:
    make("k1aaaaaa", SRT, contributors=["Anna Kowalska"])
    make("k2aaaaaa", SRT.replace("żółwie", "konie").replace("Jan Kowalski", "chór"))
    assert ids(ask(text)) == ["k1aaaaaa"]


def test_who_types_diacritics_means_them(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", title="Nasz sad")
    make("k2aaaaaa", title="Wielki sąd")
    make("k3aaaaaa", title="Zolwinski zajazd")
    assert ids(ask("sąd")) == ["k2aaaaaa"]
    assert sorted(ids(ask("sad"))) == ["k1aaaaaa", "k2aaaaaa"]
    assert ids(ask("żółwiński")) == ["k3aaaaaa"]  # the dictionary does not know it as it was written


def test_unknown_names_are_inflected_too(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", title="Benefis Brzdękiewiczykowskiego")
    assert ids(ask("Brzdękiewiczykowski")) == ids(ask("brzdekiewiczykowskim")) == ["k1aaaaaa"]
    assert ids(ask("Brzdęk")) == []


def test_a_hit_has_its_moment_and_its_marks(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", SRT)
    (hit,) = ask("zolwiami").found[0].hits
    assert (hit.at, hit.start_ms) == ("1:02:03", 3_723_400)
    assert [hit.text[start:end] for start, end in hit.marks] == ["żółwie"]


def test_a_phrase_goes_over_the_end_of_a_caption(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", SRT)
    answer = ask("„domu kultury”")
    (hit,) = answer.found[0].hits
    assert hit.at == "0:00:01"
    assert [hit.text[start:end] for start, end in hit.marks] == ["domu kultury"]
    assert ids(ask('"kultury domu"')) == ids(ask('"dom kulturze"')) == []  # in quotes: as it was said
    assert ids(ask("kultura dom")) == ["k1aaaaaa"]


def test_a_phrase_does_not_go_from_one_text_into_another(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", contributors=["Jan Nowak", "Ewa Lis"])
    assert ids(ask('"nowak ewa"')) == ids(ask('"lis muzyka"')) == []
    assert ids(ask('"ewa lis"')) == ["k1aaaaaa"]


def test_the_title_counts_more_than_the_talk(make: Make, ask: Callable[..., Answer]) -> None:
    make("k1aaaaaa", SRT)
    make("k2aaaaaa", title="Żółwie")
    assert ids(ask("żółw")) == ["k2aaaaaa", "k1aaaaaa"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"klass": "MUZYKA"}, ["k1aaaaaa"]),
        ({"section": "teatr"}, ["k2aaaaaa"]),
        ({"person": "Kowalskiego Jana"}, ["k2aaaaaa"]),
        ({"person": "Nikt"}, []),
        ({"licence": "cc-by"}, ["k1aaaaaa"]),
        ({"captions": "approved"}, ["k2aaaaaa"]),
        ({"captions": "automatic"}, ["k1aaaaaa"]),
        ({"since": datetime(2026, 12, 1, tzinfo=UTC)}, ["k2aaaaaa"]),
        ({"until": datetime(2026, 12, 1, tzinfo=UTC)}, ["k1aaaaaa"]),
        ({"licence": "' OR 1=1 --"}, []),
    ],
)
def test_filters(make: Make, ask: Callable[..., Answer], filters: dict[str, object], expected: list[str]) -> None:
    make("k1aaaaaa", SRT)
    make(
        "k2aaaaaa",
        klass="teatr",
        section="Teatr",
        started="2026-12-24T10:00:00.000Z",
        rights="wszelkie prawa zastrzeżone",
        contributors=["Jan Kowalski"],
        captions=[{"file": "a.srt", "state": "approved"}],
    )
    assert ids(ask("", **filters)) == expected
    assert ids(ask("dom", **filters)) == expected  # the publisher's name


def test_what_changed_is_read_again_and_nothing_else(
    make: Make, ask: Callable[..., Answer], archive: Path, tmp_path: Path
) -> None:
    make("k1aaaaaa", SRT)
    gone = make("k2aaaaaa", title="Stary")
    assert ids(ask("stary")) == ["k2aaaaaa"]
    shutil.rmtree(gone)
    make("k3aaaaaa", title="Nowy")
    with opened(tmp_path / "work" / NAME) as connection:
        done = refresh(connection, archive)
        assert (done.packages, done.renewed, done.removed) == (2, 1, 1)
        assert refresh(connection, archive).renewed == 0
    make("k1aaaaaa", SRT.replace("żółwie", "konie"))
    assert ids(ask("stary")) == ids(ask("żółw")) == []
    assert ids(ask("koń")) == ["k1aaaaaa"]


def test_an_interrupted_building_goes_on(
    make: Make, ask: Callable[..., Answer], archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make(f"k{number}aaaaaa", title="Chór")
    monkeypatch.setattr(index_module, "_BATCH", 2)
    real = index_module._put

    def failing(connection: sqlite3.Connection, folder: str, *rest: object) -> None:
        if folder.startswith("k3"):
            raise KeyboardInterrupt
        real(connection, folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(index_module, "_put", failing)
    with opened(tmp_path / "work" / NAME) as connection:
        with pytest.raises(KeyboardInterrupt):
            refresh(connection, archive)
        assert search(connection, "chór").total == 2
    monkeypatch.setattr(index_module, "_put", real)
    assert ask("chór").total == 5


@pytest.mark.parametrize(
    "content",
    [b"", b"this is no database" * 100, b"SQLite format 3\0" + bytes(n * n % 251 for n in range(8000))],
    ids=["empty", "text", "damaged"],
)
def test_a_damaged_index_is_made_anew(
    make: Make, ask: Callable[..., Answer], tmp_path: Path, content: bytes
) -> None:
    make("k1aaaaaa", SRT)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / NAME).write_bytes(content)
    assert ids(ask("żółw")) == ["k1aaaaaa"]


def test_an_index_of_another_version_is_made_anew(make: Make, ask: Callable[..., Answer], tmp_path: Path) -> None:
    make("k1aaaaaa", SRT)
    assert ask("żółw").total == 1
    with sqlite3.connect(tmp_path / "work" / NAME) as connection:
        connection.execute("UPDATE stamp SET text = '0'")
        connection.execute("DELETE FROM term")
    connection.close()
    assert ask("żółw").total == 1


def test_an_index_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(Fatal, match=r"archive\.index"), opened(tmp_path / NAME):
        pass


HOSTILE = """" OR " | a* OR b | NEAR(a b) | title:żółw | żółw\0żółw | '; DROP TABLE package; -- | -żółw | ^żółw
{title} : x | AND | NOT żółw OR | (((( | "żółw | „żółwie | \u202eżółw | 1/2 ½ ﷺ İ ß ǆ | " | "" | \ud800\udfff"""


@pytest.mark.parametrize("text", [text.strip(" ") for line in HOSTILE.splitlines() for text in line.split("|")])
def test_nothing_typed_is_syntax(make: Make, ask: Callable[..., Answer], text: str) -> None:
    make("k1aaaaaa", SRT)
    for given in ({}, {"person": text, "section": text, "klass": text, "licence": text}):
        with contextlib.suppress(Refused):  # no word in it
            ask(text, **given)
    assert ask("żółw").total == 1


@pytest.mark.parametrize("text", ["żółw " * 20_000, "x" * 100_000, '"' * 100_000, " ".join(map(str, range(40)))])
def test_too_much_is_refused(make: Make, ask: Callable[..., Answer], text: str) -> None:
    with pytest.raises(Refused, match=r"archive\.query-long"):
        ask(text)


@pytest.mark.parametrize("text", ["", "   ", "?!", '""'])
def test_no_word_is_refused(ask: Callable[..., Answer], text: str) -> None:
    with pytest.raises(Refused, match=r"archive\.no-words"):
        ask(text)


def test_hostile_packages_are_indexed_as_far_as_they_can_be(
    make: Make, ask: Callable[..., Answer], archive: Path, tmp_path: Path
) -> None:
    make("k1aaaaaa", "\0\0 no captions \x1b[31m", title="Żółw \ud800 \x1b[2J¶ ﷺ ½", contributors={"a": 1}, place=7)
    make("k2aaaaaa", captions="none", contributors=["Ewa", 5, None], started="2026-01-01T00:00:00Z")
    (archive / "notes").mkdir()
    secret = tmp_path / "secret.srt"
    secret.write_text(SRT.replace("żółwie", "tajemnice"), encoding="utf-8")
    (archive / "k2aaaaaa" / "data" / "objects" / "captions" / "a.srt").symlink_to(secret)
    found = ask("żółw").found
    assert [one.identifier for one in found] == ["k1aaaaaa"]
    assert "\x1b" not in found[0].title + found[0].hits[0].text
    assert ids(ask("Ewa")) == ["k2aaaaaa"]
    assert ids(ask("tajemnica")) == []
    with opened(tmp_path / "work" / NAME) as connection:
        assert refresh(connection, archive).unreadable == ("notes",)


def test_a_transcript_without_times(make: Make, ask: Callable[..., Answer]) -> None:
    folder = make("k1aaaaaa")
    path = folder / "data" / "objects" / "captions" / "wspomnienia.txt"
    path.write_text("Pamiętam powódź.\n\nPotem była wiosna.\n", encoding="utf-8")
    (hit,) = ask("powodzi").found[0].hits
    assert (hit.at, hit.text) == (None, "Pamiętam powódź.")


def test_an_unplugged_disk_empties_no_index(
    make: Make, ask: Callable[..., Answer], archive: Path, tmp_path: Path
) -> None:
    make("k1aaaaaa", SRT)
    assert ask("żółw").total == 1
    archive.rename(tmp_path / "elsewhere")
    with pytest.raises(Fatal, match=r"archive\.not-there"):
        ask("żółw")
    with opened(tmp_path / "work" / NAME) as connection:
        assert search(connection, "żółw").total == 1
