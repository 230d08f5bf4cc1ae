"""Drawing one card with Pillow: where things stand, in which colours. Knows no settings and no files.

Everything is laid out on a height of 1080 and scaled. The right side carries only rings, so that the
interpreter's window (bottom right) hides no word; the margin keeps text inside what television sets show.
"""

import functools

import numpy
from PIL import Image, ImageDraw

from pipeline.media.fonts import Font, font
from pipeline.media.typeset import Block, fitted
from pipeline.model.cards import CardColours, CardTheme

TEXT_SHARE = 0.64  # of the width, from the left margin: the interpreter's window begins at 0.74
_SMOOTH = 3  # shapes are drawn this much larger and scaled down


def draw(
    theme: CardTheme,
    size: tuple[int, int],
    *,
    centre: str,
    heading: str,
    title: str,
    line: str,
    logos: tuple[Image.Image, ...] = (),
    sentences: tuple[str, ...] = (),
) -> Image.Image:
    """The card as an RGB picture of `size`; the same input gives the same pixels. `title` is set large."""
    return _Card(theme, size).drawn(centre, heading, title, line, logos, sentences)


class _Card:
    """One card under the brush."""

    def __init__(self, theme: CardTheme, size: tuple[int, int]) -> None:
        self.theme = theme
        self.width, self.height = size
        self.colours = theme.colours
        self.margin = round(self.width * theme.margin_percent / 100)
        self.top = round(self.height * theme.margin_percent / 100)
        self.text_width = round(self.width * TEXT_SHARE)
        self.picture = _ground(self.colours, size).copy()

    def drawn(
        self,
        centre: str,
        heading: str,
        title: str,
        line: str,
        logos: tuple[Image.Image, ...],
        sentences: tuple[str, ...],
    ) -> Image.Image:
        name = self._fit(centre, largest=40, smallest=24, lines=2)
        self._centre(name)
        bottom = self.height - self.top
        if logos or sentences:
            bottom = self._funders(logos, sentences, bottom) - self._px(36)
        above = self.top + name.height + self._px(40)
        self._event(heading, title, line, above, bottom)
        return self.picture

    def _event(self, heading: str, title: str, line: str, above: int, bottom: int) -> None:
        """A small heading, the large words and a line, in the middle of the room between `above` and `bottom`."""
        head = self._fit(heading, largest=50, smallest=34, lines=2, bold=True)
        below = self._fit(line, largest=46, smallest=28, lines=2) if line else None
        gap = self._px(34)
        rest = bottom - above - head.height - gap - (below.height + gap if below else 0)
        main = self._fit(title, largest=118, smallest=44, lines=4, bold=True, height=rest)
        full = head.height + gap + main.height + (gap + below.height if below else 0)
        y = above + max(0, (bottom - above - full) // 2)
        self._text(head, self.margin, y, self.colours.accent)
        y += head.height + gap
        self._text(main, self.margin, y, self.colours.text)
        y += main.height + gap
        if below:
            self._text(below, self.margin, y, self.colours.quiet)

    def _centre(self, name: Block) -> None:
        """The centre's name, with a bar of the accent's colour before it."""
        if not name.lines:
            return
        bar, space = self._px(10), self._px(26)
        draw = ImageDraw.Draw(self.picture)
        draw.rectangle(
            (self.margin, self.top, self.margin + bar - 1, self.top + name.height - 1), fill=self.colours.accent
        )
        self._text(name, self.margin + bar + space, self.top, self.colours.quiet)

    def _funders(self, logos: tuple[Image.Image, ...], sentences: tuple[str, ...], bottom: int) -> int:
        """Logos and sentences on a light panel at the bottom left; returns the panel's upper edge."""
        pad, gap = self._px(26), self._px(34)
        inner = self.text_width - 2 * pad
        shown = _in_row(logos, self._px(104), inner, gap)
        row = max((logo.height for logo in shown), default=0)
        words = " ".join(one.rstrip(" .") + "." for one in dict.fromkeys(sentences))
        text = self._fit(words, largest=27, smallest=20, lines=3, width=inner) if words else None
        between = self._px(16) if shown and text else 0
        height = 2 * pad + row + between + (text.height if text else 0)
        logos_width = sum(logo.width for logo in shown) + gap * max(0, len(shown) - 1)
        width = 2 * pad + max(logos_width, text.width if text else 0)
        box = (self.margin, bottom - height, self.margin + width, bottom)
        self._panel(box)
        x, y = self.margin + pad, bottom - height + pad
        for logo in shown:
            self.picture.paste(logo, (x, y + (row - logo.height) // 2), logo)
            x += logo.width + gap
        if text:
            self._text(text, self.margin + pad, y + row + between, self.colours.logos_text)
        return bottom - height

    def _panel(self, box: tuple[int, int, int, int]) -> None:
        mask = Image.new("L", ((box[2] - box[0]) * _SMOOTH, (box[3] - box[1]) * _SMOOTH), 0)
        radius = self._px(18) * _SMOOTH
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius, fill=255)
        small = mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.LANCZOS)
        self.picture.paste(Image.new("RGB", small.size, self.colours.logos), box[:2], small)

    def _fit(
        self,
        text: str,
        *,
        largest: int,
        smallest: int,
        lines: int,
        bold: bool = False,
        height: int | None = None,
        width: int | None = None,
    ) -> Block:
        name = self.theme.font_bold if bold else self.theme.font

        def at(size: int) -> Font:
            return font(name, size, bold=bold)

        return fitted(
            text,
            at,
            width=width or self.text_width,
            largest=self._px(largest),
            smallest=self._px(smallest),
            lines=lines,
            height=height,
        )

    def _text(self, block: Block, x: int, y: int, colour: str) -> None:
        brush = ImageDraw.Draw(self.picture)
        for number, line in enumerate(block.lines):
            # Anchored at the middle of the line, so that letters with marks above stay inside it.
            brush.text(
                (x, y + number * block.step + block.step // 2), line, fill=colour, font=block.font, anchor="lm"
            )

    def _px(self, design: int) -> int:
        """A measure of the 1080-high design in this card's pixels."""
        return max(1, round(design * self.height / 1080))


@functools.lru_cache(maxsize=4)
def _ground(colours: CardColours, size: tuple[int, int]) -> Image.Image:
    """A diagonal gradient, dithered by a fixed noise so that no bands show, with rings like those of sound."""
    width, height = size
    down, across = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    share = ((across / width + down / height) / 2)[:, :, None]
    noise = numpy.random.default_rng(7).random((height, width, 1), dtype=numpy.float32) - 0.5
    pixels = _rgb(colours.background) * (1 - share) + _rgb(colours.background_end) * share + noise
    unit = height / 1080
    distance = numpy.hypot(across - width * 0.97, down - height * 0.36)
    for number, radius in enumerate(range(545, 0, -112)):
        half = (15 + number * 2.5) * unit
        # Half a pixel of slope on each side smooths the edges.
        cover = numpy.clip(half + 0.5 - numpy.abs(distance - radius * unit), 0, 1) * (0.27 + number * 0.16)
        pixels += (_rgb(colours.shape) - pixels) * cover[:, :, None]
    return Image.fromarray(numpy.clip(numpy.rint(pixels), 0, 255).astype(numpy.uint8), "RGB")


def _rgb(colour: str) -> numpy.ndarray[tuple[int], numpy.dtype[numpy.float32]]:
    return numpy.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=numpy.float32)


def _in_row(logos: tuple[Image.Image, ...], height: int, width: int, gap: int) -> list[Image.Image]:
    """The logos at one height, all of them smaller where the row would be too wide; never enlarged past it."""
    if not logos:
        return []
    room = width - gap * (len(logos) - 1)
    wide = sum(logo.width * height / logo.height for logo in logos)
    scale = min(1.0, room / wide)
    return [
        logo.resize(
            (max(1, round(logo.width * height * scale / logo.height)), max(1, round(height * scale))),
            Image.Resampling.LANCZOS,
        )
        for logo in logos
    ]
