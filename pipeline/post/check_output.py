"""What every finished video must be before it gets its name: as long as its source, with all its streams."""

from pathlib import Path

from pipeline.errors import Fatal
from pipeline.media.probe import Probe, probe

_SLACK_US = 1_000_000


def check_output(
    part: Path, *, length_us: int, picture: bool, sound: bool, captions: str | None, kind: str
) -> Probe:
    """Probe an output; Fatal `post.output-wrong` (kind, fault) where it is not what it should be.

    `captions` is the language (ISO 639-2) of the caption stream that it must have, or None. The length may
    differ by a second or a hundredth.
    """
    found = probe(part)
    faults = {
        "picture": bool(found.video) != picture,
        "sound": bool(found.audio) != sound,
        "captions": captions is not None and captions not in {s.language for s in found.subtitles},
        "length": abs(found.duration_us - length_us) > max(_SLACK_US, length_us // 100),
    }
    wrong = [name for name, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise Fatal("post.output-wrong", kind=kind, fault=", ".join(wrong))
    return found
