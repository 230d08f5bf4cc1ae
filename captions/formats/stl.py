"""EBU STL (EBU Tech 3264-E): a GSI block of 1024 bytes, then TTI blocks of 128. Open subtitles, Latin table.

Times are frames of 25 (or 30) a second. Speakers have no place in it.
"""

import struct
from datetime import UTC, date, datetime

from captions.errors import CaptionError
from captions.formats import iso6937
from captions.formats.fault import Fault, Reading, nothing_in
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

_GSI, _TTI, _FIELD = 1024, 128, 112
_NEW_LINE, _UNUSED = 0x8A, 0x8F
_LAST_BLOCK, _USER_DATA = 0xFF, 0xFE
_ROWS = 23
_MOST = 65_536  # subtitle numbers are two bytes
_LANGUAGES = {
    "pl": "20",
    "en": "09",
    "de": "08",
    "fr": "0F",
    "cs": "06",
    "sk": "25",
    "es": "0A",
    "it": "15",
    "uk": "49",
}
_RATES = {b"STL23.01": 24, b"STL24.01": 24, b"STL25.01": 25, b"STL30.01": 30, b"STL50.01": 50}


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "", made: date | None = None) -> bytes:
    """The file's bytes; `made` is the date that it carries, today where None is given."""
    fps = 30 if style.fps == 30 else 25
    blocks: list[bytes] = []
    cues = track.cues[:_MOST]
    for number, cue in enumerate(cues):
        blocks += _tti(number, cue, fps, style)
    day = made or datetime.now(UTC).date()
    first = _code(track.cues[0].start_ms, fps) if track.cues else (0, 0, 0, 0)
    return _gsi(track, style, clean(title, ""), fps, len(blocks), len(cues), day, first) + b"".join(blocks)


def _gsi(
    track: Track, style: Style, title: str, fps: int, blocks: int, cues: int, day: date, first: tuple[int, ...]
) -> bytes:
    written = f"{day:%y%m%d}"
    parts = (
        ("850", 3),
        (f"STL{fps}.01", 8),
        ("0", 1),  # DSC: open subtitling
        ("00", 2),  # CCT: Latin
        (_LANGUAGES.get(track.language, "00"), 2),
        (_plain(title), 32),
        ("", 32 * 5),  # episode, translated titles, translator
        ("", 16),
        (written, 6),
        (written, 6),
        ("00", 2),
        (f"{min(blocks, 99_999):05}", 5),
        (f"{min(cues, 99_999):05}", 5),
        ("001", 3),
        (f"{min(style.chars_per_line, 99):02}", 2),
        (f"{_ROWS:02}", 2),
        ("1", 1),  # times may be used
        ("00000000", 8),
        ("".join(f"{part:02}" for part in first), 8),
        ("1", 1),
        ("1", 1),
        ("POL" if track.language == "pl" else "", 3),
        ("", 32 * 3 + 75 + 576),
    )
    return b"".join(text.encode("cp850", "replace")[:width].ljust(width) for text, width in parts)


def _plain(title: str) -> str:
    """Polish letters that code page 850 lacks, without their accents: a title is for people's lists only."""
    return "".join(
        {"ł": "l", "Ł": "L"}.get(char, iso6937.decoded(iso6937.encoded(char)[-1:]).replace("–", "-"))
        for char in title
    )


def _tti(number: int, cue: Cue, fps: int, style: Style) -> list[bytes]:
    lines = safe_lines(cue.lines)
    field = bytes((_NEW_LINE,)).join(iso6937.encoded(line) for line in lines)
    parts = _pieces(field)
    row = 1 if style.position == "top" else _ROWS - 1 - len(lines)
    return [
        struct.pack("<BHBB", 0, number, _LAST_BLOCK if at == len(parts) - 1 else at, 0)
        + bytes((*_code(cue.start_ms, fps), *_code(cue.end_ms, fps), max(0, row), 2, 0))
        + part.ljust(_FIELD, bytes((_UNUSED,)))
        for at, part in enumerate(parts)
    ]


def _pieces(field: bytes) -> list[bytes]:
    """The text in fields of at most 112 bytes; an accent stays with its letter. 239 extension blocks at most."""
    out = []
    while len(field) > _FIELD:
        at = _FIELD - (0xC1 <= field[_FIELD - 1] <= 0xCF)
        out.append(field[:at])
        field = field[at:]
    return [*out, field][:0xF0]


def _code(ms: int, fps: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and frames; the format knows no later moment than 24 hours less a frame."""
    frames = min((max(0, ms) * fps + 500) // 1000, 24 * 3600 * fps - 1)
    seconds, frame = divmod(frames, fps)
    return seconds // 3600, seconds // 60 % 60, seconds % 60, frame


def read(raw: bytes, *, language: str = "pl") -> Reading:
    """The track of an STL file in the Latin table. A fault's `line` is the number of its TTI block.

    Raises CaptionError `captions.bad-file` for what is no STL file, or one in another table than Latin.
    """
    rate = _RATES.get(raw[3:11])
    if len(raw) < _GSI or rate is None:
        raise CaptionError("captions.bad-file", format="stl", line=1, text=repr(raw[:16]))
    if raw[12:14] not in (b"00", b"  "):
        raise CaptionError("captions.bad-file", format="stl", line=1, text=f"CCT {raw[12:14]!r}")
    given = raw[14:16].decode("latin-1").upper()
    spoken = next((name for name, code in _LANGUAGES.items() if code == given), language)
    cues, faults, field = list[Cue](), list[Fault](), b""
    for number, at in enumerate(range(_GSI, len(raw), _TTI), 1):
        block = raw[at : at + _TTI]
        if len(block) < _TTI:
            faults.append(Fault(number, "captions.fault-cut", f"{len(block)} B"))
            break
        if block[3] == _USER_DATA or block[15]:  # not text, or a translator's comment
            continue
        field += block[16:]
        if block[3] == _LAST_BLOCK:
            cue = _cue(block, field, rate, spoken)
            faults += [Fault(number, cue, repr(block[5:13]))] if isinstance(cue, str) else []
            cues += [cue] if isinstance(cue, Cue) else []
            field = b""
    if not cues and faults:
        raise nothing_in("stl", faults, "")
    return Reading(Track(tuple(cues), spoken), tuple(faults))


def _cue(block: bytes, field: bytes, fps: int, language: str) -> Cue | str:
    """The cue of a subtitle's last block, or the code of what is wrong with it."""
    start, end = (_ms(block[at : at + 4], fps) for at in (5, 9))
    if start is None or end is None:
        return "captions.fault-times"
    rows = bytes(byte for byte in field if byte != _UNUSED).split(bytes((_NEW_LINE,)))
    lines = tuple(line for line in (clean(iso6937.decoded(_shown(row)), language) for row in rows) if line)
    if not lines:
        return "captions.fault-no-text"
    return Cue(start, max(start, end), lines) if end >= start else "captions.fault-backwards"


def _shown(row: bytes) -> bytes:
    """The row with a space for each teletext code (colour, box, height) and nothing for italics and the like."""
    return bytes(0x20 if byte < 0x20 else byte for byte in row if not 0x80 <= byte <= 0x9F)


def _ms(code: bytes, fps: int) -> int | None:
    hour, minute, second, frame = code
    if minute > 59 or second > 59 or frame >= fps:
        return None
    return (hour * 3600 + minute * 60 + second) * 1000 + (frame * 1000 + fps // 2) // fps
