"""The process of a leg to nowhere: takes the feed as every leg does, counts it, and sends nothing.

First line of stdin the LegSpec, then NUT. On stdout a JSON line a second, as the RTMP leg says it.
"""

import json
import os
import sys
import time

import av

from pipeline.hub.leg_rtmp import REPORT_S, first_line


class Input:
    """What is left of stdin, for the demuxer."""

    def read(self, count: int) -> bytes:
        return os.read(0, count)


def main() -> int:
    first_line()
    options = {"probesize": "32768", "analyzeduration": "0"}
    source = av.open(Input(), "r", format="nut", options=options, buffer_size=4096)
    frames = size = 0
    due = time.monotonic()
    for packet in source.demux():
        frames += packet.stream.type == "video" and packet.size > 0
        size += packet.size
        if time.monotonic() >= due:
            due = time.monotonic() + REPORT_S
            line = json.dumps({"frames": frames, "bytes": size, "unconfirmed": 0})
            os.write(1, line.encode() + b"\n")
    os.write(1, json.dumps({"frames": frames, "bytes": size, "unconfirmed": 0}).encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
