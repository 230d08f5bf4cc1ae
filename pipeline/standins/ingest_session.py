"""One publishing at the ingest: reads its recording as it grows, and reports what was in it."""

import logging
from datetime import datetime
from pathlib import Path

import av

from pipeline.clock import utc_text
from pipeline.standins.flv import FlvError, FlvReader
from pipeline.standins.ingest_judge import judge
from pipeline.standins.ingest_meter import Meter
from pipeline.store.files import whole_file

log = logging.getLogger(__name__)
_PIECE = 1 << 20
_PROFILES = {66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2"}


class Session:
    """`name` is the recording's; `truncated` when the recording reached its cap and the rest was not seen."""

    def __init__(self, stream: str, name: str, path: Path, started: datetime, cap: int) -> None:
        self.stream = stream
        self.name = name
        self.path = path
        self.started = started
        self.ended: datetime | None = None
        self.first_picture: datetime | None = None
        self.read_out = False
        self.truncated = False
        self.meter = Meter()
        self._reader = FlvReader()
        self._place = 0
        self._cap = cap
        self._broken: str | None = None

    def read(self, now: datetime) -> bool:
        """Measure what has been added since; whether there was anything. `now` stamps the first picture."""
        if self._broken is not None or not self.path.is_file():
            return False
        grown = False
        with self.path.open("rb") as file:
            file.seek(self._place)
            while piece := file.read(_PIECE):
                grown = True
                self._place += len(piece)
                try:
                    for tag in self._reader.feed(piece):
                        self.meter.add(tag)
                except FlvError as error:
                    self._broken = str(error)
                    return True
        # nginx stops before the frame that would pass the cap: the last few per cent count as reached.
        self.truncated = self._place >= self._cap * 0.95
        if self.first_picture is None and self.meter.keyframes:
            self.first_picture = now
        return grown

    def snapshot(self, target: Path) -> bool:
        """The last keyframe as a PNG."""
        if self.meter.last_keyframe is None:
            return False
        configuration, unit = self.meter.last_keyframe
        decoder = av.CodecContext.create("h264", "r")
        decoder.extradata = configuration
        try:
            frames = [*decoder.decode(av.Packet(unit)), *decoder.decode(None)]
        except av.FFmpegError as error:
            log.warning("no picture from %s: %s", self.name, type(error).__name__)
            return False
        pictures = [frame for frame in frames if isinstance(frame, av.VideoFrame)]
        if not pictures:
            return False
        with whole_file(target) as part, part.open("wb") as file:
            pictures[-1].to_image().save(file, format="PNG")  # type: ignore[no-untyped-call]
        return True

    def report(self) -> dict[str, object]:
        """Plain JSON: when, what, how judged."""
        meter, verdict = self.meter, judge(self.meter)
        sps = meter.video_formats[-1].sps if meter.video_formats else None
        audio = meter.audio_formats[-1] if meter.audio_formats else None
        shortest, longest = meter.key_intervals_ms or (0, 0)
        wait = (self.first_picture - self.started).total_seconds() if self.first_picture else None
        return {
            "stream": self.stream,
            "recording": self.path.name,
            "bytes": self._place,
            "truncated": self.truncated,
            "started": utc_text(self.started),
            "first_picture": utc_text(self.first_picture) if self.first_picture else None,
            "seconds_to_picture": round(wait, 3) if wait is not None else None,
            "ended": utc_text(self.ended) if self.ended else None,
            "video": {
                "codec": meter.video_formats[-1].codec if meter.video_formats else None,
                "profile": _PROFILES.get(sps.profile, str(sps.profile)) if sps else None,
                "level": sps.level / 10 if sps else None,
                "width": sps.width if sps else None,
                "height": sps.height if sps else None,
                "progressive": sps.progressive if sps else None,
                "frames": meter.video.frames,
                "fps": round(meter.video.fps, 3),
                "duration_ms": meter.video.duration_ms,
                "kbps": round(meter.video.kbps, 1),
                "peak_kbps": round(meter.video.peak_kbps, 1),
                "keyframes": meter.keyframes,
                "keyframe_ms": {"shortest": shortest, "longest": longest},
                "headers": meter.headers,
                "gaps_ms": [list(gap) for gap in meter.video.gaps],
            },
            "audio": {
                "codec": audio.codec if audio else None,
                "rate": audio.rate if audio else None,
                "channels": audio.channels if audio else None,
                "frames": meter.audio.frames,
                "duration_ms": meter.audio.duration_ms,
                "kbps": round(meter.audio.kbps, 1),
                "gaps_ms": [list(gap) for gap in meter.audio.gaps],
            },
            "faults": [*verdict.faults, *([f"not readable: {self._broken}"] if self._broken else [])],
            "warnings": list(verdict.warnings),
        }
