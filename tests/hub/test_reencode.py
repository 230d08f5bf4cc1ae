"""The picture on its way through a leg: copied, lowered, a still, and copied again, in one unbroken stream."""

import itertools
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.bitstream import BitStreamFilterContext
from av.codec.context import CodecContext

from pipeline.hub.reencode import Picture, Rendition
from tests.support.packets import film

LOW = Rendition(120, 0.5)
WAY = [None, LOW, Rendition(40, 0.5, still=True), Rendition(120, 0.5, keep_size=True), None]


@pytest.mark.parametrize("bframes", [0, 2])
def test_every_change_keeps_times_and_decodes(tmp_path: Path, bframes: int) -> None:
    picture, sent, read = Picture(), [], []
    path = film(tmp_path / "a.flv", seconds=len(WAY), bframes=bframes, size="320x180")
    with av.open(str(path)) as container:
        in_band = BitStreamFilterContext("h264_mp4toannexb", container.streams.video[0])
        wanted = iter(WAY)
        for raw in container.demux(video=0):
            for packet in in_band.filter(raw) if raw.dts is not None else []:
                if packet.is_keyframe:
                    picture.want(next(wanted))
                read.append(packet.pts)
                sent += picture.take(packet)
        sent += picture.rest()
    assert all(later.dts > earlier.dts for earlier, later in itertools.pairwise(sent))
    assert all(packet.dts <= packet.pts for packet in sent)
    times = {packet.pts for packet in sent}
    assert times <= set(read)
    assert len(times) >= len(read) - 24 - 2 * len(WAY)  # one picture of the still second is there
    decoder = CodecContext.create("h264", "r")
    frames = [frame for packet in [*sent, None] for frame in decoder.decode(packet)]
    sizes = [(frame.width, frame.height) for frame in frames]
    assert [size for size, _ in itertools.groupby(sizes)] == [(320, 180), (160, 90), (320, 180)]
    assert len(frames) >= len(sent) - 2


def test_a_lowered_picture_keeps_to_its_rate(tmp_path: Path) -> None:
    picture, bits = Picture(), 0
    picture.rate = Fraction(25)
    picture.want(LOW)
    with av.open(str(film(tmp_path / "a.flv", seconds=4, size="640x360"))) as container:
        in_band = BitStreamFilterContext("h264_mp4toannexb", container.streams.video[0])
        for raw in container.demux(video=0):
            for packet in in_band.filter(raw) if raw.dts is not None else []:
                bits += sum(8 * one.size for one in picture.take(packet))
    assert 40 < bits / 4 / 1000 < 1.5 * LOW.kbps
    assert picture.busy() > 0
