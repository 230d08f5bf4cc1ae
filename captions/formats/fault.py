"""What was wrong in a caption file that came from elsewhere, and what could be read of it all the same."""

from dataclasses import dataclass
from typing import NamedTuple

from captions.errors import CaptionError
from captions.model import Track


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of a file: `line` counts from 1 (in STL the block, in DOCX the paragraph); `code` is
    `captions.fault-…`; `text` is what stands there."""

    line: int
    code: str
    text: str = ""


class Reading(NamedTuple):
    """A track as far as it could be read, and every fault of the file in its order."""

    track: Track
    faults: tuple[Fault, ...] = ()


def nothing_in(name: str, faults: list[Fault], text: str) -> CaptionError:
    """The error `captions.bad-file` (format, line, text) of a file in which nothing could be read."""
    first = faults[0] if faults else Fault(1, "", text.strip()[:80])
    return CaptionError("captions.bad-file", format=name, line=first.line, text=first.text)
