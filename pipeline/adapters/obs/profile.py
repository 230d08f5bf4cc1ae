"""Our own profile in OBS: one encoder for stream and recording, two sound tracks, the local hub as its service."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.folders import profile_folder
from pipeline.errors import Fatal
from pipeline.model.presets import EncoderPreset
from pipeline.model.studio import StudioPlan
from pipeline.store.files import write_whole

_MARK = ("EKultura", "Mark")
_ENCODER_FILE = "streamEncoder.json"
_PASSING = "e-kultura-zmiana"  # only where ours is OBS's sole profile: something to switch to and back
_MICROPHONE_KBPS = 96
# OBS takes these from the profile only when it is loaded.
_AT_LOADING = frozenset(
    {("Output", "Mode"), ("AdvOut", "RecTracks"), ("Audio", "SampleRate"), ("Audio", "ChannelSetup")}
)


def parameters(plan: StudioPlan) -> dict[tuple[str, str], str]:
    """What our profile says, by category and name (OBS's own words)."""
    return {
        ("Output", "Mode"): "Advanced",
        ("Output", "Reconnect"): "true",
        ("Output", "RetryDelay"): "1",
        ("Output", "MaxRetries"): "10000",
        ("Output", "DelayEnable"): "false",
        ("Output", "OverwriteIfExists"): "false",
        ("Audio", "SampleRate"): "48000",
        ("Audio", "ChannelSetup"): "Stereo",
        ("AdvOut", "ApplyServiceSettings"): "false",
        ("AdvOut", "Encoder"): "obs_x264",
        ("AdvOut", "Rescale"): "false",
        ("AdvOut", "TrackIndex"): "1",
        ("AdvOut", "RecType"): "Standard",
        ("AdvOut", "RecEncoder"): "none",
        ("AdvOut", "RecFormat"): "mkv",  # to OBS 29.0
        ("AdvOut", "RecFormat2"): "mkv",  # from OBS 29.1
        ("AdvOut", "RecTracks"): "3",  # a bit mask: tracks 1 and 2
        ("AdvOut", "RecFileNameWithoutSpace"): "true",
        ("AdvOut", "RecSplitFile"): "false",
        # Else the file holds nothing for its first five seconds, and a crash costs as much.
        ("AdvOut", "RecMuxerCustom"): "flush_packets=1 cluster_time_limit=250",
        ("AdvOut", "RecFilePath"): str(plan.record_folder),
        ("AdvOut", "Track1Bitrate"): str(plan.encoder.audio_kbps),
        ("AdvOut", "Track2Bitrate"): str(_MICROPHONE_KBPS),
        ("AdvOut", "Track1Name"): "mix",
        ("AdvOut", "Track2Name"): "mic",
    }


def encoder_settings(encoder: EncoderPreset) -> dict[str, Any]:
    """x264 for going on air: a constant bitrate, keyframes at fixed places, nothing held back."""
    return {
        "rate_control": "CBR",
        "bitrate": encoder.video_kbps,
        "keyint_sec": encoder.keyframe_s,
        "preset": encoder.x264_preset,
        "profile": "main",
        "tune": "zerolatency",
        "x264opts": "bframes=0 scenecut=0",
    }


class Profile:
    """Brings our profile to what the plan wants. Never while an output runs: the caller makes sure."""

    def __init__(self, connection: Connection, plan: StudioPlan, roots: Callable[[], list[Path]]) -> None:
        self._ask = connection.request
        self._plan = plan
        self._roots = roots

    def settle(self) -> None:
        """Switch to our profile, made where it is missing, and set what differs; returns when OBS holds it.

        Raises Refused `obs.no-profile-folder`, Fatal `obs.setting-refused` where OBS keeps another value.
        """
        self._switch()
        changed = self._parameters()
        folder = profile_folder(self._roots(), self._mark())
        self._encoder(folder / _ENCODER_FILE)
        if changed & _AT_LOADING:
            self._reload()
        self._check(changed)
        self._video()
        self._service()

    def _switch(self) -> None:
        listed = self._ask("GetProfileList")
        if self._plan.profile not in listed["profiles"]:
            self._ask("CreateProfile", profileName=self._plan.profile)
        elif listed["currentProfileName"] != self._plan.profile:
            self._ask("SetCurrentProfile", profileName=self._plan.profile)

    def _get(self, category: str, name: str) -> str | None:
        answer = self._ask("GetProfileParameter", parameterCategory=category, parameterName=name)
        value = answer["parameterValue"]
        return None if value is None else str(value)

    def _set(self, category: str, name: str, value: str) -> None:
        self._ask("SetProfileParameter", parameterCategory=category, parameterName=name, parameterValue=value)

    def _parameters(self) -> set[tuple[str, str]]:
        changed = set()
        for place, value in parameters(self._plan).items():
            if self._get(*place) != value:
                self._set(*place, value)
                changed.add(place)
        return changed

    def _check(self, changed: set[tuple[str, str]]) -> None:
        wanted = parameters(self._plan)
        for place in sorted(changed):
            held = self._get(*place)
            if held != wanted[place]:
                raise Fatal("obs.setting-refused", setting="/".join(place), wanted=wanted[place], held=held or "–")

    def _mark(self) -> str:
        mark = self._get(*_MARK)
        if not mark:
            mark = secrets.token_hex(8)
            self._set(*_MARK, mark)
        return mark

    def _encoder(self, path: Path) -> None:
        wanted = encoder_settings(self._plan.encoder)
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = None
        if held != wanted:
            write_whole(path, json.dumps(wanted, indent=4))

    def _reload(self) -> None:
        others = [name for name in self._ask("GetProfileList")["profiles"] if name != self._plan.profile]
        if others:
            self._ask("SetCurrentProfile", profileName=others[0])
        else:
            self._ask("CreateProfile", profileName=_PASSING)
        self._ask("SetCurrentProfile", profileName=self._plan.profile)
        if not others:
            self._ask("RemoveProfile", profileName=_PASSING)

    def _video(self) -> None:
        encoder = self._plan.encoder
        wanted = {
            "baseWidth": encoder.width,
            "baseHeight": encoder.height,
            "outputWidth": encoder.width,
            "outputHeight": encoder.height,
            "fpsNumerator": encoder.fps,
            "fpsDenominator": 1,
        }
        held = self._ask("GetVideoSettings")
        if any(held[key] != value for key, value in wanted.items()):
            self._ask("SetVideoSettings", **wanted)

    def _service(self) -> None:
        """The local hub and its key: no platform's key ever reaches OBS."""
        wanted = {"server": self._plan.stream_url, "key": self._plan.stream_key, "use_auth": False}
        held = self._ask("GetStreamServiceSettings")
        settings = held["streamServiceSettings"]
        if held["streamServiceType"] != "rtmp_custom" or any(settings.get(key) != wanted[key] for key in wanted):
            self._ask("SetStreamServiceSettings", streamServiceType="rtmp_custom", streamServiceSettings=wanted)
