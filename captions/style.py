"""A caption style: every limit and every look in one frozen record, with the defaults for Polish SDH.

The shipped presets/captions/sdh-adult.yaml says the same as the defaults here (a test compares them), so that
the library works without any presets folder. Reading a style's file is `captions.stylefile`'s work.
"""

from dataclasses import dataclass
from math import ceil
from typing import Literal

GRID_MS = 10  # the coarsest clock of our formats is ASS with hundredths; on this grid all of them agree

_TITLES = (
    "dr dra hab. prof. mgr inż. lek. mec. red. reż. ks. bp abp o. s. św. bł. ul. al. pl. os. im. "
    "gen. płk ppłk mjr kpt. por. nr str. godz. ok. rozdz. pkt art. poz. tel. §"
)
_UNITS = (
    "zł gr euro € % proc. promil km m cm mm kg g dag dkg l ml ha s sek. min min. h godz. godzin godziny godzinę "
    "minut minuty minutę sekund sekundy lat lata roku r. wieku wiek w. tys. mln mld tysięcy tysiące osób osoby "
    "stopni stopnie ° °C Hz kHz dB W V stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia razy"
)
_BREAK_BEFORE = (
    "a aby albo ale ani bez bo być dla do dlatego dopóki gdy gdyż gdzie i jak jednak jeśli jeżeli kiedy która "
    "które którego której który którym lecz lub między na nad niż o od oraz po pod ponieważ przed przez przy "
    "skoro to u w we więc z za zanim zaś ze że żeby"
)


@dataclass(frozen=True, slots=True)
class Style:
    """Limits count characters with spaces, milliseconds, and frames of `fps`. Colours are RRGGBB."""

    chars_per_line: int = 42
    lines: int = 2
    cps_aim: float = 15.0
    cps_max: float = 17.0
    cps_fast: float = 20.0
    shortest_ms: int = 833
    longest_ms: int = 7000
    fps: int = 25
    gap_frames: int = 2
    close_frames: int = 12
    linger_frames: int = 12
    one_letter_words: tuple[str, ...] = ("a", "i", "o", "u", "w", "z")
    titles: tuple[str, ...] = tuple(_TITLES.split())
    units: tuple[str, ...] = tuple(_UNITS.split())
    break_before: tuple[str, ...] = tuple(_BREAK_BEFORE.split())
    font: str = "DejaVu Sans"
    size_percent: float = 5.2
    bold: bool = False
    color: str = "FFFFFF"
    background: Literal["box", "outline"] = "box"
    background_color: str = "000000"
    background_opacity: float = 0.75
    position: Literal["bottom", "top"] = "bottom"
    margin_percent: float = 6.0
    aspect: Literal["16:9", "4:3", "9:16"] = "16:9"

    def __hash__(self) -> int:
        return hash((self.chars_per_line, self.lines, self.cps_aim))  # the long lists would cost more than a line

    @property
    def gap_ms(self) -> int:
        """The least time between two cues, on the grid."""
        return _frames_ms(self.gap_frames, self.fps)

    @property
    def close_ms(self) -> int:
        """A gap shorter than this is closed to `gap_ms`."""
        return _frames_ms(self.close_frames, self.fps)

    @property
    def linger_ms(self) -> int:
        """How long a cue may stay after its last word."""
        return _frames_ms(self.linger_frames, self.fps)

    @property
    def floor_ms(self) -> int:
        """The shortest duration, up to the grid."""
        return ceil(self.shortest_ms / GRID_MS) * GRID_MS

    def reading_ms(self, characters: int, cps: float) -> int:
        """The time that `characters` need at `cps` characters a second, up to the grid."""
        return ceil(characters * 1000 / cps / GRID_MS) * GRID_MS


DEFAULT_STYLE = Style()


def _frames_ms(frames: int, fps: int) -> int:
    return ceil(frames * 1000 / fps / GRID_MS) * GRID_MS
