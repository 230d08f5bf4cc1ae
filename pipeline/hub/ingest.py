"""From the acceptor's FLV bytes to packets: demuxed by PyAV, H.264 as Annex B with SPS and PPS in band."""

from collections.abc import Iterator

import av
from av.error import FFmpegError

from pipeline.errors import Temporary
from pipeline.hub.demux import demuxed
from pipeline.hub.packet import Packet
from pipeline.hub.rtmp.pipe import FlvPipe

COMPLETE_S = 5.0

# With both decoder configurations at the front nothing has to be guessed: this opens in 15 ms (1.6 s by default).
_QUICK = {"probesize": "32768", "analyzeduration": "0"}


def packets(pipe: FlvPipe) -> Iterator[Packet]:
    """The publisher's packets in its own time, until it ends.

    Raises Temporary `hub.incomplete-feed` when picture or sound never announced itself, and
    `hub.bad-feed` when the demuxer cannot go on.
    """
    pipe.ready.wait(COMPLETE_S)
    if not pipe.complete:
        raise Temporary("hub.incomplete-feed")
    try:
        yield from demuxed(av.open(pipe, "r", format="flv", options=_QUICK))
    except FFmpegError as error:
        raise Temporary("hub.bad-feed", error=type(error).__name__) from None
