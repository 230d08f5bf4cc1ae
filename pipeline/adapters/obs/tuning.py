"""Makes OBS's inputs; keeps settings, devices and sound tracks as planned, unless a person changed them."""

from typing import Any

from pipeline.adapters.obs import kinds, layout
from pipeline.adapters.obs.built import Built
from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.inputs import TRACKS, InputSpec
from pipeline.model.studio import StudioFinding

_EARLIEST_MS = -950  # OBS moves sound no further forward


class InputBuilder:
    """The inputs of one building: each is tuned once, however many scenes it stands in."""

    def __init__(self, connection: Connection, built: Built, findings: list[StudioFinding]) -> None:
        self._ask = connection.request
        self._built = built
        self._findings = findings
        self._kinds: list[str] = self._ask("GetInputKindList")["inputKinds"]
        self._present: dict[str, str] = {
            item["inputName"]: item["inputKind"] for item in self._ask("GetInputList")["inputs"]
        }
        self._tuned: dict[str, bool] = {}

    def ensure(self, spec: InputSpec, scene: str, *, here: bool) -> bool:
        """Make sure that the input exists and, unless it is `here` already, stands in the scene.

        False where OBS has no such kind of source (a finding says so) or a person deleted the input.
        """
        key, shown = "input:" + spec.name, spec.name != layout.SIGN_PLACE
        exists = spec.name in self._present
        if not exists and self._built.knows(key):
            self._built.kept.add(key)
            return False
        if not exists:
            kind = kinds.pick(spec.purpose, self._kinds)
            if kind is None:
                self._find("obs.kind-missing", "alarm", source=spec.name, kinds=kinds.expected(spec.purpose))
                return False
            self._built.begin()
            self._ask("CreateInput", sceneName=scene, inputName=spec.name, inputKind=kind, sceneItemEnabled=shown)
            self._present[spec.name] = kind
        elif not here:
            self._built.begin()
            self._ask("CreateSceneItem", sceneName=scene, sourceName=spec.name, sceneItemEnabled=shown)
        if spec.name not in self._tuned:
            self._tuned[spec.name] = True
            self._tune(spec, new=not exists)
            self._built.record(key, True, True)
        return True

    def _tune(self, spec: InputSpec, *, new: bool) -> None:
        wanted = dict(spec.settings)
        self._name_device(spec, wanted)
        self._settings(spec.name, wanted, new)
        if spec.tracks is None:
            return
        key, tracks = f"input:{spec.name}:tracks", {track: track in spec.tracks for track in TRACKS}
        now = self._ask("GetInputAudioTracks", inputName=spec.name)["inputAudioTracks"]
        if new or self._built.may_write(key, tracks, now):
            if now != tracks:
                self._ask("SetInputAudioTracks", inputName=spec.name, inputAudioTracks=tracks)
            self._built.record(key, tracks, tracks)
        key = f"input:{spec.name}:offset"
        offset = self._ask("GetInputAudioSyncOffset", inputName=spec.name)["inputAudioSyncOffset"]
        due = max(_EARLIEST_MS, spec.offset_ms)
        if due != spec.offset_ms:
            self._find("obs.offset-limited", "warning", source=spec.name, wanted=spec.offset_ms, set=due)
        if new or self._built.may_write(key, due, offset):
            if offset != due:
                self._ask("SetInputAudioSyncOffset", inputName=spec.name, inputAudioSyncOffset=due)
            self._built.record(key, due, due)

    def _settings(self, name: str, wanted: dict[str, Any], new: bool) -> None:
        """Lay our settings over the input's own; those that we say nothing about are a person's."""
        now = self._ask("GetInputSettings", inputName=name)["inputSettings"]
        keys = {key: f"input:{name}:{key}" for key in wanted}
        due = {key for key in wanted if new or self._built.may_write(keys[key], wanted[key], now.get(key))}
        if not due:
            return
        laid = {key: wanted[key] for key in due}
        self._ask("SetInputSettings", inputName=name, inputSettings=laid, overlay=True)
        back = self._ask("GetInputSettings", inputName=name)["inputSettings"]
        for key in due:
            self._built.record(keys[key], wanted[key], back.get(key))

    def _name_device(self, spec: InputSpec, wanted: dict[str, Any]) -> None:
        """Find the setting's value for the device's name; what is not there is found missing, never guessed."""
        kind = self._present[spec.name]
        setting = kinds.device_setting(kind)
        if spec.device is None or setting is None:
            return
        offered = [
            (str(item["itemName"]), str(item["itemValue"]))
            for item in self._ask("GetInputPropertiesListPropertyItems", inputName=spec.name, propertyName=setting)[
                "propertyItems"
            ]
        ]
        if spec.purpose == "screen":
            number = int(spec.device.removeprefix("#"))
            value = offered[number - 1][1] if number <= len(offered) else None
        else:
            value = kinds.match_device(spec.device, offered)
        if value is None:
            names = ", ".join(shown for shown, _ in offered) or "–"
            self._find("obs.device-missing", "alarm", source=spec.name, device=spec.device, found=names)
            # A kind without a device takes the system's default, which could be any room.
            value = spec.device
        wanted[setting] = value

    def _find(self, code: str, level: Any, **fields: object) -> None:
        self._findings.append(StudioFinding(code, level, fields))
