"""Bytes → text: UTF-8 first, then what old Polish files are in. The guess is by the letters that come out."""

import codecs

from captions.formats.fault import Fault

_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decoded(raw: bytes) -> tuple[str, list[Fault]]:
    """The text; faults `captions.fault-encoding` with the line of every run of bytes that is none.

    A file that is mostly UTF-8 stays UTF-8, its broken bytes shown as U+FFFD; else Windows-1250 or ISO 8859-2,
    whichever gives more Polish letters (they differ in ą ś ź).
    """
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return _replaced(raw, encoding)
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    text, faults = _replaced(raw, "utf-8")
    if sum(ord(char) > 0x7F for char in text) - text.count("\ufffd") > text.count("\ufffd"):
        return text, faults
    return max((_replaced(raw, name) for name in ("cp1250", "iso8859_2")), key=lambda one: _polish(one[0]))


def _replaced(raw: bytes, encoding: str) -> tuple[str, list[Fault]]:
    text = raw.decode(encoding, "replace")
    if "\ufffd" not in text:
        return text, []
    rows = enumerate(text.split("\n"), 1)
    return text, [Fault(at, "captions.fault-encoding", row.strip()[:80]) for at, row in rows if "\ufffd" in row]


def _polish(text: str) -> int:
    """Letters of Polish, less what a wrong table makes of them: controls and strange signs."""
    return sum((char in _POLISH) - 2 * ("\x80" <= char <= "\x9f") for char in text)
