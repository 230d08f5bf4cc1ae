"""The computer: is it awake, on the mains, on time, with room for what is coming."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from pipeline.live.preflight.check import Outcome, failed, ok, warning
from pipeline.live.start import needed_bytes
from pipeline.media import ffmpeg, process
from pipeline.media.fonts import font
from pipeline.model.presets import EncoderPreset
from pipeline.surroundings import ClockState, Power, Sleep

MB = 1024**2
LEAST_MB, GOOD_MB = 700, 1500  # free memory: OBS, hub and legs; and what the captions take beside them
LEAST_PERCENT = 30
LATE_MS = 2000  # a clock that may be wrong by more spoils captions' and journal's times
ENCODERS = ("libx264", "aac", "mpeg2video", "mp2", "mov_text", "mjpeg")
FILTERS = ("aformat", "aresample", "bwdif", "ebur128", "loudnorm", "overlay", "scale", "setsar", "ass")


def tools() -> Outcome:
    """ffmpeg: there, new enough, and built with what is used."""
    found = ffmpeg.tools()
    listed = {
        kind: process.run([found.ffmpeg, "-hide_banner", f"-{kind}"], timeout_s=20).decode(errors="replace").split()
        for kind in ("encoders", "filters")
    }
    missing = [name for name in ENCODERS if name not in listed["encoders"]]
    missing += [name for name in FILTERS if name not in listed["filters"]]
    if missing:
        return failed("check.ffmpeg-without", missing=", ".join(missing), version=found.version)
    return ok("check.version", version=found.version)


def fonts(*wanted: str) -> Outcome:
    """The cards' fonts, or others with Polish letters. Fatal `media.no-font` where there is none."""
    names = [font(name, 20, bold=bold).getname()[0] for name, bold in zip(wanted, (False, True), strict=False)]
    return ok("check.fonts", fonts=", ".join(dict.fromkeys(str(name) for name in names)))


def disk(folder: Path, encoder: EncoderPreset, length: timedelta) -> Outcome:
    """Room for both masters of the planned length and a third more."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free, needed = shutil.disk_usage(there).free, needed_bytes(encoder, length)
    if free < needed:
        return failed("live.disk", needed_mb=needed // MB, free_mb=free // MB, folder=str(folder))
    hours = round(free / needed * length.total_seconds() / 3600)
    return ok("check.disk", needed_gb=_gb(needed), free_gb=_gb(free), hours=min(hours, 9999))


def memory(available: int | None = None) -> Outcome:
    """Free memory, in bytes (None: as it is)."""
    free = psutil.virtual_memory().available if available is None else available
    if free < LEAST_MB * MB:
        return failed("check.memory", free_mb=free // MB, needed_mb=LEAST_MB)
    if free < GOOD_MB * MB:
        return warning("check.memory-low", free_mb=free // MB, good_mb=GOOD_MB)
    return ok("check.memory-free", free_gb=_gb(free))


def power(state: Power | None) -> Outcome:
    """On the mains; None: a computer without a battery."""
    if state is None:
        return ok("check.no-battery")
    if state.plugged:
        return ok("check.mains", percent=state.percent)
    if state.percent < LEAST_PERCENT:
        return failed("check.battery-low", percent=state.percent)
    return warning("check.battery", percent=state.percent)


def sleep(states: list[Sleep], length: timedelta) -> Outcome:
    """Nothing may put the computer to sleep within the planned length."""
    soon = [one for one in states if one.after_s < length.total_seconds()]
    if soon:
        first = min(soon, key=lambda one: one.after_s)
        return warning("check.sleep", minutes=max(1, round(first.after_s / 60)), setting=first.setting)
    return ok("check.awake") if states else ok("check.sleep-unknown")


def clock(state: ClockState, zone: str, now: datetime | None = None) -> Outcome:
    """The clock is kept right by a time server, and the computer's time zone is the station's."""
    moment = now or datetime.now(UTC)
    here, there = moment.astimezone().utcoffset(), moment.astimezone(ZoneInfo(zone)).utcoffset()
    if state.synchronised is False:
        return warning("check.clock-free")
    if state.error_ms is not None and state.error_ms > LATE_MS:
        return warning("check.clock-late", error_ms=state.error_ms)
    if here != there:
        return warning("check.zone", zone=zone, here=moment.astimezone().strftime("%H:%M"))
    if state.synchronised is None:
        return ok("check.clock-unknown", time=moment.astimezone().strftime("%H:%M"), zone=zone)
    error = state.error_ms if state.error_ms is not None else 0
    return ok("check.clock-right", error_ms=error, zone=zone)


def _gb(size: int) -> str:
    return f"{size / 1024**3:.1f}"
