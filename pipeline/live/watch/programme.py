"""What viewers see and hear: black, frozen, silent, clipped, and a loudness that wandered off.

A still picture that is meant so is no fault: cards and slides may stand still, and nothing need be heard behind a
card. After a change of scene everything begins anew.
"""

from collections.abc import Iterator

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Programme, Seen

BLACK_S, STILL_S, SILENT_S = 4.0, 6.0, 6.0
PATIENT_S = 20.0  # in films and slides a black or still stretch may be meant
FRESH_S = 6.0  # older readings say nothing of now
DELAY_S = 2.0  # so much later than on the programme a scene is in the recording
CLIPPED_SHARE = 0.3
DRIFT_LU = 8.0
QUIET_LUFS = -42.0
CAMERAS = frozenset({"main", "second", "teacher"})


def programme(seen: Seen) -> Iterator[Finding]:
    """The findings on picture and sound; none of what was not seen or heard just now."""
    kind = seen.scene.kind if seen.scene else ""
    here_s = seen.scene_s - DELAY_S
    allowed = STILL_S if kind in CAMERAS else PATIENT_S if kind == "media" else float("inf")
    still_s = min(seen.still_s, seen.scene_s)
    if still_s >= allowed and seen.studio is not None:
        yield Finding(
            "watch.picture-still", "alarm", "picture-still", {"scene": _label(seen), "seconds": round(still_s)}
        )
    heard = seen.programme
    if heard is None or seen.now_s - heard.at_s > FRESH_S:
        return
    black_s = min(heard.black_s, here_s)
    if black_s >= (PATIENT_S if kind in ("slides", "media") else BLACK_S):
        yield Finding(
            "watch.picture-black", "alarm", "picture-black", {"scene": _label(seen), "seconds": round(black_s)}
        )
    if kind != "card":
        yield from _sound(seen, heard, min(heard.silent_s, here_s))


def _sound(seen: Seen, heard: Programme, silent_s: float) -> Iterator[Finding]:
    if silent_s >= SILENT_S:
        yield Finding("watch.sound-silent", "alarm", "sound-silent", {"seconds": round(silent_s)})
        return
    if heard.clipped >= CLIPPED_SHARE:
        yield Finding("watch.sound-clipped", "alarm", "sound-clipped", after_s=1.0, clear_s=8.0)
    if heard.lufs is None:
        return
    if heard.usual_lufs is not None and abs(heard.lufs - heard.usual_lufs) >= DRIFT_LU:
        by = heard.lufs - heard.usual_lufs
        about: dict[str, object] = {"lu": f"{by:+.0f}", "lufs": round(heard.lufs), "usual": round(heard.usual_lufs)}
        yield Finding("watch.sound-drifted", "warning", "sound-level", about, after_s=5.0, clear_s=15.0)
    elif heard.lufs < QUIET_LUFS:
        yield Finding(
            "watch.sound-quiet", "warning", "sound-level", {"lufs": round(heard.lufs)}, after_s=5.0, clear_s=15.0
        )


def _label(seen: Seen) -> str:
    return seen.scene.label if seen.scene else ""
