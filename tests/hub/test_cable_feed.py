"""A leg's options, its address, and the encoder's command made from them."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.errors import Refused
from pipeline.hub.cable_command import Beginning, encoder_command
from pipeline.hub.cable_feed import CableFeed, address_of, feed_of
from pipeline.hub.spec import LegSpec
from pipeline.model.presets import CablePreset
from pipeline.model.shipped import shipped_presets

LEAST: dict[str, object] = {
    "width": 720,
    "height": 576,
    "video_codec": "mpeg2video",
    "video_kbps": 4500,
    "mux_kbps": 5300,
}


def spec_of(options: dict[str, object] | None = None, url: str = "udp://127.0.0.1:5000") -> LegSpec:
    return LegSpec("cable", "cable", url, options=LEAST if options is None else options)


def shipped() -> list[Path]:
    return sorted((shipped_presets() / "destinations").glob("*.yaml"))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_shipped_preset_is_a_feed(path: Path) -> None:
    preset = CablePreset(**YAML(typ="safe").load(path))
    names: dict[str, object] = {"service_name": "Żółw", "service_provider": "X", "interface": None, "ttl": 4}
    feed = feed_of(spec_of(preset.model_dump() | names))
    assert feed.mux_rate == preset.mux_kbps * 1000
    assert (feed.service_name, feed.ttl) == ("Żółw", 4)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_key_of_a_shipped_preset_is_commented(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line and line[0].isalpha():
            assert " # " in line or lines[number - 1].startswith("#"), line


def test_presets_and_feeds_agree_on_defaults() -> None:
    for name, item in CablePreset.model_fields.items():
        if not item.is_required():
            assert CableFeed.__dataclass_fields__[name].default == item.default, name


@pytest.mark.parametrize(
    ("change", "key"),
    [({"colour": 1}, "colour"), ({"width": "wide"}, "width"), ({"ttl": True}, "ttl"), ({"fps": 25.5}, "fps")],
)
def test_wrong_options_are_named(change: dict[str, object], key: str) -> None:
    with pytest.raises(Refused) as caught:
        feed_of(spec_of(LEAST | change))
    assert caught.value.code == "leg.bad-options"
    assert caught.value.fields["key"] == key


def test_a_missing_option_is_named() -> None:
    with pytest.raises(Refused) as caught:
        feed_of(spec_of({}))
    assert caught.value.fields["key"] == "width"


@pytest.mark.parametrize("url", ["http://x:1", "udp://:5000", "udp://127.0.0.1", "rtp://h:99999", "srt://h:"])
def test_wrong_addresses(url: str) -> None:
    with pytest.raises(Refused) as caught:
        address_of(spec_of(url=url))
    assert caught.value.code == "leg.bad-address"
    assert url not in str(caught.value)


def test_an_srt_address_with_options() -> None:
    address = address_of(spec_of(url="srt://head.example:9000?latency=300&passphrase=geheim"))
    assert (address.scheme, address.host, address.port) == ("srt", "head.example", 9000)
    assert address.query == {"latency": "300", "passphrase": "geheim"}


def pairs(command: list[str]) -> dict[str, str]:
    return {flag: value for flag, value in itertools.pairwise(command) if flag.startswith("-")}


def test_interlaced_pictures_have_the_upper_field_first() -> None:
    found = pairs(encoder_command(feed_of(spec_of()), Beginning(), source="pipe:0", steered=True))
    assert found["-flags:v"] == "+ilme+ildct"
    assert found["-top"] == "1"
    assert found["-vf"] == "scale=720:576:flags=bicubic,setfield=tff"
    assert found["-aspect"] == "16:9"


def test_fifty_pictures_become_fields() -> None:
    feed = feed_of(spec_of(LEAST | {"source_fps": 50}))
    found = pairs(encoder_command(feed, Beginning(), source="pipe:0", steered=True))
    assert "interlace=scan=tff" in found["-vf"]


def test_the_picture_is_copied_where_the_preset_says_so() -> None:
    feed = feed_of(spec_of(LEAST | {"video_codec": "copy", "interlaced": False}))
    found = pairs(encoder_command(feed, Beginning(), source="pipe:0", steered=True))
    assert found["-c:v"] == "copy"
    assert "-vf" not in found
    assert found["-muxrate"] == "5300000"


def test_without_a_hand_on_the_fader_a_filter_levels() -> None:
    command = encoder_command(feed_of(spec_of()), Beginning(), source="pipe:0", steered=False)
    assert "-nostdin" in command
    assert "loudnorm=I=-23.0:TP=-1.0" in pairs(command)["-af"]


def test_the_leg_loads_nothing_heavy() -> None:
    heavy = {"sqlalchemy", "pydantic", "torch", "numpy", "av"}
    code = f"import sys, pipeline.hub.leg_cable; print(sorted(sys.modules.keys() & {heavy!r}))"
    out = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert out.stdout.strip() == "[]"
