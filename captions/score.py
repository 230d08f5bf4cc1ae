"""How far a transcript is from what was said: the word error rate, counted by edit distance."""

from collections.abc import Sequence

from captions.text import plain_words


def word_error_rate(reference: str, heard: str) -> float:
    """Substituted, missing and added words, divided by the words of `reference`; capitals and punctuation do
    not count. An empty reference gives 0.0 for an empty hearing and 1.0 otherwise. May exceed 1.0."""
    said, got = plain_words(reference), plain_words(heard)
    if not said:
        return 1.0 if got else 0.0
    return distance(said, got) / len(said)


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The least number of words to change, drop or add to make `other` of `one` (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, word in enumerate(one, 1):
        diagonal, row[0] = row[0], at
        for column, against in enumerate(other, 1):
            change = diagonal + (word != against)
            diagonal, row[column] = row[column], min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1]
