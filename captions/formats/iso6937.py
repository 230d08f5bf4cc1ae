"""ISO 6937, the Latin table of EBU STL (code table 00): an accent stands in a byte of its own before its letter.

Source: EBU Tech 3264, appendix 2. What the table lacks is written by its nearest sign; `?` where there is none.
"""

import unicodedata

_ACCENTS = {  # Unicode's combining mark, which follows its letter → the byte, which precedes it
    "\u0300": 0xC1,
    "\u0301": 0xC2,
    "\u0302": 0xC3,
    "\u0303": 0xC4,
    "\u0304": 0xC5,
    "\u0306": 0xC6,
    "\u0307": 0xC7,
    "\u0308": 0xC8,
    "\u030a": 0xCA,
    "\u0327": 0xCB,
    "\u030b": 0xCD,
    "\u0328": 0xCE,
    "\u030c": 0xCF,
}
_MARKS = {byte: mark for mark, byte in _ACCENTS.items()}
_ROWS = {  # the first byte of a run → its signs; a space leaves a place free
    0xA1: "¡¢£ ¥ §",
    0xA9: "‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿",
    0xD0: "–¹®©™♪¬¦",
    0xDC: "⅛⅜⅝⅞",
    0xE1: "ÆĐªĦ",
    0xE6: "ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ",
}
_SIGNS = {byte + at: sign for byte, row in _ROWS.items() for at, sign in enumerate(row) if sign != " "}
_BYTES = {sign: byte for byte, sign in _SIGNS.items()}
_NEAREST = {
    "„": '"',
    "‚": "'",
    "—": "–",
    "…": "...",
    "−": "-",
    "€": "EUR",
    "♫": "♪",
    "\u00a0": " ",
    "‑": "-",
    "Ð": "Đ",
}


def encoded(text: str) -> bytes:
    """`text` in the table. „ becomes a straight quote and … three dots, which reading turns back."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        out += _of(_NEAREST.get(char, char))
    return bytes(out)


def missing(text: str) -> str:
    """The signs of `text` that would be written as a question mark, each once."""
    return "".join(dict.fromkeys(char for char in text if char != "?" and b"?" in encoded(char)))


def decoded(raw: bytes) -> str:
    """The text of such bytes; unknown ones are left out."""
    out, accent = [], ""
    for byte in raw:
        if byte in _MARKS:
            accent = _MARKS[byte]
            continue
        sign = chr(byte) if 0x20 <= byte < 0x7F else " " if byte == 0xA0 else _SIGNS.get(byte, "")
        if byte in (0xA4, 0xA6):
            sign = "$#"[byte == 0xA6]
        out.append(sign + accent if sign else "")
        accent = ""
    return unicodedata.normalize("NFC", "".join(out))


def _of(chars: str) -> bytes:
    out = bytearray()
    for char in chars:
        apart = unicodedata.normalize("NFD", char)
        letter, marks = apart[0], apart[1:]
        if char in _BYTES:
            out.append(_BYTES[char])
        elif " " <= char <= "~":
            out += char.encode("ascii")
        elif len(marks) == 1 and marks[0] in _ACCENTS and letter.isascii():
            out += bytes((_ACCENTS[marks[0]], ord(letter)))
        elif unicodedata.category(char) not in ("Mn", "Me", "Cf"):
            out += b"?"
    return bytes(out)
