"""What SRT and WebVTT share: blocks of text that empty lines part, with a line of times in each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from captions.formats.fault import Fault
from captions.formats.timestamp import unstamp

_EDGE = re.compile(r"\ufeff|\x00")


@dataclass(frozen=True, slots=True)
class Block:
    """One caption as it stands in a file: the line number of its times, times, settings, and its raw lines."""

    line: int
    start_ms: int
    end_ms: int
    settings: str
    rows: tuple[str, ...]


def blocks(text: str, *, stray: bool) -> Iterator[Block | Fault]:
    """Every block with a line of times, and every fault, in the file's order.

    Times that cannot be read cost the block; times that run backwards leave it with no duration. With `stray`,
    text outside a block is a fault too (in WebVTT it is a header or a note).
    """
    rows = _EDGE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(rows):
        row = rows[at].strip()
        if "-->" not in row:
            if stray and row and not row.isdigit():
                yield Fault(at + 1, "captions.fault-stray", row[:80])
            at += 1
            continue
        times = at + 1
        left, _, right = row.partition("-->")
        last, _, settings = right.strip().partition(" ")
        start, end = unstamp(left), unstamp(last)
        at += 1
        body = []
        while at < len(rows) and rows[at].strip() and "-->" not in rows[at]:
            body.append(rows[at].strip())
            at += 1
        if at < len(rows) and "-->" in rows[at] and body and body[-1].isdigit():
            body.pop()  # the next block's number, where the empty line before it is missing
        if start is None or end is None:
            yield Fault(times, "captions.fault-times", row[:80])
            continue
        if end < start:
            yield Fault(times, "captions.fault-backwards", row[:80])
        if body:
            yield Block(times, start, max(start, end), settings.strip(), tuple(body))
        else:
            yield Fault(times, "captions.fault-no-text", row[:80])
