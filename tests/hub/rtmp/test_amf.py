"""AMF0: what OBS and ffmpeg say is read, what we say reads back, bombs are refused."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.hub.rtmp import amf
from pipeline.hub.rtmp.faults import ProtocolFault

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(values, max_size=5))
def test_reads_back_what_it_wrote(given_values: list[amf.Value]) -> None:
    assert amf.decode(amf.encode(*given_values)) == given_values


def test_reads_arrays_dates_and_long_texts() -> None:
    array = b"\x08\x00\x00\x00\x09" + b"\x00\x01a" + amf.encode(1.0) + b"\x00\x00\x09"
    listed = b"\x0a\x00\x00\x00\x02" + amf.encode(1.0, "x")
    date = b"\x0b" + struct.pack(">dh", 5.0, 0)
    long_text = b"\x0c\x00\x00\x00\x02ab"
    assert amf.decode(array + listed + date + long_text) == [{"a": 1.0}, [1.0, "x"], 5.0, "ab"]


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x02\xff\xffshort",
        b"\x03" + b"\x00\x01a\x03" * 2000,
        b"\x0a\xff\xff\xff\xff",
        b"\x0a\x00\x00\x01\x00" * 400,
        b"\x05" * 600,
        b"\x7f",
        b"\x00\x01",
    ],
)
def test_refuses_bombs(bomb: bytes) -> None:
    with pytest.raises(ProtocolFault):
        amf.decode(bomb)


@given(st.binary(max_size=200))
def test_raises_nothing_else(data: bytes) -> None:
    with contextlib.suppress(ProtocolFault):
        amf.decode(data)


def test_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError):
        amf.encode([1.0])
