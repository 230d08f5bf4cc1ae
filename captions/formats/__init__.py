"""The formats by name: a track to text (or bytes), and back. Pure: files are `captions.files`' work."""

from typing import NamedTuple, Protocol

from captions.formats import ass, docx, ebuttd, html, imsc, srt, stl, ttml, txt, vtt
from captions.formats.fault import Fault, Reading
from captions.model import Track
from captions.style import Style

__all__ = ["BINARY", "FORMATS", "BinaryFormat", "Fault", "Format", "Reader", "Reading", "Writer"]


class Writer(Protocol):
    """Track → text. Escapes whatever could break the format; never changes what is shown."""

    def __call__(self, track: Track, *, style: Style = ..., title: str = ...) -> str: ...


class Reader(Protocol):
    """Text → track and faults; CaptionError `captions.bad-file` (format, line, text) where nothing can be read."""

    def __call__(self, text: str, *, language: str = ...) -> Reading: ...


class BinaryWriter(Protocol):
    """Track → the file's bytes."""

    def __call__(self, track: Track, *, style: Style = ..., title: str = ...) -> bytes: ...


class BinaryReader(Protocol):
    """Bytes → track and faults; CaptionError `captions.bad-file`."""

    def __call__(self, raw: bytes, *, language: str = ...) -> Reading: ...


class Format(NamedTuple):
    """A format of text. `endings` tell its files; the first is the one that we give them."""

    write: Writer
    read: Reader
    endings: tuple[str, ...]


class BinaryFormat(NamedTuple):
    """A format of bytes."""

    write: BinaryWriter
    read: BinaryReader
    endings: tuple[str, ...]


FORMATS: dict[str, Format] = {
    "srt": Format(srt.write, srt.read, ("srt",)),
    "vtt": Format(vtt.write, vtt.read, ("vtt",)),
    "ass": Format(ass.write, ass.read, ("ass",)),
    "ebu-tt-d": Format(ebuttd.write, ttml.read, ("xml",)),
    "imsc": Format(imsc.write, ttml.read, ("ttml", "imsc", "dfxp")),
    "txt": Format(txt.write, txt.read, ("txt",)),
    "html": Format(html.write, html.read, ("html", "htm")),
}
BINARY: dict[str, BinaryFormat] = {
    "stl": BinaryFormat(stl.write, stl.read, ("stl",)),
    "docx": BinaryFormat(docx.write, docx.read, ("docx",)),
}
