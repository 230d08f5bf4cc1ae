"""The sensors: each looks at one thing and names what is wrong with it at this moment."""

from collections import deque
from collections.abc import Iterator

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Seen

STALL_S = 5.0
SPAN_S = 5.0  # frames are counted over so long
LOST_SHARE, LOST_GRAVE = 0.02, 0.1
DROPPED_SHARE = 0.02
HUB_SILENT_S = 3.0
BUFFERING_MS = 400
BUSY_PERCENT = 95.0
MEMORY_SHARE, MEMORY_FLOOR = 0.05, 256 * 1024**2


def feed(seen: Seen) -> Iterator[Finding]:
    """The hub itself, and what it gets from the studio."""
    if seen.hub_silent_s > HUB_SILENT_S:
        yield Finding("watch.hub-silent", "alarm", "hub", {"seconds": round(seen.hub_silent_s)})
        return
    state = seen.hub.get("feed", {})
    if state.get("state") == "lost":
        yield Finding("watch.feed-lost", "alarm", "feed")
    refusal = state.get("refusal")
    if isinstance(refusal, dict):  # OBS itself cannot say why the hub sent it away
        yield Finding(str(refusal["code"]), "alarm", "refusal", dict(refusal.get("fields") or {}))


class Counted:
    """How much a count grew over the last `SPAN_S` seconds; a count that shrank began anew."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def grown(self, now_s: float, count: int) -> int:
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now_s, count))
        while now_s - self._seen[0][0] > SPAN_S:
            self._seen.popleft()
        return count - self._seen[0][1]


class Legs:
    """Each destination's leg: down, dropping pictures, or sending a lowered one."""

    def __init__(self) -> None:
        self._dropped: dict[str, Counted] = {}
        self._sent: dict[str, Counted] = {}

    def look(self, seen: Seen) -> Iterator[Finding]:
        for name, row in seen.hub.get("legs", {}).items():
            if not isinstance(row, dict):
                continue
            about: dict[str, object] = {"destination": name}
            if row.get("state") == "down":
                error = row.get("error") or "leg.lost"
                yield Finding("watch.leg-down", "alarm", f"leg-{name}", {**about, "error": error})
            elif row.get("state") == "stopped":
                yield Finding("watch.leg-stopped", "alarm", f"leg-{name}", about)
            elif row.get("state") == "parked":
                yield Finding("watch.leg-parked", "warning", f"leg-{name}", about)
            dropped, sent = _number(row, "frames_dropped"), _number(row, "frames_sent")
            lost = self._dropped.setdefault(name, Counted()).grown(seen.now_s, dropped)
            all_of_them = lost + self._sent.setdefault(name, Counted()).grown(seen.now_s, sent)
            if lost and lost > DROPPED_SHARE * all_of_them:
                lost_about = {**about, "frames": lost, "seconds": round(SPAN_S)}
                yield Finding("watch.leg-dropping", "warning", f"dropping-{name}", lost_about, clear_s=10.0)
            if lowered := _number(row, "lowered_kbps"):
                code = "watch.leg-busy" if row.get("lowered_why") == "busy" else "watch.leg-lowered"
                yield Finding(code, "warning", f"lowered-{name}", {**about, "kbps": lowered})


class Recordings:
    """Both recordings must grow: the hub's while there is a feed, the studio's always."""

    def __init__(self) -> None:
        self._grew: dict[str, tuple[int, float]] = {}

    def look(self, seen: Seen) -> Iterator[Finding]:
        size, fed = seen.hub.get("record", {}).get("bytes"), seen.hub.get("feed", {}).get("state") == "on"
        if not fed or seen.hub_silent_s > HUB_SILENT_S:
            self._grew.pop("feed", None)
        elif isinstance(size, int) and self._stalled("feed", size, seen.now_s):
            yield Finding("watch.recording-stalled", "alarm", "record-feed", {"recording": "feed"})
        if seen.studio is None:
            return
        if not seen.studio.recording:
            yield Finding("watch.studio-not-recording", "alarm", "studio-record", after_s=1.0)
        elif self._stalled("studio", seen.studio.record_bytes, seen.now_s):
            yield Finding("watch.recording-stalled", "alarm", "record-studio", {"recording": "obs"})

    def _stalled(self, name: str, size: int, now_s: float) -> bool:
        before = self._grew.get(name)
        if before is None or size != before[0]:
            self._grew[name] = (size, now_s)
            return False
        return now_s - before[1] > STALL_S


class Studio:
    """The studio: whether it answers, loses frames, or delays the sound for good."""

    def __init__(self) -> None:
        self._counts = {name: Counted() for name in ("frames", "rendered", "encoded", "output")}

    def look(self, seen: Seen) -> Iterator[Finding]:
        state = seen.studio
        if state is None:
            yield Finding("watch.studio-lost", "alarm", "studio")
            return

        def share(lost: str, skipped: int, every: str, frames: int) -> float:
            gone = self._counts[lost].grown(seen.now_s, skipped)
            return gone / max(1, self._counts[every].grown(seen.now_s, frames))

        shares = {
            "watch.frames-lost": share("rendered", state.render_skipped, "frames", state.render_frames),
            "watch.frames-not-encoded": share("encoded", state.output_skipped, "output", state.output_frames),
        }
        for code, lost in shares.items():
            if lost > LOST_SHARE:
                level = "alarm" if lost > LOST_GRAVE else "warning"
                yield Finding(code, level, code, {"percent": max(1, round(100 * lost))}, after_s=2.0, clear_s=10.0)
        if state.audio_buffering_ms is not None and state.audio_buffering_ms >= BUFFERING_MS:
            about: dict[str, object] = {"ms": state.audio_buffering_ms, "source": state.audio_buffering_source}
            yield Finding("watch.sound-late", "warning", "sound-late", about)


def machine(seen: Seen) -> Iterator[Finding]:
    """The computer itself: processor and memory."""
    load = seen.load
    if load is None:
        return
    if load.processor >= BUSY_PERCENT:
        about: dict[str, object] = {"percent": round(load.processor)}
        yield Finding("watch.processor", "warning", "processor", about, after_s=6.0, clear_s=15.0)
    if load.memory_free < max(MEMORY_FLOOR, MEMORY_SHARE * load.memory):
        yield Finding("watch.memory", "alarm", "memory", {"free_mb": load.memory_free // 1024**2}, after_s=3.0)


def cues(seen: Seen) -> Iterator[Finding]:
    """The run sheet: a scene of its that the studio would not show."""
    if seen.cue_failed is not None:
        yield Finding("watch.cue-failed", "alarm", "cue", {"scene": seen.cue_failed}, after_s=1.0)


def _number(row: dict[str, object], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0
