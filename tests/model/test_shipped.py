import re
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.model.cards import contrast
from pipeline.model.load import load_station
from pipeline.model.shipped import shipped_config, shipped_presets

CLASSES = {
    "muzyka", "plastyka", "teatr", "rekodzielo", "koncert", "spektakl",
    "wystawa", "odczyt", "festiwal", "konkurs", "klub", "kurs-jezykowy",
}  # fmt: skip
FILES = [shipped_config(), *sorted(shipped_presets().glob("*/*.yaml"))]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_bytes(shipped_config().read_bytes())
    return tmp_path


def test_the_example_station_loads_with_every_shipped_preset(example: Path) -> None:
    loaded = load_station(example, env={"OBS_PASSWORD": "x"})
    assert set(loaded.classes()) >= CLASSES
    assert loaded.settings.obs.password.get_secret_value() == "x"
    for name in CLASSES:
        klass = loaded.klass(name)
        assert klass.audience == "public"
        assert not klass.minors
        assert loaded.encoder(klass.encoder).fps == 25
        assert {scene.card for scene in klass.scenes.values()} >= {"title", "closing"}
        assert klass.scenes[klass.opening].card == "title"
        assert all(scene.sign_language for scene in klass.scenes.values())
    assert loaded.card_theme().pause.heading == "Przerwa"


def test_without_its_secret_the_example_says_which_name_is_missing(example: Path) -> None:
    with pytest.raises(Refused) as caught:
        load_station(example, env={})
    faults = caught.value.fields["faults"]
    assert isinstance(faults, list)
    assert [(one["code"], one["given"]) for one in faults] == [("undefined-name", "OBS_PASSWORD")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_key_is_commented(path: Path) -> None:
    """A key has a comment on its line, right above it, or above the run of keys that it belongs to."""
    commented, bare = False, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text:
            commented = False
        elif text.startswith("#"):
            commented = True
        elif re.match(r"[\w-]+:", text) and not (commented or " #" in line):
            bare.append(f"{number}: {text}")
    assert not bare


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
