"""Where everything stands in the picture: pure arithmetic from a class's scenes to boxes on the canvas.

What people read stays inside EBU R 95's graphics-safe area (5 % from each edge). The sign-language window has its
place at the bottom right; no other graphic enters it, and slides are set beside it, so it never hides a word.
"""

from dataclasses import dataclass
from typing import Literal

from pipeline.model.presets import Scene

Fit = Literal["whole", "stretch", "text"]

BACKGROUND = "background"
BAR, STRIPE, TEXT = "lower-third-bar", "lower-third-stripe", "lower-third"
SIGN, SIGN_PLACE = "sign-language", "sign-language-place"
CARD = "card-"  # and the card's kind: the name of its input

_DEFAULT_SOURCES: dict[str, tuple[str, ...]] = {
    "main": ("camera-main",),
    "second": ("camera-second",),
    "slides": ("slides", "camera-main"),
    "teacher": ("camera-main",),
    "media": ("media",),
    "card": (),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the canvas, in pixels from the top left."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One source in a scene. `box` None: it is only heard. `top`: at the box's upper left, else in its middle."""

    source: str
    box: Box | None
    fit: Fit = "whole"
    shown: bool = True
    top: bool = False


@dataclass(frozen=True, slots=True)
class Canvas:
    """The places of one picture size."""

    width: int
    height: int

    @property
    def all(self) -> Box:
        return Box(0, 0, self.width, self.height)

    @property
    def gap(self) -> int:
        return round(self.height * 0.03)

    @property
    def sign(self) -> Box:
        """The sign-language window's place: a fifth of the width, more high than wide."""
        width, height = round(self.width * 0.21), round(self.height * 0.42)
        return Box(self._right - width, self._bottom - height, width, height)

    @property
    def bar(self) -> Box:
        """The lower third, which ends before the sign-language window."""
        height = round(self.height * 0.11)
        left = round(self.width * 0.05)
        return Box(left, self._bottom - height, self.sign.x - self.gap - left, height)

    @property
    def stripe(self) -> Box:
        return Box(self.bar.x, self.bar.y, max(2, round(self.width * 0.006)), self.bar.height)

    @property
    def text(self) -> Box:
        bar, inset = self.bar, round(self.width * 0.02)
        return Box(bar.x + inset, bar.y + bar.height // 8, bar.width - 2 * inset, bar.height * 3 // 4)

    @property
    def corner(self) -> Box:
        """A second picture, above the sign-language window's column."""
        width = self.sign.width
        return Box(self.sign.x, self._top, width, round(width * 9 / 16))

    def slides(self, *, lower_third: bool) -> Box:
        """What people read: left of the right-hand column, above the lower third."""
        left = round(self.width * 0.05)
        end = self.bar.y - self.gap if lower_third else self._bottom
        return Box(left, self._top, self.sign.x - self.gap - left, end - self._top)

    @property
    def _right(self) -> int:
        return self.width - round(self.width * 0.05)

    @property
    def _top(self) -> int:
        return round(self.height * 0.05)

    @property
    def _bottom(self) -> int:
        return self.height - self._top


def wanted_sources(scene: Scene) -> tuple[str, ...]:
    """The sources that a scene names, or those that its kind is made of."""
    return scene.sources or _DEFAULT_SOURCES[scene.kind]


def items(
    scene: Scene, canvas: Canvas, pictures: list[str], sounds: list[str], *, titled: bool, signed: bool
) -> list[Item]:
    """A scene's items from the bottom to the top.

    `pictures` are its sources with a picture, the leading one first; `sounds` are only heard; `titled`: there are
    words for the lower third; `signed`: there is a sign-language source.
    """
    heard = [Item(name, None) for name in sounds]
    if scene.kind == "card":
        drawn = [Item(BACKGROUND, canvas.all, "stretch")]
        drawn += [Item(CARD + scene.card, canvas.all)] if scene.card else []
        drawn += [Item(name, canvas.all) for name in pictures[:1]]
    else:
        drawn = [Item(BACKGROUND, canvas.all, "stretch"), *_pictures(scene, canvas, pictures)]
    if scene.lower_third:
        drawn += [
            Item(BAR, canvas.bar, "stretch", titled),
            Item(STRIPE, canvas.stripe, "stretch", titled),
            Item(TEXT, canvas.text, "text", titled),
        ]
    if scene.sign_language and scene.kind != "card":  # nothing is spoken behind a card, and no camera is open
        drawn.append(Item(SIGN_PLACE, canvas.sign, "stretch", shown=False))
        drawn += [Item(SIGN, canvas.sign)] if signed else []
    return heard + drawn


def _pictures(scene: Scene, canvas: Canvas, pictures: list[str]) -> list[Item]:
    if not pictures:
        return []
    lead, others = pictures[0], pictures[1:2]
    beside = scene.kind == "slides" and (scene.sign_language or bool(others))
    place = canvas.slides(lower_third=scene.lower_third) if beside else canvas.all
    return [Item(lead, place, top=beside), *(Item(name, canvas.corner, top=True) for name in others)]
