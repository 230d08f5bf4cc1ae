"""Searching an archive of 10 000 recordings with 100 hours of transcript, query by query.

Usage: ./run bench search [--recordings 10000] [--hours 100] [--rounds 7]. The packages hold what searching reads
(record, list of checksums, SubRip), no media. The talk is Polish text by chance: 630 stems in ten forms each,
drawn as often as words of a language are, 120 words a minute; half of the hours lie in recordings of an hour, half
is spread over all of them. The time of a query is that of the library's call: words, expansion, the ten best and
their moments; looking for changed packages, which every command does before it, stands beside it.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.common import machine, table
from pipeline.archive.index import NAME, opened, refresh
from pipeline.archive.search import Filters, search
from pipeline.clock import utc_text

WORDS_A_MINUTE = 120
CUE = 8  # words
STEMS = (
    "żółw dom kultur śpiew miast rzek szkoł nauczyciel koncert wiosn zamk kościoł dzień książk malarz obraz "
    "piosenk taniec teatr aktor wojn powódź ogień straż burmistrz targ kobiet dziewczyn chłop żniw"
)
SYLLABLES = "ba cie dró go ha jó ka łę mi ną po rze só ta wy zie żo sza czy dzia"
FORMS = ["", "a", "y", "ę", "owi", "ami", "ach", "em", "ie", "ów"]
PEOPLE = ["Jan Kowalski", "Anna Kowalska", "Ewa Żółwińska", "Zofia Nowak", "Stefan Brzdęk", "Piotr Lis"]
SECTIONS = {"muzyka": "Muzyka", "teatr": "Teatr", "plastyka": "Plastyka", "historia": "Pamięć miasta"}
COMMON = "i w na się nie to z że do jak"
QUERIES: dict[str, tuple[str, Filters]] = {
    "rare, inflected: żółwiami": ("żółwiami", Filters()),
    "without diacritics: zolwiami": ("zolwiami", Filters()),
    "two words: Kowalskiego książka": ("Kowalskiego książka", Filters()),
    "phrase: „i koncertem”": ("„i koncertem”", Filters()),
    "phrase of the commonest: „i w”": ("„i w”", Filters()),
    "the commonest word: i": ("i", Filters()),
    "four common words: i w na się": ("i w na się", Filters()),
    "nowhere: Archimedes": ("Archimedes", Filters()),
    "filters alone": ("", Filters(klass="teatr", captions="approved", person="Lisowi")),
    "word and filters": (
        "koncertu",
        Filters(klass="muzyka", since=datetime(2024, 1, 1, tzinfo=UTC), licence="cc by"),
    ),
}


def talk(chance: random.Random) -> Callable[[int], list[str]]:
    """A source of words as often as in a language: the commonest first, then by Zipf's law."""
    parts = SYLLABLES.split()
    made = ["".join(chance.choices(parts, k=3)) for _ in range(600)]
    known = [stem + form for stem in [*STEMS.split(), *made] for form in FORMS]
    chance.shuffle(known)
    bag = [*COMMON.split(), *known]
    weights = [1 / rank for rank in range(1, len(bag) + 1)]
    return lambda count: chance.choices(bag, weights, k=count)


def srt(words: list[str]) -> str:
    """SubRip of the words, CUE of them a caption."""
    step = CUE * 60_000 // WORDS_A_MINUTE
    return "".join(
        f"{number + 1}\n{stamp(number * step)} --> {stamp((number + 1) * step - 40)}\n"
        f"{' '.join(words[at : at + CUE])}.\n\n"
        for number, at in enumerate(range(0, len(words), CUE))
    )


def stamp(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"


def lengths(recordings: int, hours: float) -> Iterator[float]:
    """Minutes of talk of each recording."""
    long = min(recordings, int(hours / 2))
    rest = (hours - long) * 60 / recordings
    yield from (rest + (60 if number < long else 0) for number in range(recordings))


def build(archive: Path, recordings: int, hours: float) -> int:
    """The packages, as far as searching reads them; how many words were said."""
    chance = random.Random(7)
    say, said = talk(chance), 0
    for number, minutes in enumerate(lengths(recordings, hours)):
        klass, section = chance.choice(list(SECTIONS.items()))
        words = say(round(minutes * WORDS_A_MINUTE))
        said += len(words)
        folder = archive / f"k{number:07d}"
        (folder / "data" / "metadata").mkdir(parents=True)
        (folder / "data" / "objects" / "captions").mkdir(parents=True)
        record = {
            "identifier": folder.name,
            "title": " ".join(say(5)).capitalize(),
            "klass": klass,
            "section": section,
            "publisher": "Dom Kultury",
            "started": utc_text(datetime(2010, 1, 1, 16, tzinfo=UTC) + timedelta(hours=14 * number)),
            "revision": 1,
            "rights": chance.choice(["CC BY 4.0", "CC BY-SA 4.0", "wszelkie prawa zastrzeżone"]),
            "contributors": chance.sample(PEOPLE, 2),
            "captions": [{"file": "web.pl.srt", "state": chance.choice(["automatic", "approved"])}],
        }
        (folder / "data" / "metadata" / "description.json").write_text(json.dumps(record), encoding="utf-8")
        (folder / "data" / "metadata" / "files.json").write_text("[]", encoding="utf-8")
        (folder / "data" / "objects" / "captions" / "web.pl.srt").write_text(srt(words), encoding="utf-8")
        (folder / "manifest-sha512.txt").write_text(f"{number}\n", encoding="utf-8")
    return said


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="ekultura-bench-") as name:
        archive, path = Path(name) / "archive", Path(name) / NAME
        said = build(archive, options.recordings, options.hours)
        began = time.monotonic()
        with opened(path) as index:
            refresh(index, archive)
        built = time.monotonic() - began
        rows = []
        with opened(path) as index:
            began = time.monotonic()
            refresh(index, archive)
            looked = (time.monotonic() - began) * 1000
            for what, (text, filters) in QUERIES.items():
                times = list[float]()
                for _ in range(options.rounds):
                    began = time.monotonic()
                    answer = search(index, text, filters, limit=10)
                    times.append((time.monotonic() - began) * 1000)
                rows.append((what, answer.total, times[0], statistics.median(times), max(times)))
        size = path.stat().st_size / 1e6
    print(f"{options.recordings} recordings, {options.hours:g} h, {said} words; index {size:.0f} MB,", end=" ")
    print(f"built in {built:.0f} s, looked for changes in {looked:.0f} ms\n")
    print(table(("query", "recordings", "first, ms", "median, ms", "worst, ms"), rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
