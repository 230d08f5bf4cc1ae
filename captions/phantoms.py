"""Text that nobody said: phrases that engines invent over silence, loops, and echoes of the prompt.

Real hosts say „Dziękuję za uwagę” too: a phrase is only dropped where the sound under it is no speech.
"""

from collections.abc import Sequence

from captions.engines.base import Utterance
from captions.model import Span, Word
from captions.text import plain_words

_KNOWN = (
    "napisy stworzone przez społeczność amaraorg",
    "napisy wykonane przez społeczność amaraorg",
    "napisy by amaraorg",
    "dziękuję za uwagę",
    "dziękuję za oglądanie",
    "dziękuję za obejrzenie",
    "dzięki za oglądanie",
    "dzięki za obejrzenie",
    "dziękuję",
    "zapraszam do subskrypcji",
    "zapraszam do subskrybowania",
    "zasubskrybuj kanał",
    "nie zapomnij zasubskrybować",
    "do zobaczenia w następnym odcinku",
    "thank you for watching",
)
_SPOKEN_SHARE = 0.3  # a known phrase needs voice under at least this share of its time
_ECHO_WORDS = 4
_LONGEST_LOOP = 12
_LOOP_TIMES = 4
_WORD_LOOP_TIMES = 8  # „bis, bis, bis” is real; eight are not
_KEPT_TIMES = 2


def spoken_share(start_ms: int, end_ms: int, speech: Sequence[Span]) -> float:
    """How much of a stretch has a voice in it, 0 to 1."""
    if end_ms <= start_ms:
        return 1.0 if any(span.start_ms <= start_ms <= span.end_ms for span in speech) else 0.0
    return sum(span.overlap_ms(start_ms, end_ms) for span in speech) / (end_ms - start_ms)


def phantom(utterance: Utterance, speech: Sequence[Span], prompt: str | None = None) -> str | None:
    """Why this utterance (in the same time as `speech`) is not believed: `silence` where no voice is under it
    at all, `known` for a known phrase with hardly any, `echo` for the prompt said back; None if it is."""
    share = spoken_share(utterance.start_ms, utterance.end_ms, speech)
    if share == 0.0:
        return "silence"
    words = plain_words(utterance.text)
    if share < _SPOKEN_SHARE and " ".join(words) in _KNOWN:
        return "known"
    if prompt and len(words) >= _ECHO_WORDS and _within(words, plain_words(prompt)):
        return "echo" if share < 2 * _SPOKEN_SHARE else None
    return None


def _within(words: list[str], prompt: list[str]) -> bool:
    return any(prompt[at : at + len(words)] == words for at in range(len(prompt) - len(words) + 1))


def without_loops(words: Sequence[Word]) -> tuple[list[Word], list[Span]]:
    """The words with every loop (a phrase said over and over) cut to two rounds, and the stretches cut."""
    plain = [" ".join(plain_words(word.text)) for word in words]
    kept: list[Word] = []
    cut: list[Span] = []
    at = 0
    while at < len(words):
        length, rounds = _loop_at(plain, at)
        if not length:
            kept.append(words[at])
            at += 1
            continue
        stay, over = at + length * _KEPT_TIMES, at + length * rounds
        kept += words[at:stay]
        cut.append(Span(words[stay].start_ms, words[over - 1].end_ms))
        at = over
    return kept, cut


def _loop_at(plain: list[str], at: int) -> tuple[int, int]:
    """Length and rounds of a loop that begins here; (0, 0) where none does."""
    for length in range(1, _LONGEST_LOOP + 1):
        phrase = plain[at : at + length]
        rounds = 1
        while plain[at + rounds * length : at + (rounds + 1) * length] == phrase:
            rounds += 1
        if rounds >= (_WORD_LOOP_TIMES if len(set(phrase)) == 1 else _LOOP_TIMES) and any(phrase):
            return length, rounds
    return 0, 0
