"""Which looks at a source mean that it delivers, and which mean that it does not."""

import random
from pathlib import Path

import pytest

from pipeline.live.preflight.sources import delivers
from pipeline.model.config import Source
from pipeline.model.source_look import SourceLook

CAMERA = Source(camera="BRIO")
SIZE = 64 * 36 * 3


def picture(level: int, seed: int | None = None) -> bytes:
    chance = random.Random(seed)
    return bytes(level + (chance.randrange(6) if seed is not None else 0) for _ in range(SIZE))


def looks(level: int = 120, *, noise: bool = True, **fields: object) -> list[SourceLook]:
    return [
        SourceLook(1280, 720, picture=picture(level, at if noise else None), **fields)  # type: ignore[arg-type]
        for at in range(5)
    ]


def media(tmp_path: Path) -> Source:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"x")
    return Source(media=path)


def playing(cursors: list[int], state: str = "playing", length: int = 60_000, width: int = 640) -> list[SourceLook]:
    return [SourceLook(width, 360, state, at, length, picture(90)) for at in cursors]


def test_a_living_camera_delivers() -> None:
    assert delivers(CAMERA, looks()).code == "check.delivers"


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ([], "check.no-picture"),
        ([SourceLook()] * 5, "check.no-picture"),
        (looks(noise=False), "check.frozen"),
        (looks(8), "check.black"),
    ],
)
def test_a_dead_camera(seen: list[SourceLook], code: str) -> None:
    found = delivers(CAMERA, seen)
    assert (found.state, found.code) == ("failed", code)


def test_a_dark_hall_with_one_light_is_not_black() -> None:
    lamp = bytes([200] * 30)
    seen = [SourceLook(1280, 720, picture=lamp + picture(8, at)[30:]) for at in range(5)]
    assert delivers(CAMERA, seen).state == "ok"


def test_media_is_judged_by_its_cursor(tmp_path: Path) -> None:
    source = media(tmp_path)
    assert delivers(source, playing([0, 900, 1800])).code == "check.delivers"
    assert delivers(source, playing([5, 5, 5])).code == "check.stalled"
    assert delivers(source, playing([0, 0, 0], length=0)).code == "check.not-playing"
    assert delivers(source, playing([0, 1, 2], state="ended")).code == "check.not-playing"
    assert delivers(source, playing([0, 900, 1800], width=0)).code == "check.plays"
    assert delivers(Source(media=tmp_path / "none.mp4"), playing([0, 900])).code == "check.no-file"


def test_slides_may_stand_still_and_black_ones_are_a_warning(tmp_path: Path) -> None:
    screen = Source(screen=1)
    assert delivers(screen, looks(200, noise=False)).state == "ok"
    assert delivers(screen, looks(0, noise=False)).state == "warning"


def test_an_address_is_never_shown() -> None:
    source = Source.model_validate({"url": "rtsp://user:tajne@10.0.0.5/cam"})
    found = delivers(source, looks(noise=False, cursor_ms=7))
    assert found.code == "check.stalled"
    assert "tajne" not in str(found)
