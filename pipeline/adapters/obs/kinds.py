"""Which kind of OBS source serves a purpose on this system, and which of its settings names the device."""

from collections.abc import Sequence

# Purpose → OBS's kinds, the better first; the newest version (`…_v3`) of the first that OBS has is taken.
_KINDS: dict[str, tuple[str, ...]] = {
    "camera": ("v4l2_input", "dshow_input", "macos-avcapture", "av_capture_input"),
    "media": ("ffmpeg_source",),
    "url": ("ffmpeg_source",),
    "screen": ("xshm_input", "monitor_capture", "screen_capture", "display_capture"),
    "image": ("image_source",),
    "audio": ("pulse_input_capture", "wasapi_input_capture", "coreaudio_input_capture", "alsa_input_capture"),
    "text": ("text_gdiplus", "text_ft2_source"),
    "color": ("color_source",),
}

_DEVICE_SETTING = {
    "v4l2_input": "device_id",
    "dshow_input": "video_device_id",
    "macos-avcapture": "device",
    "av_capture_input": "device",
    "monitor_capture": "monitor_id",
    "screen_capture": "display_uuid",
    "display_capture": "display_uuid",
    "pulse_input_capture": "device_id",
    "wasapi_input_capture": "device_id",
    "coreaudio_input_capture": "device_id",
    "alsa_input_capture": "device_id",
}


def base(kind: str) -> str:
    """`text_ft2_source_v2` → `text_ft2_source`."""
    stem, mark, version = kind.rpartition("_v")
    return stem if mark and version.isdigit() else kind


def pick(purpose: str, available: Sequence[str]) -> str | None:
    """The kind that serves `purpose` among those that OBS has; None where it has none."""
    for wanted in _KINDS[purpose]:
        fitting = [kind for kind in available if base(kind) == wanted]
        if fitting:
            return max(fitting, key=lambda kind: (len(kind), kind))
    return None


def expected(purpose: str) -> str:
    """The kinds that would serve, for people."""
    return ", ".join(_KINDS[purpose])


def device_setting(kind: str) -> str | None:
    """The setting that says which device this kind opens; None where it needs none."""
    return _DEVICE_SETTING.get(base(kind))


def match_device(name: str, offered: Sequence[tuple[str, str]]) -> str | None:
    """The value of the device called `name` among (shown name, value): exactly, else by a part of its name.

    None where no device fits, or where a part fits several: a guess could put the wrong room on air.
    """
    for shown, value in offered:
        if name in (shown, value):
            return value
    parts = [value for shown, value in offered if name.casefold() in shown.casefold()]
    return parts[0] if len(parts) == 1 else None
