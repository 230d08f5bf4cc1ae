"""Where things stand: nothing enters the sign-language window's place, and nothing leaves the picture."""

import pytest

from pipeline.adapters.obs.layout import SIGN, SIGN_PLACE, Box, Canvas, items
from pipeline.model.presets import Scene

SIZES = [(640, 360), (1280, 720), (1920, 1080), (1024, 576)]
GRAPHICS = {"lower-third-bar", "lower-third-stripe", "lower-third", "slides", "camera-second"}


def _scene(kind: str, **more: object) -> Scene:
    return Scene.model_validate({"kind": kind, "label": "Scena", "lower_third": True, **more})


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("kind", ["main", "second", "slides", "teacher", "media"])
def test_nothing_enters_the_sign_language_place(kind: str, width: int, height: int) -> None:
    canvas = Canvas(width, height)
    lead = "slides" if kind == "slides" else "camera-main"
    drawn = items(_scene(kind), canvas, [lead, "camera-second"], ["microphone"], titled=True, signed=True)
    assert drawn[-1].source == SIGN, "the interpreter is on top of everything"
    assert drawn[-1].box == canvas.sign
    for item in drawn:
        if item.source in GRAPHICS:
            assert item.box is not None
            assert not item.box.overlaps(canvas.sign), item


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_people_read_is_graphics_safe_and_apart(width: int, height: int) -> None:
    canvas = Canvas(width, height)
    safe = Box(round(width * 0.05) - 1, round(height * 0.05) - 1, round(width * 0.9) + 2, round(height * 0.9) + 2)
    boxes = [canvas.sign, canvas.bar, canvas.text, canvas.corner, canvas.slides(lower_third=True)]
    for box in boxes:
        assert box.x >= safe.x
        assert box.y >= safe.y
        assert box.x + box.width <= safe.x + safe.width
        assert box.y + box.height <= safe.y + safe.height
    assert not canvas.corner.overlaps(canvas.sign)
    assert not canvas.slides(lower_third=True).overlaps(canvas.bar)
    assert not canvas.slides(lower_third=True).overlaps(canvas.corner)


def test_a_card_shows_and_hears_nobody() -> None:
    card = _scene("card", card="break", lower_third=False)
    drawn = items(card, Canvas(640, 360), [], [], titled=True, signed=True)
    assert [item.source for item in drawn] == ["background", "card-break"]


def test_the_place_is_there_but_hidden_without_an_interpreter() -> None:
    drawn = items(_scene("main"), Canvas(640, 360), ["camera-main"], [], titled=False, signed=False)
    shown = {item.source: item.shown for item in drawn}
    assert shown[SIGN_PLACE] is False
    assert SIGN not in shown
    assert shown["lower-third"] is False, "without words there is no bar"


def test_slides_without_a_place_to_keep_fill_the_picture() -> None:
    canvas = Canvas(640, 360)
    scene = _scene("slides", sign_language=False, lower_third=False)
    drawn = items(scene, canvas, ["slides"], [], titled=False, signed=False)
    assert drawn[-1].box == canvas.all
