"""FLV, the form in which the demuxer gets the publisher's messages; and which codecs we take.

Source: Adobe's FLV specification 10.1, annex E; enhanced RTMP (veovera) for what is refused.
"""

from pipeline.hub.rtmp.chunks import AUDIO, DATA0, VIDEO

HEADER = b"FLV\x01\x05" + (9).to_bytes(4, "big") + bytes(4)  # sound and picture announced

_H264, _AAC = 7, 10
_ENHANCED_SOUND, _MULTITRACK_SOUND = 9, 0x95
_SEQUENCE_HEADER = 0


def tag(kind: int, timestamp: int, body: bytes) -> bytes:
    """One FLV tag with its trailing size; `timestamp` in milliseconds, with the extended byte."""
    size = len(body)
    head = bytes((kind,)) + size.to_bytes(3, "big") + (timestamp & 0xFFFFFF).to_bytes(3, "big")
    return head + bytes((timestamp >> 24 & 0xFF, 0, 0, 0)) + body + (size + 11).to_bytes(4, "big")


def foreign_codec(kind: int, body: bytes) -> str | None:
    """The name of the codec when it is none that we take (H.264 and AAC), else None."""
    first = body[0]
    if kind == VIDEO:
        if first & 0x80:
            return _four_letters(body)
        return None if first & 0x0F == _H264 else f"FLV-{first & 0x0F}"
    if kind == AUDIO:
        if first >> 4 == _ENHANCED_SOUND:
            return _four_letters(body)
        return None if first >> 4 == _AAC else f"FLV-{first >> 4}"
    return None


def extra_track(kind: int, body: bytes) -> bool:
    """Whether this is one of enhanced RTMP's further tracks, which come beside the ordinary ones."""
    return (kind == VIDEO and body[0] & 0x8F == 0x86) or (kind == AUDIO and body[0] == _MULTITRACK_SOUND)


def is_sequence_header(kind: int, body: bytes) -> bool:
    """Whether the message carries the decoder's configuration (SPS and PPS, or AAC's)."""
    return kind in (VIDEO, AUDIO) and len(body) > 2 and body[1] == _SEQUENCE_HEADER


def is_metadata(kind: int) -> bool:
    return kind == DATA0


def _four_letters(body: bytes) -> str:
    """The FourCC, made harmless: it was written by a stranger and will be shown."""
    return "".join(chr(byte) if 48 <= byte < 123 and chr(byte).isalnum() else "?" for byte in body[1:5])
