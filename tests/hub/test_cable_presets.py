"""Every shipped cable preset makes a stream that passes the headend's checks: by its encoder, without real time."""

import json
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.hub.cable_command import Beginning, encoder_command
from pipeline.hub.cable_feed import feed_of
from pipeline.hub.spec import LegSpec
from pipeline.media.tr101290 import Analyser
from pipeline.model.presets import CablePreset
from pipeline.model.shipped import shipped_presets
from tests.support.cable_air import OPTIONS, nut_command

NAMES = sorted(path.stem for path in (shipped_presets() / "destinations").glob("*.yaml"))
KINDS = {"mpeg2video": "mpeg2video", "h264": "h264", "copy": "h264"}


@pytest.fixture(scope="module")
def nut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds as the hub hands them on."""
    path = tmp_path_factory.mktemp("nut") / "feed.nut"
    command = [word for word in nut_command(3) if word != "-re"]
    path.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60).stdout)
    return path


def test_the_presets_that_operators_ask_for_are_there() -> None:
    asked = {"cable-576i25", "cable-576i25-h264", "cable-1080i25", "cable-720p50", "cable-passthrough"}
    assert asked <= set(NAMES)


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_a_preset_passes_the_checks(name: str, nut: Path, tmp_path: Path) -> None:
    preset = CablePreset(**YAML(typ="safe").load(shipped_presets() / "destinations" / f"{name}.yaml"))
    names = {key: OPTIONS[key] for key in ("service_name", "service_provider")}
    feed = feed_of(LegSpec("cable", "cable", "udp://127.0.0.1:9", options=preset.model_dump() | names))
    command = encoder_command(feed, Beginning(), source=str(nut), steered=False)
    stream = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=120
    ).stdout
    analyser = Analyser(rate=feed.mux_rate)
    analyser.feed(stream)
    found = analyser.finish()
    assert found.errors == {}
    assert found.constant
    assert found.decode_margin_ms is not None
    assert found.decode_margin_ms > 0
    assert list(found.streams.values()) == [KINDS[preset.video_codec], preset.audio_codec]
    assert (found.service_id, found.original_network_id) == (preset.service_id, preset.original_network_id)
    picture = shown(stream, tmp_path)
    assert picture["display_aspect_ratio"] == "16:9"
    if preset.video_codec != "copy":
        assert (picture["width"], picture["height"]) == (preset.width, preset.height)
        assert picture["field_order"] == ("tt" if preset.interlaced else "progressive")
        assert picture["avg_frame_rate"] == f"{preset.fps}/1"


def shown(stream: bytes, folder: Path) -> dict[str, object]:
    """The picture as ffprobe sees it."""
    path = folder / "stream.ts"
    path.write_bytes(stream)
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_streams", "-of", "json", str(path)]
    probed = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    picture: dict[str, object] = json.loads(probed)["streams"][0]
    return picture
