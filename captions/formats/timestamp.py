"""Times as the text formats write them: `01:02:03,004` and its relations."""

import re

_STAMP = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})")


def stamp(ms: int, point: str) -> str:
    """`HH:MM:SS` + `point` + milliseconds; hours grow beyond two digits where they must."""
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}{point}{rest:03d}"


def unstamp(text: str) -> int | None:
    """Milliseconds of such a stamp (hours may be missing, comma or point); None where it is none."""
    match = _STAMP.fullmatch(text.strip())
    if not match:
        return None
    hour, minute, second, fraction = match.groups()
    return ((int(hour or 0) * 60 + int(minute)) * 60 + int(second)) * 1000 + int(fraction.ljust(3, "0"))
