"""Fonts that have Polish letters, found by file or by name, with fallbacks for other systems."""

import functools
import logging
from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont

from pipeline.errors import Fatal

log = logging.getLogger(__name__)

Font = ImageFont.FreeTypeFont
NEEDED = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–"
_REGULAR = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "segoeui.ttf", "arial.ttf")
_BOLD = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "NotoSans-Bold.ttf", "segoeuib.ttf", "arialbd.ttf")
_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/noto",
)


@functools.lru_cache(maxsize=64)
def font(wanted: str, size: int, *, bold: bool = False) -> Font:
    """The font `wanted` (a file or a name) at `size` pixels, or the nearest that has Polish letters.

    Fatal `media.no-font` when the system has none.
    """
    for name in (wanted, *(_BOLD if bold else _REGULAR)):
        for place in _places(name):
            try:
                found = ImageFont.truetype(place, size)
            except OSError:
                continue
            if _has_letters(place):
                if name != wanted:
                    log.warning("font %s not found or without Polish letters, %s is used", wanted, name)
                return found
    raise Fatal("media.no-font", font=wanted)


def _places(name: str) -> Iterator[str]:
    yield name  # Pillow looks through the system's own folders
    if not Path(name).is_absolute():
        yield from (str(Path(folder) / name) for folder in _FOLDERS)


@functools.lru_cache(maxsize=16)
def _has_letters(place: str) -> bool:
    """Whether every needed letter is drawn otherwise than a letter that no font has."""
    found = ImageFont.truetype(place, 16)
    nothing = bytes(found.getmask("\U0010fffd"))
    return all(bytes(found.getmask(letter)) != nothing for letter in NEEDED)
