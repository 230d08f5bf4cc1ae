"""A teletext subtitle page as the packets that are broadcast (EN 300 706): header, designation, letters, rows.

Both ways to Polish are sent: the designation of the Polish subset (X/28/0 and M/29/0) and X/26 for each letter.
"""

from pipeline.media.teletext_letters import Cell, cells

ROW_OF_LAST_LINE = 22
_DOUBLE_HEIGHT, _START_BOX, _END_BOX, _SPACE = 0x0D, 0x0B, 0x0A, 0x20
_COLUMNS = 40
_POLISH_DESIGNATION = 0b0001000  # region 1, option 0
_END_OF_ENHANCEMENT = (63, 0x1F, 0x07)
_TRIPLETS = 13
_SET_POSITION = 0x04
# The default colour map, entries 16 to 31, twelve bits each (table 30).
_COLOURS = (
    *(0x50F, 0x07F, 0x7F0, 0xBFF, 0xAC0, 0x005, 0x256, 0x77C),
    *(0x333, 0x77F, 0x7F7, 0x7FF, 0xF77, 0xF7F, 0xFF7, 0xDDD),
)
_DATA_PLACES = (3, 5, 6, 7, *range(9, 16), *range(17, 24))


def hamming_8_4(value: int) -> int:
    """Four bits, protected (8.2)."""
    d1, d2, d3, d4 = (value >> bit & 1 for bit in range(4))
    p1, p2, p3 = 1 ^ d1 ^ d3 ^ d4, 1 ^ d1 ^ d2 ^ d4, 1 ^ d1 ^ d2 ^ d3
    p4 = 1 ^ p1 ^ d1 ^ p2 ^ d2 ^ p3 ^ d3 ^ d4
    return p1 | d1 << 1 | p2 << 2 | d2 << 3 | p3 << 4 | d3 << 5 | p4 << 6 | d4 << 7


def hamming_24_18(value: int) -> bytes:
    """Eighteen bits, protected, the least significant first (8.3)."""
    bits = [0] * 25
    for number, place in enumerate(_DATA_PLACES):
        bits[place] = value >> number & 1
    for check in (1, 2, 4, 8, 16):
        bits[check] = 1 ^ (sum(bits[place] for place in range(1, 24) if place & check and place != check) & 1)
    bits[24] = 1 ^ (sum(bits[1:24]) & 1)
    return bytes(sum(bits[8 * byte + bit + 1] << bit for bit in range(8)) for byte in range(3))


def odd_parity(code: int) -> int:
    """Seven bits with the eighth that makes their number odd (8.1)."""
    return code if code.bit_count() & 1 else code | 0x80


class SubtitlePage:
    """One page, such as 777. `transmission` gives the packets (42 bytes each) that show some rows, or none."""

    def __init__(self, number: int) -> None:
        if not 100 <= number <= 899:
            raise ValueError(number)
        self.magazine = number // 100 & 7
        self.page = (number // 10 % 10) << 4 | number % 10

    def transmission(self, lines: list[str], *, erase: bool) -> list[bytes]:
        """Rows from the bottom upwards, double height. `erase` clears what stood there: at each change."""
        out = [self._designation(29), self._header(self.page, erase=erase)]
        if lines:
            out.append(self._designation(28))
        places = [ROW_OF_LAST_LINE - 2 * (len(lines) - 1 - number) for number in range(len(lines))]
        written, triplets = [], []
        for place, line in zip(places, lines, strict=True):
            row, enhanced = _row(cells(line))
            written.append(self._packet(place, bytes(odd_parity(code) for code in row)))
            if enhanced:
                triplets.append([(40 + place, _SET_POSITION, 0), *enhanced])
        out += self._enhancements(triplets)
        if lines and not erase:  # a repetition overwrites what a lost erasure left
            empty = bytes([odd_parity(_SPACE)]) * _COLUMNS
            out += [self._packet(place, empty) for place in (18, 20) if place < places[0]]
        return [*out, *written, self._header(0xFF, erase=False, filling=True)]

    def _packet(self, number: int, data: bytes) -> bytes:
        address = self.magazine | number << 3
        return bytes((hamming_8_4(address & 15), hamming_8_4(address >> 4))) + data

    def _header(self, page: int, *, erase: bool, filling: bool = False) -> bytes:
        """Page number, subcode 0 (3F7F where it only fills time); C4 erase, C6 subtitle, C7 no header, C8 new."""
        sub = (0xF, 0x7, 0xF, 0x3) if filling else (0, 0, 0, 0)
        control = 0 if filling else 1 | (2 if erase else 0)
        nibbles = [page & 15, page >> 4, sub[0], sub[1] | (8 if erase else 0), sub[2]]
        nibbles += [sub[3] | (0 if filling else 8), control, 1]  # C11: pages follow one another
        return self._packet(0, bytes(map(hamming_8_4, nibbles)) + bytes([odd_parity(_SPACE)]) * 32)

    def _designation(self, number: int) -> bytes:
        """X/28/0 format 1 (the page's) or M/29/0 (the magazine's): Polish for G0, and all else as by default."""
        bits = [(0, 4), (0, 3), (_POLISH_DESIGNATION, 7), (_POLISH_DESIGNATION, 7), (0, 7)]
        bits += [(colour, 12) for colour in _COLOURS] + [(0, 14)]
        value = at = 0
        for part, width in bits:
            value |= part << at
            at += width
        triplets = (hamming_24_18(value >> 18 * number & 0x3FFFF) for number in range(_TRIPLETS))
        return self._packet(number, bytes((hamming_8_4(0),)) + b"".join(triplets))

    def _enhancements(self, rows: list[list[tuple[int, int, int]]]) -> list[bytes]:
        """X/26 packets of 13 triplets. Each begins with its row: a decoder may forget it from one to the next."""
        flat: list[tuple[int, int, int]] = []
        for position, *letters in rows:
            flat.append(position)
            for letter in letters:
                if len(flat) % _TRIPLETS == 0:
                    flat.append(position)
                flat.append(letter)
        packets = []
        for number, first in enumerate(range(0, min(len(flat), 16 * _TRIPLETS), _TRIPLETS)):
            part = flat[first : first + _TRIPLETS]
            part += [_END_OF_ENHANCEMENT] * (_TRIPLETS - len(part))
            data = b"".join(hamming_24_18(address | mode << 6 | data << 11) for address, mode, data in part)
            packets.append(self._packet(26, bytes((hamming_8_4(number),)) + data))
        return packets


def _row(text: list[Cell]) -> tuple[list[int], list[tuple[int, int, int]]]:
    """The forty codes of a row with the text boxed in its middle, and the triplets of its letters."""
    before = [_DOUBLE_HEIGHT, _START_BOX, _START_BOX]
    left = min(max(0, (_COLUMNS - len(text)) // 2 - len(before)), _COLUMNS - len(text) - len(before) - 2)
    row = [_SPACE] * left + before
    enhanced = [(len(row) + at, *cell.enhancement) for at, cell in enumerate(text) if cell.enhancement is not None]
    row += [cell.code for cell in text] + [_END_BOX, _END_BOX]
    return row + [_SPACE] * (_COLUMNS - len(row)), enhanced
