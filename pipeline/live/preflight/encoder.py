"""Whether OBS's encoder keeps up: frames that a short recording lost, and what the processor had left.

Never worse than a warning: an event can begin with lost frames, and another program may be the cause.
"""

from pipeline.live.preflight.check import Outcome, ok, warning
from pipeline.model.presets import EncoderPreset
from pipeline.model.studio import StudioState

LOST_SHARE, BAD_SHARE = 0.005, 0.03
BUSY_PERCENT = 85.0


def keeps_up(
    preset: EncoderPreset, before: StudioState, after: StudioState, seconds: float, busy_percent: float
) -> Outcome:
    """From two states of a recording OBS, `seconds` apart, and the mean load of all processors between them."""
    rendered = after.render_frames - before.render_frames
    lagged = after.render_skipped - before.render_skipped
    skipped = after.output_skipped - before.output_skipped
    share = (lagged + skipped) / max(1, rendered)
    fps = rendered / seconds if seconds else 0.0
    picture = f"{preset.width}×{preset.height}"
    fields = {"lagged": lagged, "skipped": skipped, "percent": f"{100 * share:.1f}", "preset": preset.x264_preset}
    if rendered == 0 or fps < preset.fps * (1 - BAD_SHARE) - 1 or share > BAD_SHARE:
        return warning("check.encoder-late", **fields, fps=f"{fps:.1f}", wanted=preset.fps, picture=picture)
    if share > LOST_SHARE:
        return warning("check.encoder-loses", **fields, picture=picture)
    if busy_percent > BUSY_PERCENT:
        return warning("check.encoder-tight", busy=round(busy_percent), picture=picture)
    return ok("check.encoder", fps=f"{fps:.0f}", picture=picture, busy=round(busy_percent))
