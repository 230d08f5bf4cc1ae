"""A query as a person types it, and what it asks of the index; what is typed never becomes the index's syntax."""

import re
import sqlite3
from dataclasses import dataclass

from pipeline.archive.searchable import FIELDS
from pipeline.archive.terms import folded, is_plain, key, restored, terms, words
from pipeline.errors import Refused

_PHRASE = re.compile(r'["„”“»«]([^"„”“»«]*)["„”“»«]')
_MOST = 32  # words and phrases of a query
_LONGEST = 2000  # characters


@dataclass(frozen=True, slots=True)
class Query:
    """Single words, found in every inflection, and phrases, found as they stand (folded, word by word)."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query put to one archive: for each word the words of the archive that satisfy it."""

    words: tuple[frozenset[str], ...]
    phrases: tuple[tuple[str, ...], ...]

    def match(self, *fields: str) -> str:
        """The expression for FTS5. Every word in it is one of letters and digits, in quotes."""
        groups = [
            f"{{{' '.join(fields or FIELDS)}}} : (" + " OR ".join(f'"{one}"' for one in sorted(group)) + ")"
            for group in self.words
        ]
        return " AND ".join([*groups, *(f'folded : "{" ".join(phrase)}"' for phrase in self.phrases)])


def parsed(text: str) -> Query:
    """The query of `text`; phrases stand in quotes, straight or Polish. Refused `archive.query-long`."""
    if len(text) > _LONGEST:
        raise Refused("archive.query-long", most=_MOST)
    phrases: list[tuple[str, ...]] = []
    single: dict[str, None] = {}
    for found in _PHRASE.finditer(text):
        group = tuple(word.text for word in words(found.group(1)))
        if len(group) > 1:
            phrases.append(tuple(folded(word) for word in group))
        else:
            single.update(dict.fromkeys(group))
    single.update(dict.fromkeys(word.text for word in words(_PHRASE.sub(" ", text))))
    if len(single) + len(phrases) > _MOST or any(len(phrase) > _MOST for phrase in phrases):
        raise Refused("archive.query-long", most=_MOST)
    return Query(tuple(single), tuple(phrases))


def wanted(connection: sqlite3.Connection, query: Query) -> Wanted | None:
    """What to look for in this archive; None where a word is nowhere in it."""
    groups = [_alike(connection, word) for word in query.words]
    return Wanted(tuple(groups), query.phrases) if all(groups) else None


def _alike(connection: sqlite3.Connection, word: str) -> frozenset[str]:
    """The archive's words that have a term in common with `word`.

    A word typed without diacritics stands for those with them too. One typed with them does not find a plain
    word that the dictionary knows (sąd, sad), but finds one that somebody wrote without (zolw).
    """
    asked, guessed = terms(word), restored(word)
    plain = is_plain(word)
    found = set()
    for term in asked | guessed:
        rows = connection.execute(
            "SELECT term.text, term.word, bare FROM term JOIN vocabulary USING (word) WHERE term.key = ?",
            (key(term),),
        )
        for text, one, bare in rows:
            if text == term or plain or bare:
                found.add(one)
    return frozenset(found)
