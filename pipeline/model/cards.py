"""The look and the words of the cards (title, break, closing) that the program draws itself."""

from typing import Literal

from pydantic import Field, model_validator

from pipeline.model.config import Slice

COLOUR = r"^#[0-9a-fA-F]{6}$"
ENOUGH_CONTRAST = 4.5  # WCAG 2.1 AA, 1.4.3, for text of any size


class CardColours(Slice):
    """Colours as #RRGGBB; text must stand out from both ends of the background."""

    background: str = Field(pattern=COLOUR)
    background_end: str = Field(pattern=COLOUR)
    text: str = Field(pattern=COLOUR)
    quiet: str = Field(pattern=COLOUR)
    accent: str = Field(pattern=COLOUR)
    shape: str = Field(pattern=COLOUR)
    logos: str = Field("#ffffff", pattern=COLOUR)
    logos_text: str = Field("#14213d", pattern=COLOUR)


class CardWords(Slice):
    """What stands on one kind of card: a heading with the event's title, one of them large, and a line below.

    `{time}` and `{date}` are filled in; a line with one that is not known is left out.
    """

    heading: str = Field(min_length=1, max_length=60)
    line: str = Field("", max_length=120)
    large: Literal["event", "heading"] = "event"


class CardTheme(Slice):
    """One station's cards. `font` and `font_bold` name TrueType files or fonts that the system finds."""

    colours: CardColours
    font: str = "DejaVuSans.ttf"
    font_bold: str = "DejaVuSans-Bold.ttf"
    margin_percent: int = Field(6, ge=5, le=15)
    title: CardWords
    # `break` is a word of Python's own.
    pause: CardWords = Field(alias="break")
    closing: CardWords

    @model_validator(mode="after")
    def _readable(self) -> "CardTheme":
        colours = self.colours
        pairs = [
            (name, ground) for name in ("text", "quiet") for ground in ("background", "background_end", "shape")
        ]
        for name, ground in [*pairs, ("accent", "background"), ("logos_text", "logos")]:
            ratio = contrast(getattr(colours, name), getattr(colours, ground))
            if ratio < ENOUGH_CONTRAST:
                raise ValueError(f"colours.{name} / colours.{ground}: {ratio:.1f} : 1 < {ENOUGH_CONTRAST} : 1")
        return self


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#RRGGBB), 1 to 21, as WCAG 2.1 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance (0 to 1) of #RRGGBB, as WCAG 2.1 defines it."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
