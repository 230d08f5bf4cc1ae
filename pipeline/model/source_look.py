"""One look at one source of the studio: whether there is a picture in it, and which."""

from dataclasses import dataclass

WIDTH, HEIGHT = 64, 36
BLACK, NEARLY_BLACK = 20, 36  # of 255: video black is 16 where nobody widened its range; and the brightest spot


@dataclass(frozen=True, slots=True)
class SourceLook:
    """`width` 0: OBS has no picture of it. `state`, `cursor_ms`, `length_ms`: of media alone, as OBS tells them.

    `picture`: 64 × 36 RGB pixels, empty where none was got.
    """

    width: int = 0
    height: int = 0
    state: str = ""
    cursor_ms: int | None = None
    length_ms: int | None = None
    picture: bytes = b""

    @property
    def brightness(self) -> float:
        """The mean of all pixels, 0 to 255."""
        return sum(self.picture) / len(self.picture) if self.picture else 0.0

    @property
    def black(self) -> bool:
        return bool(self.picture) and self.brightness <= BLACK and max(self.picture) <= NEARLY_BLACK
