"""What destinations ask of picture and sound: each rule broken once."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from pipeline.live.preflight.rules import level, outcomes
from pipeline.model.config import Destination
from pipeline.model.presets import CablePreset, EncoderPreset

HD = {"width": 1280, "height": 720, "fps": 25, "video_kbps": 3000}
SD = {"width": 720, "height": 576, "video_codec": "mpeg2video", "video_kbps": 4500, "mux_kbps": 5300}
FACEBOOK = {"kind": "facebook", "stream_key": "FB-1"}
CABLE = {"kind": "cable", "url": "udp://10.0.0.9:5000"}
TWO_HOURS = timedelta(hours=2)


def codes(
    destination: Mapping[str, object],
    encoder: Mapping[str, object] = HD,
    length: timedelta = TWO_HOURS,
    cable: Mapping[str, object] | None = None,
) -> list[str]:
    made: Destination = TypeAdapter(Destination).validate_python(dict(destination))
    preset = CablePreset.model_validate({**SD, **cable}) if cable is not None else None
    return [one.code for one in outcomes(made, EncoderPreset.model_validate(dict(encoder)), length, preset)]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 360, 25, 700), "3.0"),
        ((1280, 720, 25, 3000), "3.1"),
        ((1920, 1080, 25, 5500), "4.0"),
        ((1920, 1080, 60, 6000), "4.2"),
        ((3840, 2160, 25, 20000), "5.1"),
    ],
)
def test_level(size: tuple[int, int, int, int], expected: str) -> None:
    width, height, fps, kbps = size
    assert level(EncoderPreset(width=width, height=height, fps=fps, video_kbps=kbps)) == expected


def test_facebook_takes_the_shipped_form() -> None:
    assert codes(FACEBOOK) == ["check.sent"]


@pytest.mark.parametrize(
    ("encoder", "code"),
    [
        ({"keyframe_s": 4}, "check.keyframes-unlike"),
        ({"audio_kbps": 320}, "check.sound-bitrate"),
        ({"video_kbps": 9000}, "check.bitrate-high"),
        ({"video_kbps": 900}, "check.bitrate-low"),
        ({"width": 3840, "height": 2160}, "check.level"),
    ],
)
def test_facebook_refuses(encoder: dict[str, object], code: str) -> None:
    assert codes(FACEBOOK, {**HD, **encoder}) == [code]


def test_facebook_ends_after_eight_hours() -> None:
    assert codes(FACEBOOK, length=timedelta(hours=9)) == ["check.too-long"]


@pytest.mark.parametrize(
    ("cable", "code"),
    [
        ({}, "check.sent-cable"),
        ({"loudness_lufs": -16.0}, "check.loudness"),
        ({"true_peak_dbtp": 0.0}, "check.true-peak"),
        ({"width": 640, "height": 360}, "check.no-headend-size"),
        ({"video_codec": "copy", "video_kbps": 2000, "mux_kbps": 2500}, "check.mux-full"),
    ],
)
def test_cable(cable: dict[str, object], code: str) -> None:
    assert codes(CABLE, cable=cable) == [code]


def test_cable_as_it_comes_needs_televisions_frame_rate() -> None:
    assert codes(CABLE, {**HD, "fps": 30}, cable={"video_codec": "copy"}) == ["check.frame-rate"]


def test_multicast_names_its_card_and_leaves_the_computer() -> None:
    multicast = {**CABLE, "url": "udp://239.10.10.10:5000"}
    assert codes(multicast, cable={}) == ["check.multicast-anywhere"]
    assert codes({**multicast, "ttl": 0, "interface": "10.0.0.2"}, cable={}) == ["check.multicast-at-home"]


def test_an_open_key_is_a_warning() -> None:
    assert codes({"kind": "rtmp", "url": "rtmp://live.example.org/app", "key": "k"}) == ["check.key-open"]
    assert codes({"kind": "rtmp", "url": "rtmps://live.example.org/app", "key": "k"}) == ["check.sent"]
