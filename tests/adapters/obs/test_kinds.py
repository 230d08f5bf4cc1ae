"""Purposes to kinds, and devices by their names."""

from pipeline.adapters.obs import kinds
from pipeline.adapters.obs.inputs import aliases
from pipeline.model.config import Source

DEBIAN = ["image_source", "color_source_v3", "xshm_input", "pulse_input_capture", "v4l2_input", "ffmpeg_source"]
WINDOWS = ["dshow_input", "monitor_capture", "wasapi_input_capture", "text_gdiplus_v2", "text_gdiplus_v3"]
OFFERED = [("Logitech BRIO", "/dev/video0"), ("Logitech BRIO #2", "/dev/video2"), ("USB Video", "/dev/video4")]


def test_each_system_has_its_kind() -> None:
    assert kinds.pick("camera", DEBIAN) == "v4l2_input"
    assert kinds.pick("camera", WINDOWS) == "dshow_input"
    assert kinds.pick("screen", WINDOWS) == "monitor_capture"
    assert kinds.pick("color", DEBIAN) == "color_source_v3"


def test_the_newest_version_is_taken() -> None:
    assert kinds.pick("text", WINDOWS) == "text_gdiplus_v3"
    assert kinds.pick("text", ["text_ft2_source_v2", "text_ft2_source"]) == "text_ft2_source_v2"


def test_a_kind_that_is_missing_is_none() -> None:
    assert kinds.pick("text", DEBIAN) is None
    assert kinds.device_setting("ffmpeg_source") is None
    assert kinds.device_setting("text_ft2_source_v2") is None


def test_devices_by_name_and_never_guessed() -> None:
    assert kinds.match_device("Logitech BRIO", OFFERED) == "/dev/video0"
    assert kinds.match_device("usb", OFFERED) == "/dev/video4"
    assert kinds.match_device("/dev/video2", OFFERED) == "/dev/video2"
    assert kinds.match_device("brio", OFFERED) is None, "two would fit"
    assert kinds.match_device("Canon", OFFERED) is None


def test_one_camera_under_two_names_is_opened_once() -> None:
    brio, other = Source(camera="BRIO"), Source(camera="Canon")
    assert aliases({"a-second": brio, "camera-main": brio, "table": other}) == {
        "camera-main": "camera-main",
        "a-second": "camera-main",
        "table": "table",
    }
