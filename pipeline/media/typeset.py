"""Setting text into a width: lines broken as Polish wants them, the size made to fit. Pixels throughout."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.media.fonts import Font

# A one-letter word never ends a line, nor a title or an abbreviation that belongs to what follows.
_TIED = re.compile(r"(?<!\S)([aiouwzAIOUWZ]|ul\.|dr|prof\.|ks\.|św\.|im\.|nr|godz\.) (?=\S)")
_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines with their font; `step` is the distance from one base line to the next."""

    lines: tuple[str, ...]
    font: Font
    step: int

    @property
    def height(self) -> int:
        return self.step * len(self.lines)

    @property
    def width(self) -> int:
        return max((round(self.font.getlength(line)) for line in self.lines), default=0)


def fitted(
    text: str,
    font_at: Callable[[int], Font],
    *,
    width: int,
    largest: int,
    smallest: int,
    lines: int,
    height: int | None = None,
) -> Block:
    """The largest size at which `text` fits into `lines` lines of `width` (and into `height`).

    What does not fit even at the smallest size is cut with an ellipsis.
    """
    tidy = printable(text)
    size = largest
    while True:
        font = font_at(size)
        step = round(size * 1.22)
        broken = wrapped(tidy, font, width)
        fits = len(broken) <= lines and (height is None or len(broken) * step <= height)
        if fits or size <= smallest:
            break
        size = max(smallest, round(size * 0.94) - 1)
    room = lines if height is None else max(1, min(lines, height // step))
    if len(broken) > room:
        broken = [*broken[: room - 1], _cut(" ".join(broken[room - 1 :]), font, width)]
    return Block(tuple(broken), font, step)


def wrapped(text: str, font: Font, width: int) -> list[str]:
    """`text` in lines no wider than `width`, broken at spaces; a longer word is broken where it must be."""
    lines: list[str] = []
    current = ""
    tied = _TIED.sub(rf"\1{_NBSP}", _TIED.sub(rf"\1{_NBSP}", text)).split(" ")
    # What is too wide to stay together comes apart again.
    words = [one for word in tied for one in ([word] if font.getlength(word) <= width else word.split(_NBSP))]
    for word in words:
        joined = f"{current} {word}" if current else word
        if font.getlength(joined) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        pieces = _letters(word, font, width)
        lines += pieces[:-1]
        current = pieces[-1]
    return [*lines, current] if current else lines


def printable(text: str) -> str:
    """`text` in composed form (NFC), without control characters, with single spaces."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _letters(word: str, font: Font, width: int) -> list[str]:
    """`word` in pieces that fit; one piece when it fits whole."""
    pieces, current = [], ""
    for letter in word:
        if current and font.getlength(current + letter) > width:
            pieces.append(current)
            current = ""
        current += letter
    return [*pieces, current]


def _cut(text: str, font: Font, width: int) -> str:
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"
