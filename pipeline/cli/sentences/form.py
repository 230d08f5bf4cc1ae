"""The form of a sentence: three parts in English, which the catalogue translates, with {fields} to fill."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, why (may be empty), and what to do next; `{name}` is filled from the error's fields."""

    what: str
    why: str = ""
    remedy: str = ""


def N_(text: str) -> str:
    """Mark a text for the catalogue; it is translated when it is shown."""
    return text
