"""What broadcasters exchange, read by somebody else's reader: EBU STL, EBU-TT-D and IMSC by ttconv."""

import io
import xml.etree.ElementTree as Tree
from contextlib import suppress
from datetime import date
from fractions import Fraction

import pytest
import ttconv.model
from hypothesis import given, settings
from hypothesis import strategies as st
from ttconv.imsc.reader import to_model as imsc_model
from ttconv.stl.reader import to_model as stl_model

from captions.errors import CaptionError
from captions.formats import BINARY, FORMATS, iso6937, stl, ttml
from captions.model import Cue, Track
from captions.style import Style

_POLISH = "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ"
_TRACK = Track(
    (
        Cue(1000, 2480, ("Zażółć gęślą jaźń,", "tak.")),
        Cue(3_661_080, 3_663_000, (_POLISH,)),
        Cue(4_000_000, 4_001_000, ("♪ la ♪",)),
    )
)


def _seen(document: ttconv.model.ContentDocument) -> list[tuple[Fraction, Fraction, list[str]]]:
    """Begin, end and lines of every paragraph, as ttconv understood them."""
    out = []
    for element in document.get_body().dfs_iterator():
        if isinstance(element, ttconv.model.P):
            lines = [""]
            for part in element.dfs_iterator():
                if isinstance(part, ttconv.model.Br):
                    lines.append("")
                elif isinstance(part, ttconv.model.Text):
                    lines[-1] += part.get_text()
            out.append((element.get_begin(), element.get_end(), [line.strip() for line in lines]))
    return out


def _expected() -> list[tuple[Fraction, Fraction, list[str]]]:
    return [(Fraction(cue.start_ms, 1000), Fraction(cue.end_ms, 1000), list(cue.lines)) for cue in _TRACK.cues]


def test_another_reader_sees_our_stl() -> None:
    assert _seen(stl_model(io.BytesIO(BINARY["stl"].write(_TRACK, title="Próba ł")))) == _expected()


@pytest.mark.parametrize("name", ["ebu-tt-d", "imsc"])
def test_another_reader_sees_our_ttml(name: str) -> None:
    text = FORMATS[name].write(_TRACK, title="Próba <ł>")
    assert _seen(imsc_model(Tree.ElementTree(Tree.fromstring(text.encode())))) == _expected()


def test_the_general_block_is_as_the_standard_says() -> None:
    raw = stl.write(_TRACK, style=Style(fps=25), title="Łódź – próba", made=date(2026, 11, 27))
    assert len(raw) == 1024 + 3 * 128
    assert raw[:16] == b"850STL25.0100020"
    assert raw[16:48] == b"Lodz - proba".ljust(32)
    assert raw[224:255] == b"261127261127000000300003001422" + b"3"
    assert raw[255:274] == b"1" + b"00000000" + b"00000100" + b"11"
    assert raw[274:277] == b"POL"


def test_a_long_text_takes_extension_blocks_and_keeps_its_accents_whole() -> None:
    track = Track((Cue(0, 2000, ("ż" * 150, "x")),))
    raw = BINARY["stl"].write(track)
    assert [raw[1024 + 128 * at + 3] for at in range(3)] == [0, 1, 0xFF]
    assert BINARY["stl"].read(raw).track.cues == track.cues


def test_what_the_table_lacks_is_named() -> None:
    assert iso6937.missing("Ala ma שa 👍?") == "ש👍"


@pytest.mark.parametrize(
    ("name", "raw", "line"),
    [("short", b"850STL25.01", 1), ("table", b"850STL25.01001" + b" " * 1200, 1), ("noise", b"\xff" * 3000, 1)],
)
def test_what_is_no_stl_is_refused(name: str, raw: bytes, line: int) -> None:
    with pytest.raises(CaptionError) as caught:
        BINARY["stl"].read(raw.replace(b"01001", b"01040"))
    assert caught.value.fields["line"] == line, name


def test_a_cut_stl_gives_what_is_left() -> None:
    track, faults = BINARY["stl"].read(BINARY["stl"].write(_TRACK)[:-40])
    assert track.cues == _TRACK.cues[:2]
    assert [(fault.line, fault.code) for fault in faults] == [(3, "captions.fault-cut")]


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for name in BINARY:
        with suppress(CaptionError):
            BINARY[name].read(b"850STL25.01000020".ljust(1024) + raw if name == "stl" else raw)


def test_ttml_of_others() -> None:
    text = (
        '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/2006/10/ttaf1" xmlns:t="http://www.w3.org/ns/ttml#parameter"'
        ' t:frameRate="25" t:tickRate="1000">\n<body begin="10s"><div begin="1s">\n'
        '<p begin="00:00:01:05" dur="1.5s">A <span>b</span><br/>\n c</p>\n<p begin="5000t" end="6000t">d</p>\n'
        '<p begin="x" end="1s">e</p>\n<p begin="8s">f</p>\n<p begin="75f" end="100f">g</p></div></body></tt>'
    )
    track, faults = ttml.read(text)
    assert [(cue.start_ms, cue.end_ms, cue.lines) for cue in track.cues] == [
        (12_200, 13_700, ("A b", "c")),
        (14_000, 15_000, ("g",)),
        (16_000, 17_000, ("d",)),
    ]
    assert [(fault.line, fault.code, fault.text) for fault in faults] == [
        (7, "captions.fault-times", "x"),
        (8, "captions.fault-times", "f"),
    ]


def test_broken_xml_is_read_beyond_its_fault() -> None:
    whole = FORMATS["ebu-tt-d"].write(_TRACK)
    track, faults = ttml.read(whole.replace("tak.", "tak & nie <3"))
    assert track.cues[1:] == _TRACK.cues[1:]
    assert [fault.code for fault in faults][:1] == ["captions.fault-xml"]


@pytest.mark.parametrize(
    "text", ["<tt xmlns='http://www.w3.org/ns/ttml'><pStyle: a/><x", "<tt xml:lang='p\x01'/>", "<"]
)
def test_noise_in_xml_is_read_or_refused(text: str) -> None:
    with suppress(CaptionError):
        assert ttml.read(text).track == Track(())


def test_a_damaged_word_document_is_refused() -> None:
    raw = bytearray(BINARY["docx"].write(_TRACK))
    for at in range(200, len(raw) - 2000, 97):
        raw[at] ^= 0x55
    with pytest.raises(CaptionError, match=r"captions\.bad-file"):
        BINARY["docx"].read(bytes(raw))


def test_a_document_type_is_refused() -> None:
    with pytest.raises(CaptionError):
        ttml.read('<!DOCTYPE tt [<!ENTITY a "aaaa">]><tt xmlns="http://www.w3.org/ns/ttml">&a;</tt>')
