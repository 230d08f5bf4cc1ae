"""A strict reader of SRT, to judge what is uploaded; written apart from the writer that it judges."""

import re

_TIMES = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d),(\d{3})")


def srt_fault(body: bytes) -> str | None:
    """The first thing that is wrong with an SRT file, or None: UTF-8, numbered from 1, times in order, text."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not UTF-8"
    if "\x00" in text:
        return "a zero byte"
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    if blocks == [""]:
        return "no cues"
    before = -1
    for number, block in enumerate(blocks, start=1):
        lines = block.split("\n")
        if lines[0].strip() != str(number):
            return f"cue {number}: its number is {lines[0][:20]!r}"
        match = _TIMES.fullmatch(lines[1].strip()) if len(lines) > 1 else None
        if match is None:
            return f"cue {number}: no time line"
        parts = [int(part) for part in match.groups()]
        start, end = _milliseconds(parts[:4]), _milliseconds(parts[4:])
        if start < before:
            return f"cue {number}: begins before the one before it ends"
        if end <= start:
            return f"cue {number}: ends before it begins"
        if not any(line.strip() for line in lines[2:]):
            return f"cue {number}: no text"
        before = end
    return None


def _milliseconds(parts: list[int]) -> int:
    hours, minutes, seconds, milliseconds = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
