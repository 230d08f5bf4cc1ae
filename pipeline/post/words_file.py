"""words.jsonl: what was heard, a line a stretch of sound, so that a kill costs one stretch and not the event.

The first line names what the words were made from; every further one holds up to where the sound is dealt
with, its words, where the voice is, and findings. A torn last line is ignored and cut off before going on.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from captions.model import Finding, Span, Transcript, Word
from captions.transcribe import Heard


@dataclass(frozen=True, slots=True)
class Head:
    """What the words were made from, and by what."""

    recipe: str
    language: str
    engine: str = ""
    model: str = ""


@dataclass(slots=True)
class Kept:
    """A words file as read: `bytes` of it are whole lines."""

    head: Head | None = None
    pieces: list[Heard] = field(default_factory=list)
    bytes: int = 0

    @property
    def done_ms(self) -> int:
        """Up to where the sound is dealt with."""
        return self.pieces[-1].done_ms if self.pieces else 0

    def transcript(self) -> Transcript:
        """All pieces as one. ValueError where the file has no head."""
        if self.head is None:
            raise ValueError("no head")
        return Transcript(
            words=tuple(word for piece in self.pieces for word in piece.words),
            language=self.head.language,
            duration_ms=self.done_ms,
            speech=tuple(span for piece in self.pieces for span in piece.speech),
            findings=tuple(found for piece in self.pieces for found in piece.findings),
            engine=self.head.engine,
            model=self.head.model,
        )


def read(path: Path) -> Kept:
    """Every whole line of the file; an empty Kept where there is none."""
    kept = Kept()
    if not path.exists():
        return kept
    for raw in path.read_bytes().splitlines(keepends=True):
        try:
            line = json.loads(raw)
            if not raw.endswith(b"\n"):
                break
            if kept.head is None:
                kept.head = Head(**line)
            else:
                kept.pieces.append(_heard(line))
        except (ValueError, TypeError, KeyError):
            break
        kept.bytes += len(raw)
    return kept


def begin(path: Path, head: Head) -> Kept:
    """Open for going on: what is kept of the same recipe (its torn end cut off), or an empty file with `head`."""
    kept = read(path)
    if kept.head is None or kept.head.recipe != head.recipe:
        path.write_bytes(_line(_head(head)))
        return Kept(head, [], path.stat().st_size)
    os.truncate(path, kept.bytes)
    return kept


def add(path: Path, piece: Heard) -> None:
    """Append a stretch; it is on the disk when this returns."""
    record = {
        "done_ms": piece.done_ms,
        "words": [json.loads(word.to_json()) for word in piece.words],
        "speech": [[span.start_ms, span.end_ms] for span in piece.speech],
        "findings": [asdict(found) for found in piece.findings],
    }
    with path.open("ab") as file:
        file.write(_line(record))
        file.flush()
        os.fsync(file.fileno())


def _heard(line: dict[str, Any]) -> Heard:
    return Heard(
        done_ms=int(line["done_ms"]),
        words=_words(line["words"]),
        speech=tuple(Span(int(start), int(end)) for start, end in line["speech"]),
        findings=tuple(Finding(**found) for found in line["findings"]),
    )


def _words(rows: Iterable[list[Any]]) -> tuple[Word, ...]:
    return tuple(Word(int(start), int(end), str(text), float(sure)) for start, end, text, sure in rows)


def _head(head: Head) -> dict[str, str]:
    return {"recipe": head.recipe, "language": head.language, "engine": head.engine, "model": head.model}


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
