"""The moving picture of the stand-in class: notes pass over a staff, a keyboard plays them, a metronome swings.

It repeats without a seam after `LENGTH` frames. Everything that moves is drawn once, three times as large, and
shrunk; a frame is then only put together.
"""

import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from pipeline.media.fonts import font
from pipeline.store.files import whole_file

WIDTH, HEIGHT, FPS = 640, 360, 25
LENGTH = 600  # frames
_FINE = 3  # how much larger things are drawn
_SWING = 30  # frames of the metronome there and back: 50 beats each way a minute
_SPEED = 2  # pixels a frame
_RING = LENGTH * _SPEED
_PLAYS_AT = 150  # where a note sounds
_STAFF, _STEP = 92, 16  # the uppermost line, and from line to line
_KEYS_TOP, _KEY = 258, 32
# Steps of the scale above the lowest line; None is a rest. One every 48 pixels of the ring.
_TUNE = (0, 1, 2, 3, 4, 5, 6, 7, None, 7, 6, 5, 4, 3, 2, 1, 0, None, 2, 4, 6, 4, 2, 4, None)
_CREAM, _GOLD, _INK, _CORAL = (246, 238, 221), (245, 184, 65), (22, 33, 52), (232, 93, 79)

Color = tuple[int, int, int]


def frames() -> Iterator[bytes]:
    """Every frame as RGB rows."""
    still, notes = _background(), {color: _note(color) for color in (_CREAM, _GOLD)}
    swings = [_metronome(math.sin(2 * math.pi * n / _SWING)) for n in range(_SWING)]
    clock = font("DejaVuSans.ttf", 15)
    for number in range(LENGTH):
        frame = still.copy()
        pen = ImageDraw.Draw(frame)
        for place, step in _notes_at(number):
            sounding = -20 <= place - _PLAYS_AT <= 4
            if sounding:
                _press(pen, step)
            sprite = notes[_GOLD if sounding else _CREAM]
            height = _STAFF + 4 * _STEP - step * _STEP // 2
            frame.paste(sprite, (place - 12, height - 45), sprite)
        swing = swings[number % _SWING]
        frame.paste(swing, (WIDTH - 128, 74), swing)
        pen.text((20, 14), f"0:{number // FPS:02}.{number % FPS * 4:02}", _CREAM, clock)
        yield frame.tobytes()


def draw_slide(target: Path) -> None:
    """The slide of the class: a scale on its staff, and what the hour is about."""
    slide = Image.new("RGB", (1280, 720), (250, 247, 240))
    pen = ImageDraw.Draw(slide)
    pen.rectangle((0, 0, 1280, 18), _CORAL)
    pen.text((80, 62), "Gama C-dur", _INK, font("DejaVuSans-Bold.ttf", 76))
    for line in range(5):
        pen.line((80, 262 + 28 * line, 1200, 262 + 28 * line), _INK, 3)
    for step, name in enumerate("cdefgahc"):
        x, y = 170 + 130 * step, 262 + 4 * 28 + 28 - 14 * step
        pen.ellipse((x - 19, y - 14, x + 19, y + 14), _INK)
        pen.line((x + 17, y, x + 17, y - 88), _INK, 5)
        if step == 0:
            pen.line((x - 34, y, x + 34, y), _INK, 3)
        pen.text((x - 12, 440), name, _CORAL, font("DejaVuSans-Bold.ttf", 40))
    for row, text in enumerate(("Śpiewamy w górę i w dół", "Pauza przed refrenem", "Mazurek Fryderyka Chopina")):
        pen.ellipse((84, 538 + 56 * row, 100, 554 + 56 * row), _GOLD)
        pen.text((120, 520 + 56 * row), text, _INK, font("DejaVuSans.ttf", 38))
    with whole_file(target) as part:
        slide.save(part, format="PNG")


def _notes_at(number: int) -> Iterator[tuple[int, int]]:
    """Where each visible note stands in frame `number`, and its step."""
    for index, step in enumerate(_TUNE):
        place = (index * _RING // len(_TUNE) - number * _SPEED + 40) % _RING - 40
        if step is not None and place < WIDTH - 130:
            yield place, step


def _background() -> Image.Image:
    shade = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    still = Image.composite(
        Image.new("RGB", shade.size, (74, 40, 84)), Image.new("RGB", shade.size, (18, 42, 74)), shade
    )
    glow = Image.new("L", still.size, 0)
    ImageDraw.Draw(glow).ellipse((20, 10, 460, 260), fill=95)
    warm = Image.new("RGB", still.size, (240, 150, 110))
    still.paste(warm, mask=glow.filter(ImageFilter.GaussianBlur(60)))
    pen = ImageDraw.Draw(still)
    for line in range(5):
        y = _STAFF + line * _STEP
        pen.line((0, y, WIDTH - 140, y), (206, 190, 190), 1)
    pen.line((_PLAYS_AT, _STAFF - 18, _PLAYS_AT, _STAFF + 4 * _STEP + 18), _CORAL, 2)
    for key in range(WIDTH // _KEY):
        x = key * _KEY
        pen.rectangle((x, _KEYS_TOP, x + _KEY - 2, HEIGHT), _CREAM)
    for key in range(WIDTH // _KEY):
        _black_key(pen, key)
    return still


def _black_key(pen: ImageDraw.ImageDraw, key: int) -> None:
    """The black key right of a white one, where there is one."""
    if key % 7 not in (2, 6):
        x = (key + 1) * _KEY
        pen.rectangle((x - 11, _KEYS_TOP, x + 9, _KEYS_TOP + 62), _INK)


def _press(pen: ImageDraw.ImageDraw, step: int) -> None:
    key = 7 + step
    pen.rectangle((key * _KEY, _KEYS_TOP, key * _KEY + _KEY - 2, HEIGHT), _GOLD)
    for neighbour in (key - 1, key):
        _black_key(pen, neighbour)


def _note(color: Color) -> Image.Image:
    """A note whose head is centred 12 pixels from the left and 45 from the top."""
    big = Image.new("RGBA", (30 * _FINE, 56 * _FINE), (*color, 0))
    pen = ImageDraw.Draw(big)
    pen.ellipse((2 * _FINE, 37 * _FINE, 22 * _FINE, 52 * _FINE), (*color, 255))
    pen.rectangle((20 * _FINE, 2 * _FINE, 22 * _FINE, 45 * _FINE), (*color, 255))
    pen.polygon([(x * _FINE, y * _FINE) for x, y in ((20, 2), (29, 16), (27, 24), (22, 14))], (*color, 255))
    return big.resize((30, 56), Image.Resampling.LANCZOS)


def _metronome(lean: float) -> Image.Image:
    """The metronome with its pendulum leaning −1 … 1."""
    width, height = 104, 168
    big = Image.new("RGBA", (width * _FINE, height * _FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(big)

    def points(*pairs: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * _FINE, y * _FINE) for x, y in pairs]

    pen.polygon(points((36, 8), (68, 8), (96, 160), (8, 160)), (112, 62, 38, 255))
    pen.polygon(points((40, 16), (64, 16), (80, 118), (24, 118)), (58, 30, 24, 255))
    angle = 0.42 * lean
    far = (52 + 108 * math.sin(angle), 128 - 108 * math.cos(angle))
    pen.line(points((52, 128), far), _CREAM, 3 * _FINE)
    weight = (52 + 62 * math.sin(angle), 128 - 62 * math.cos(angle))
    pen.ellipse(points((weight[0] - 8, weight[1] - 8), (weight[0] + 8, weight[1] + 8)), _GOLD)
    pen.rectangle(points((12, 122), (92, 156)), (134, 76, 46, 255))
    return big.resize((width, height), Image.Resampling.LANCZOS)
