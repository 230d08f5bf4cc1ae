"""Caption styles: the shipped files, and every fault with its line."""

from dataclasses import fields
from pathlib import Path

import pytest

from captions.errors import CaptionError
from captions.style import DEFAULT_STYLE, Style
from captions.stylefile import CHECKS, load_style, style_faults

_SHIPPED = Path(__file__).parents[2] / "presets" / "captions"


def test_the_shipped_default_is_the_programs_own() -> None:
    assert load_style(_SHIPPED / "sdh-adult.yaml") == DEFAULT_STYLE


@pytest.mark.parametrize("path", sorted(_SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_style_is_whole_and_commented(path: Path) -> None:
    load_style(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = [at for at, line in enumerate(lines) if line[:1].isalpha()]
    assert [lines[at].split(":")[0] for at in keys] == [field.name for field in fields(Style)]
    assert all(lines[at - 1].startswith("# ") for at in keys)


def test_every_key_has_its_check() -> None:
    assert list(CHECKS) == [field.name for field in fields(Style)]


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "styl.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    assert load_style(_written(tmp_path, "cps_max: 18\nunits: [zł]\n")) == Style(cps_max=18.0, units=("zł",))
    assert load_style(_written(tmp_path, "# nic\n")) == DEFAULT_STYLE


def test_an_unknown_key_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    path = _written(tmp_path, "# a\nlines: 2\nchar_per_line: 40\n")
    with pytest.raises(CaptionError) as caught:
        load_style(path)
    assert caught.value.code == "captions.style-unknown-key"
    assert caught.value.fields == {
        "path": str(path),
        "line": 3,
        "key": "char_per_line",
        "nearest": "chars_per_line",
    }


@pytest.mark.parametrize(
    "text",
    [
        "lines: 4",
        "lines: two",
        "bold: 1",
        "color: 000000",
        "units: zł",
        "font: 'a,b'",
        "position: left",
        "longest_ms: 1500\nshortest_ms: 1400",
        "cps_aim: 20",
        "fps: true",
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaptionError) as caught:
        load_style(_written(tmp_path, text))
    assert caught.value.code == "captions.style-value"


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", "lines: 2\nlines: 3\n"])
def test_what_is_no_style_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaptionError) as caught:
        load_style(_written(tmp_path, text))
    assert caught.value.code == "captions.style-syntax"


def test_all_faults_in_one_go(tmp_path: Path) -> None:
    faults = style_faults(_written(tmp_path, "lines: 9\ncolour: x\nfps: 25\nsize: 3\n"))
    assert [fault.fields["line"] for fault in faults] == [1, 2, 4]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptionError) as caught:
        load_style(tmp_path / "x.yaml")
    assert caught.value.code == "captions.style-unreadable"
