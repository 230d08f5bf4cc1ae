"""Captions against the truth: what was spoken, what stands in the captions, and how far apart they begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from captions.model import Cue
from captions.score import word_error_rate
from pipeline.standins.alignment import Placed
from pipeline.standins.lesson import Spoken


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence and its captions: `late_ms` is how much later than the voice the first of them begins."""

    spoken: Spoken
    heard: str
    late_ms: int | None

    @property
    def errors(self) -> float:
        return word_error_rate(self.spoken.text, self.heard)


@dataclass(frozen=True, slots=True)
class Hearing:
    """`errors` is the word error rate over all whole sentences, words that nobody spoke counted in; `start_ms`
    the median of the distances between voice and caption, None without captions."""

    rows: tuple[Row, ...]
    invented: tuple[Cue, ...]
    errors: float
    start_ms: int | None


def judge(cues: Sequence[Cue], placed: Placed) -> Hearing:
    """Give each cue to the sentence that it shares the most time with; the rest is invented.

    Cues of sentences that were heard only in part are left out: nothing is known of them.
    """
    sentences = [*placed.spoken, *placed.torn]
    given: dict[int, list[Cue]] = {n: [] for n in range(len(sentences))}
    invented = []
    for cue in cues:
        shared = [min(cue.end_ms, one.end_ms) - max(cue.start_ms, one.start_ms) for one in sentences]
        best = max(range(len(sentences)), key=shared.__getitem__, default=None)
        if best is None or shared[best] <= 0:
            invented.append(cue)
        else:
            given[best].append(cue)
    rows = tuple(_row(one, given[n]) for n, one in enumerate(placed.spoken))
    said = " ".join(row.spoken.text for row in rows)
    got = " ".join([*(row.heard for row in rows), *(cue.text for cue in invented)])
    late = [abs(row.late_ms) for row in rows if row.late_ms is not None]
    return Hearing(rows, tuple(invented), word_error_rate(said, got), round(median(late)) if late else None)


def _row(one: Spoken, cues: Sequence[Cue]) -> Row:
    heard = " ".join(cue.text for cue in cues)
    return Row(one, heard, min(cue.start_ms for cue in cues) - one.start_ms if cues else None)
