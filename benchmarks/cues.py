"""`./run bench cues`: what our cues and those of `openai-whisper`'s writer make of the same words, by our rules."""

import argparse
import io
import json
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import common
from captions.formats import srt
from captions.linebreak import break_cost, ends_sentence
from captions.model import Cue, Track, Word
from captions.quality import check, hard
from captions.segment import segment
from captions.style import DEFAULT_STYLE as STYLE

_SENTENCES = Path(__file__).resolve().parent.parent / "captions" / "miniature" / "sentences.txt"
_LINKS = ("a", "i", "ale", "ponieważ", "więc", "bo", "gdy", "że", "oraz")
_HEAD = (
    "words",
    "cues by",
    "cues",
    "hard faults",
    "per 1000 cues",
    "too fast %",
    "line balance %",
    "ends at punctuation or pause %",
    "bad breaks %",
    "processor s",
)


def sentences() -> list[str]:
    """The 84 sentences of the miniature model."""
    return [row.strip() for row in _SENTENCES.read_text(encoding="utf-8").splitlines() if row.strip()]


def spoken(texts: Iterator[str], chance: random.Random, length_ms: int) -> Iterator[Word]:
    """Words as somebody says them: 11 to 19 characters a second, short pauses at commas, longer after sentences."""
    at = 500
    for text in texts:
        rate = chance.uniform(11, 19)
        for word in text.split():
            took = int(1000 * (len(word) + 1) / rate)
            if at + took > length_ms:
                return
            yield Word(at, at + took - 20, word)
            at += took + (chance.randrange(350) if word.endswith((",", ".", "?")) else chance.randrange(30))
        at += chance.choice((100, 200, 400, 900, 2500))


def running(chance: random.Random) -> Iterator[str]:
    """Sentences without end; half of them run on into one to three others, as people speak."""
    known = sentences()
    while True:
        text = chance.choice(known)
        for _ in range(chance.choice((0, 0, 1, 2, 3))):
            more = chance.choice(known)
            text = f"{text.rstrip('.?!')}, {chance.choice(_LINKS)} {more[:1].lower()}{more[1:]}"
        yield text


def by_whisper(words: list[Word]) -> Track:
    """The track of `openai-whisper`'s SubRip writer, told our width and number of lines."""
    from whisper.utils import WriteSRT

    given = [{"start": word.start_ms / 1000, "end": word.end_ms / 1000, "word": f" {word.text}"} for word in words]
    segments = []
    for first in range(0, len(given), 40):  # a window of 30 s gives about as many words a segment
        part = given[first : first + 40]
        text = "".join(str(word["word"]) for word in part)
        segments.append({"start": part[0]["start"], "end": part[-1]["end"], "text": text, "words": part})
    out = io.StringIO()
    options: dict[str, Any] = {"max_line_width": STYLE.chars_per_line, "max_line_count": STYLE.lines}
    WriteSRT(".").write_result({"segments": segments, "language": "pl"}, out, options)
    return srt.read(out.getvalue()).track


def row(name: str, by: str, track: Track, words: list[Word], seconds: float) -> list[object]:
    """One line of the table."""
    broken = len(hard(check(track, STYLE)))
    pairs = [cue.lines for cue in track.cues if len(cue.lines) == 2]
    balance = [min(map(len, lines)) / max(map(len, lines)) for lines in pairs]
    fast = [cue for cue in track.cues if cue.characters * 1000 > STYLE.cps_max * max(1, cue.duration_ms)]
    return [
        name,
        by,
        len(track.cues),
        broken,
        1000 * broken / max(1, len(track.cues)),
        100 * len(fast) / max(1, len(track.cues)),
        100 * sum(balance) / max(1, len(balance)),
        _good_ends(track, words),
        _bad_breaks(track.cues),
        seconds,
    ]


def _good_ends(track: Track, words: list[Word]) -> float:
    """The share of cues that end after punctuation or before a pause of 0.4 s."""
    at, good = -1, 0
    for cue in track.cues:
        at += len(cue.text.split())
        text = cue.text
        pause = words[at + 1].start_ms - words[at].end_ms if at + 1 < len(words) else 9999
        good += ends_sentence(text.split()[-1], STYLE) or text.endswith((",", ";", ":", "–")) or pause >= 400
    return 100 * good / max(1, len(track.cues))


def _bad_breaks(cues: tuple[Cue, ...]) -> float:
    """The share of line and cue ends inside a name, a number or a phrase, or after a preposition."""
    rows = [line.split() for cue in cues for line in cue.lines]
    pairs = pairwise(rows)
    bad = [break_cost(one[-1], other[0], STYLE) >= 44 for one, other in pairs]
    return 100 * sum(bad) / max(1, len(bad))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench cues", description=__doc__)
    parser.add_argument("--json", action="store_true", help="as JSON")
    as_json: bool = parser.parse_args(arguments).json
    chance = random.Random(84)
    inputs = {
        "84 sentences": list(spoken(iter(sentences()), chance, 10**9)),
        "1 hour": list(spoken(running(chance), chance, 3_600_000)),
        "10 hours": list(spoken(running(chance), chance, 36_000_000)),
    }
    rows = []
    segment(inputs["84 sentences"])  # what is loaded once (numpy, the dictionary) is no part of a track's cost
    for by, make in (("captions", segment), ("openai-whisper", by_whisper)):
        for name, words in inputs.items():
            began = time.process_time()
            track = make(words)
            rows.append(row(f"{name}: {len(words)}", by, track, words, time.process_time() - began))
    print(
        json.dumps([dict(zip(_HEAD, one, strict=True)) for one in rows]) if as_json else common.table(_HEAD, rows)
    )
    return 0
