"""The ingest's parts one by one: FLV, parameter sets, the judge, the hooks' keys."""

from fractions import Fraction

import av
import pytest

from pipeline.standins.flv import AUDIO, VIDEO, FlvError, FlvReader, Tag
from pipeline.standins.h264 import Sps, parse_avcc, parse_sps
from pipeline.standins.ingest_hooks import stream_key
from pipeline.standins.ingest_judge import judge, row_for
from pipeline.standins.ingest_meter import Meter

AAC_STEREO_48K = bytes([0x11, 0x90])


def sps_nal(width: int, height: int, fps: int, **options: str) -> bytes:
    """A parameter set as x264 writes it."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.framerate, codec.time_base = Fraction(fps), Fraction(1, fps)
    codec.options = {"threads": "1", "preset": "ultrafast"} | options
    codec.flags |= av.codec.context.Flags.global_header
    codec.open()
    extradata = codec.extradata or b""
    nals = [nal.rstrip(b"\0") for nal in extradata.split(b"\0\0\1")]
    return next(nal for nal in nals if nal and nal[0] & 0x1F == 7)


def avcc(nal: bytes) -> bytes:
    return b"\x01" + nal[1:4] + b"\xff\xe1" + len(nal).to_bytes(2, "big") + nal + b"\x01\x00\x00"


def tag_bytes(tag: Tag) -> bytes:
    stamp = (tag.dts_ms & 0xFFFFFF).to_bytes(3, "big") + bytes([tag.dts_ms >> 24])
    head = bytes([tag.kind]) + len(tag.body).to_bytes(3, "big") + stamp + b"\0\0\0"
    return head + tag.body + (len(head + tag.body)).to_bytes(4, "big")


class Stream:
    """Builds what a publisher would send, into a meter."""

    def __init__(self, nal: bytes | None = None, audio: bytes = AAC_STEREO_48K) -> None:
        self.meter = Meter()
        self.nal = nal or sps_nal(1280, 720, 25, level="3.1")
        self.meter.add(Tag(VIDEO, 0, b"\x17\0\0\0\0" + avcc(self.nal)))
        self.meter.add(Tag(AUDIO, 0, b"\xaf\0" + audio))

    def run(
        self, seconds: float, *, start: float = 0, key_s: float = 2, video_kbps: int = 3000, audio_kbps: int = 128
    ) -> "Stream":
        for number in range(int(seconds * 25)):
            ms = int(start * 1000) + number * 40
            kind = 0x17 if number % int(key_s * 25) == 0 else 0x27
            self.meter.add(Tag(VIDEO, ms, bytes([kind, 1, 0, 0, 0]) + b"x" * (video_kbps * 5)))
            self.meter.add(Tag(AUDIO, ms, b"\xaf\1" + b"x" * (audio_kbps * 5)))
        return self

    def faults(self) -> list[str]:
        return [fault.split(":")[0] for fault in judge(self.meter).faults]


@pytest.mark.parametrize(
    ("width", "height", "fps", "options", "expected"),
    [
        (1280, 720, 25, {"level": "3.1"}, (31, True)),
        (1920, 1080, 30, {"level": "4.1", "preset": "medium"}, (41, True)),
        (640, 360, 25, {"level": "3.0"}, (30, True)),
        (720, 576, 25, {"level": "4.0", "x264-params": "interlaced=1", "preset": "medium"}, (40, False)),
    ],
)
def test_parameter_sets_say_what_x264_was_told(
    width: int, height: int, fps: int, options: dict[str, str], expected: tuple[int, bool]
) -> None:
    sps = parse_sps(sps_nal(width, height, fps, **options))
    assert (sps.width, sps.height, sps.fps) == (width, height, Fraction(fps))
    assert (sps.level, sps.progressive) == expected


def test_damaged_parameter_sets_are_value_errors() -> None:
    nal = sps_nal(640, 360, 25)
    for size in range(1, len(nal) - 4):
        try:
            assert isinstance(parse_sps(nal[:size]), Sps)
        except ValueError:
            continue
    with pytest.raises(ValueError, match="no decoder configuration"):
        parse_avcc(b"\x01\x02")


def test_tags_come_whole_however_the_bytes_are_cut() -> None:
    tags = [Tag(VIDEO, 0, b"abc"), Tag(AUDIO, 40, b"d"), Tag(VIDEO, 0x01000005, b"e" * 300)]
    data = b"FLV\1\5\0\0\0\x09\0\0\0\0" + b"".join(map(tag_bytes, tags))
    for step in (1, 7, 1000):
        reader = FlvReader()
        got = [tag for at in range(0, len(data), step) for tag in reader.feed(data[at : at + step])]
        assert got == tags
    with pytest.raises(FlvError):
        list(FlvReader().feed(b"<html><body></body>"))


def test_a_good_stream_has_no_fault() -> None:
    verdict = judge(Stream().run(12).meter)
    assert (verdict.faults, verdict.warnings) == ((), ())


def test_each_rule_is_judged() -> None:
    assert Stream().run(12, key_s=10).faults() == ["10000 ms without a keyframe, more than 4000"]
    assert Stream().run(12, video_kbps=5000).faults() == ["video at 5000 kb/s, above 4000"]
    assert Stream().run(12, audio_kbps=320).faults() == ["audio at 320 kb/s, above 256"]
    assert Stream(audio=bytes([0x11, 0x88])).run(6).faults() == ["audio with 1 channels, not stereo"]
    assert Stream(audio=bytes([0x13, 0x90])).run(6).faults() == ["audio at 22050 Hz, neither 44100 nor 48000"]
    assert Stream(audio=bytes([0x29, 0x90])).run(6).faults() == ["audio codec aac (type 5), not AAC-LC"]
    assert Stream(sps_nal(1280, 720, 25, level="5.1")).run(6).faults() == ["H.264 level 5.1, above 4.1"]
    assert Stream(sps_nal(3840, 2160, 25, level="5.1")).run(6).faults()[0].startswith("3840x2160")
    interlaced = sps_nal(1280, 720, 25, preset="medium", level="4.0", **{"x264-params": "interlaced=1"})
    assert Stream(interlaced).run(6).faults() == ["interlaced video"]


def test_what_stops_or_jumps_is_seen() -> None:
    assert Stream().run(4).run(4, start=6).faults() == ["video", "audio"]
    assert Stream().run(4).run(4, start=2).faults() == ["video", "audio"]
    assert judge(Meter()).faults == ("no video", "no audio")


def test_settings_that_change_on_air_are_a_fault_and_a_repeated_header_is_none() -> None:
    stream = Stream().run(4)
    stream.meter.add(Tag(VIDEO, 4000, b"\x17\0\0\0\0" + avcc(stream.nal)))
    assert stream.run(4, start=4).faults() == []
    stream.meter.add(Tag(VIDEO, 8000, b"\x17\0\0\0\0" + avcc(sps_nal(640, 360, 25))))
    assert "the settings changed during the broadcast" in stream.run(4, start=8).faults()


def test_a_codec_of_another_kind_is_named() -> None:
    meter = Stream().meter
    meter.add(Tag(VIDEO, 0, b"\x90hvc1xxxx"))
    assert "video codec hvc1, not H.264" in judge(meter).faults


def test_low_rates_only_warn() -> None:
    verdict = judge(Stream().run(12, video_kbps=600).meter)
    assert verdict.faults == ()
    assert verdict.warnings == ("video at 600 kb/s, below 1500",)


def test_the_table_knows_its_rows() -> None:
    assert (row_for(720, 25), row_for(720, 50)) == (row_for(600, 30), row_for(700, 60))
    assert row_for(1080, 60.0) is not None
    assert row_for(1440, 30) is None
    assert row_for(1080, 120) is None


def test_keys_are_put_together_as_they_were_sent() -> None:
    body = "app=rtmp&flashver=x&tcurl=rtmps%3A//h/rtmp&addr=127.0.0.1&clientid=7&call=publish&name=FB-1-0&type=live"
    assert stream_key(body) == "FB-1-0"
    assert stream_key(f"{body}&s_bl=1&a=AbC_-%2B") == "FB-1-0?s_bl=1&a=AbC_-%2B"
    assert stream_key("call=publish") == ""
