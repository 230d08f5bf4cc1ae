"""What SRT and WebVTT share: blocks of text that empty lines part, with a line of times in each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from captions.errors import CaptionError
from captions.formats.timestamp import unstamp

_EDGE = re.compile(r"\ufeff|\x00")


@dataclass(frozen=True, slots=True)
class Block:
    """One caption as it stands in a file: the line number of its times, times, and its raw lines."""

    line: int
    start_ms: int
    end_ms: int
    rows: tuple[str, ...]


def blocks(text: str, name: str) -> Iterator[Block]:
    """Every block with a line of times; blocks without one (headers, notes) are passed over.

    Raises CaptionError `captions.bad-file` (format, line) for times that cannot be read or run backwards.
    """
    rows = _EDGE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(rows):
        if "-->" not in rows[at]:
            at += 1
            continue
        times = at + 1
        left, _, right = rows[at].partition("-->")
        start, end = unstamp(left), unstamp((right.split() or [""])[0])
        if start is None or end is None or end < start:
            raise CaptionError("captions.bad-file", format=name, line=times, text=rows[at][:80])
        at += 1
        body = []
        while at < len(rows) and rows[at].strip() and "-->" not in rows[at]:
            body.append(rows[at].strip())
            at += 1
        if at < len(rows) and "-->" in rows[at] and body and body[-1].isdigit():
            body.pop()  # the next block's number, where the empty line before it is missing
        if body:
            yield Block(times, start, end, tuple(body))
