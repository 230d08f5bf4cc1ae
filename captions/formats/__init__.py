"""The formats by name: pure text from a track, and a track from text where the format can be read back."""

from typing import NamedTuple, Protocol

from captions.formats import ass, html, srt, txt, vtt
from captions.model import Track
from captions.style import Style


class Writer(Protocol):
    """Track → text. Escapes whatever could break the format; never changes what is shown."""

    def __call__(self, track: Track, *, style: Style = ..., title: str = ...) -> str: ...


class Reader(Protocol):
    """Text → track; CaptionError `captions.bad-file` (format, line, text) for what is none."""

    def __call__(self, text: str, *, language: str = ...) -> Track: ...


class Format(NamedTuple):
    """How one format is written and read; `read` is None where nothing can be read back."""

    write: Writer
    read: Reader | None


FORMATS: dict[str, Format] = {
    "srt": Format(srt.write, srt.read),
    "vtt": Format(vtt.write, vtt.read),
    "ass": Format(ass.write, ass.read),
    "txt": Format(txt.write, None),
    "html": Format(html.write, None),
}
