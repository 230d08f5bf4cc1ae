"""Words, cues, tracks and transcripts: frozen records. Every time is an integer of milliseconds from the
media's beginning; nothing here knows a file format, an engine or a style."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

State = Literal["automatic", "approved"]
Kind = Literal["speech", "sound", "song"]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard, with its punctuation; `probability` is the engine's own, 0 to 1."""

    start_ms: int
    end_ms: int
    text: str
    probability: float = 1.0

    def moved(self, by_ms: int) -> "Word":
        """The same word `by_ms` later."""
        return replace(self, start_ms=self.start_ms + by_ms, end_ms=self.end_ms + by_ms)

    def to_json(self) -> str:
        """One line for a words.jsonl file, without its line end."""
        return json.dumps([self.start_ms, self.end_ms, self.text, round(self.probability, 3)], ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> "Word":
        """The word of such a line; ValueError where it is none (a line cut short by a power loss)."""
        parts = json.loads(line)
        if not isinstance(parts, list) or len(parts) != 4:
            raise ValueError(line)
        return cls(int(parts[0]), int(parts[1]), str(parts[2]), float(parts[3]))


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption (napis): its lines stand on the screen from `start_ms` until `end_ms`.

    `speaker` names who speaks, where that is known; it is no part of the lines.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""

    @property
    def text(self) -> str:
        """The lines as one running text."""
        return " ".join(self.lines)

    @property
    def kind(self) -> Kind:
        """What is heard, by the marks that every format keeps: `[oklaski]` is a sound, `♪ la la ♪` a song."""
        text = self.text
        if text.startswith("[") and text.endswith("]"):
            return "sound"
        return "song" if text.startswith(("♪", "♫")) and text.endswith(("♪", "♫")) else "speech"

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def characters(self) -> int:
        """What a viewer has to read: every character of every line, spaces with them."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Track:
    """A track of captions in one language. `state` says whether a person has approved it."""

    cues: tuple[Cue, ...]
    language: str = "pl"
    state: State = "automatic"
    engine: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the sound; half open."""

    start_ms: int
    end_ms: int

    def overlap_ms(self, start_ms: int, end_ms: int) -> int:
        """How much of `start_ms`..`end_ms` lies in this stretch."""
        return max(0, min(self.end_ms, end_ms) - max(self.start_ms, start_ms))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about a stretch of the sound: a code of the same kind as an error's."""

    code: str
    start_ms: int
    end_ms: int
    fields: dict[str, object] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Where it is, for people: hours, minutes, seconds."""
        minutes, seconds = divmod(self.start_ms // 1000, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"

    def to_dict(self) -> dict[str, object]:
        return asdict(self) | {"at": self.at}


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was heard in one sound. `speech` are the stretches with a voice in them; the rest has none."""

    words: tuple[Word, ...]
    language: str
    duration_ms: int
    speech: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()
    engine: str = ""
    model: str = ""

    def silence(self) -> tuple[Span, ...]:
        """The stretches without a voice: music, applause and silence."""
        spans, at = [], 0
        for span in self.speech:
            if span.start_ms > at:
                spans.append(Span(at, span.start_ms))
            at = max(at, span.end_ms)
        if at < self.duration_ms:
            spans.append(Span(at, self.duration_ms))
        return tuple(spans)
