"""Our own profile in OBS: one encoder for stream and recording, two sound tracks, the local hub as its service."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.folders import profile_folder, sound_of_profile
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.model.presets import EncoderPreset
from pipeline.model.studio import StudioFinding, StudioPlan
from pipeline.store.files import write_whole

_MARK = ("EKultura", "Mark")
_ENCODER_FILE = "streamEncoder.json"
_PASSING = "e-kultura-zmiana"  # something to switch to and back
_MICROPHONE_KBPS = 96
# OBS takes these from the profile only when it is loaded.
_AT_LOADING = frozenset({("Output", "Mode"), ("AdvOut", "RecTracks")})
_WANTED_SOUND = ("48000", "Stereo")


def parameters(plan: StudioPlan) -> dict[tuple[str, str], str]:
    """What our profile says, by category and name (OBS's own words)."""
    return {
        ("Output", "Mode"): "Advanced",
        ("Output", "Reconnect"): "true",
        ("Output", "RetryDelay"): "1",
        ("Output", "MaxRetries"): "10000",
        ("Output", "DelayEnable"): "false",
        ("Output", "OverwriteIfExists"): "false",
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
    """Brings our profile to what the plan wants. Never while an output runs: the caller makes sure.

    Switching between profiles of different sampling rates or channels opens a dialog in OBS, which then answers
    nothing more: ours follows what OBS runs with, and `findings` says where that is not 48 kHz stereo.
    """

    def __init__(self, connection: Connection, plan: StudioPlan, roots: Callable[[], list[Path]]) -> None:
        self._ask = connection.request
        self._plan = plan
        self._roots = roots
        self.findings: list[StudioFinding] = []

    def settle(self) -> None:
        """Switch to our profile, made where it is missing, and set what differs; returns when OBS holds it.

        Raises Refused `obs.no-profile-folder`, `obs.dialog` where OBS waits for an answer in its window, Fatal
        `obs.setting-refused` where OBS keeps another value.
        """
        sound = self._sound()
        self._switch(sound)
        changed = self._parameters()
        folder = profile_folder(self._roots(), self._mark())
        self._encoder(folder / _ENCODER_FILE)
        if changed & _AT_LOADING:
            self._reload(sound)
        self._check(changed)
        self._video()
        self._service()
        if sound != _WANTED_SOUND:
            fields = {"rate": sound[0], "channels": sound[1]}
            self.findings.append(StudioFinding("obs.sound-rate", "warning", fields))

    def _sound(self) -> tuple[str, str]:
        """What OBS runs with: sampling rate and channels of the profile that is current now."""
        return (self._get("Audio", "SampleRate") or "48000", self._get("Audio", "ChannelSetup") or "Stereo")

    def _switch(self, sound: tuple[str, str]) -> None:
        ours, listed = self._plan.profile, self._ask("GetProfileList")
        if listed["currentProfileName"] == ours:
            return
        if ours in listed["profiles"] and sound_of_profile(self._roots(), ours) != sound:
            self._ask("RemoveProfile", profileName=ours)
            listed["profiles"].remove(ours)
        if ours in listed["profiles"]:
            self._change("SetCurrentProfile", ours)
        else:
            self._change("CreateProfile", ours)
            self._set_sound(sound)

    def _change(self, request: str, name: str) -> None:
        try:
            self._ask(request, profileName=name)
        except Temporary as error:
            raise Refused("obs.dialog", request=request) from error

    def _set_sound(self, sound: tuple[str, str]) -> None:
        if self._sound() != sound:
            self._set("Audio", "SampleRate", sound[0])
            self._set("Audio", "ChannelSetup", sound[1])

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

    def _reload(self, sound: tuple[str, str]) -> None:
        """Leave our profile for a moment, for one that sounds the same."""
        if _PASSING in self._ask("GetProfileList")["profiles"]:  # a crash left it
            self._ask("RemoveProfile", profileName=_PASSING)
        self._change("CreateProfile", _PASSING)
        self._set_sound(sound)
        self._change("SetCurrentProfile", self._plan.profile)
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
