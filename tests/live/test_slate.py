"""The slate's card and recordings: what they depend on, which is preferred, and that none is made twice."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Temporary
from pipeline.live import slate
from pipeline.live.slate import Slate
from pipeline.model.load import LoadedStation

PLAN: Any = None  # the studio's, which the slate only passes on


class Recorder:
    """Counts, and writes what it is asked for."""

    def __init__(self) -> None:
        self.times, self.broken = 0, False

    def record_slate(self, plan: object, card: Path, folder: Path) -> Path:
        self.times += 1
        if self.broken:
            raise Temporary("obs.lost", request="StartRecord")
        path = folder / "obs.mkv"
        path.write_bytes(b"by the studio")
        return path


@pytest.fixture
def one(station: LoadedStation) -> Slate:
    return slate.of(station.settings, station.card_theme(), station.encoder("360p25"))


def test_it_depends_on_encoder_and_card_and_on_nothing_else(station: LoadedStation, one: Slate) -> None:
    settings, theme = station.settings, station.card_theme()
    again = slate.of(settings, theme, station.encoder("360p25"))
    assert (again.card, again.recorded) == (one.card, one.recorded)
    faster = station.encoder("360p25").model_copy(update={"x264_preset": "fast"})
    assert slate.of(settings, theme, faster).recorded != one.recorded
    renamed = settings.station.model_copy(update={"name": "Inny dom"})
    other = settings.model_copy(update={"station": renamed})
    assert slate.of(other, theme, station.encoder("360p25")).recorded != one.recorded


def test_one_is_encoded_at_once_until_the_studio_has_recorded_it(
    one: Slate, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = list[Path]()

    def encode(_card: Path, _encoder: object, target: Path) -> None:
        encoded.append(target)
        target.write_bytes(b"by us")

    monkeypatch.setattr(slate, "encode", encode)
    assert slate.ready(one).read_bytes() == b"by us"
    assert slate.ready(one) == one.encoded
    assert len(encoded) == 1
    studio = Recorder()
    assert slate.record(one, studio, PLAN).read_bytes() == b"by the studio"
    assert slate.ready(one) == slate.record(one, studio, PLAN) == one.recorded
    assert studio.times == 1
    assert not one.encoded.exists()


def test_a_studio_that_cannot_leaves_what_there_is(one: Slate) -> None:
    one.encoded.write_bytes(b"by us")
    studio = Recorder()
    studio.broken = True
    error = slate.tried(one, studio, PLAN)
    assert error is not None
    assert error.code == "obs.lost"
    assert slate.ready(one) == one.encoded
