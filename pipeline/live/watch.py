"""What the broadcast notices by itself: each finding once when it begins and once when it is over."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model.studio import StudioState

DISK_FLOOR = 2 * 1024**3
STALL_S = 5.0
LOST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that people are to see: its code, how grave it is, and what its sentence needs."""

    code: str
    level: str
    key: str
    about: dict[str, object] = field(default_factory=dict)


class Watch:
    """Compares what hub and studio say, second by second, with what a healthy broadcast would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._grew: dict[str, tuple[int, float]] = {}
        self._frames = (0, 0)

    def look(
        self, now_s: float, hub: dict[str, dict[str, object]], studio: StudioState | None
    ) -> Iterator[Finding]:
        """Every fault that stands at this moment (`now_s`: monotonic seconds)."""
        if hub["feed"].get("state") == "lost":
            yield Finding("watch.feed-lost", "alarm", "feed")
        refusal = hub["feed"].get("refusal")
        if isinstance(refusal, dict):  # OBS itself cannot say why the hub sent it away
            yield Finding(str(refusal["code"]), "alarm", "refusal", dict(refusal.get("fields") or {}))
        yield from self._legs(hub["legs"])
        size = hub["record"].get("bytes")
        if isinstance(size, int) and self._stalled("feed", size, now_s):
            yield Finding("watch.recording-stalled", "alarm", "record-feed", {"recording": "feed"})
        free = shutil.disk_usage(self._folder).free
        if free < DISK_FLOOR:
            yield Finding("watch.disk", "alarm", "disk", {"free_mb": free // 1024**2})
        if studio is None:
            yield Finding("watch.studio-lost", "alarm", "studio")
        else:
            yield from self._studio(studio, now_s)

    def _legs(self, legs: dict[str, object]) -> Iterator[Finding]:
        for name, row in legs.items():
            if isinstance(row, dict) and row.get("state") == "down":
                about = {"destination": name, "error": row.get("error") or "leg.lost"}
                yield Finding("watch.leg-down", "alarm", f"leg-{name}", about)

    def _studio(self, studio: StudioState, now_s: float) -> Iterator[Finding]:
        if studio.recording and self._stalled("studio", studio.record_bytes, now_s):
            yield Finding("watch.recording-stalled", "alarm", "record-studio", {"recording": "obs"})
        if not studio.recording:
            yield Finding("watch.studio-not-recording", "alarm", "studio-record")
        frames, lost = studio.render_frames, studio.render_skipped + studio.output_skipped
        before_frames, before_lost = self._frames
        if frames - before_frames >= 250 or frames < before_frames:
            share = (lost - before_lost) / max(1, frames - before_frames)
            self._frames = (frames, lost)
            if share > LOST_SHARE:
                yield Finding("watch.frames-lost", "warning", "frames", {"percent": round(100 * share)})

    def _stalled(self, name: str, size: int, now_s: float) -> bool:
        before = self._grew.get(name)
        if before is None or size != before[0]:
            self._grew[name] = (size, now_s)
            return False
        return now_s - before[1] > STALL_S
