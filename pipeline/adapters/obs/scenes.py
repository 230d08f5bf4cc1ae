"""Builds and repairs the class's scenes in OBS: only what is missing or out of the plan is touched.

What a person changed, moved or deleted since we built it stays as they left it (see `built`).
"""

from typing import Any

from pipeline.adapters.obs import layout
from pipeline.adapters.obs.built import Built
from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.inputs import InputSpec, aliases, specs
from pipeline.adapters.obs.tuning import InputBuilder
from pipeline.model.presets import Scene
from pipeline.model.studio import StudioFinding, StudioPlan

# What a person can set about an item; the rest of OBS's transform follows from it.
_TRANSFORM = (
    *("positionX", "positionY", "scaleX", "scaleY", "rotation", "alignment"),
    *("boundsType", "boundsAlignment", "boundsWidth", "boundsHeight"),
    *("cropLeft", "cropRight", "cropTop", "cropBottom"),
)
_BOUNDS = {
    "whole": "OBS_BOUNDS_SCALE_INNER",
    "stretch": "OBS_BOUNDS_STRETCH",
    "text": "OBS_BOUNDS_MAX_ONLY",
}
_LEFT, _TOP, _MIDDLE = 1, 4, 0  # OBS's alignment bits
_FLUSH = "e-kultura …"  # a scene that lives a moment: making and removing one has OBS write its file


def scene_names(plan: StudioPlan) -> dict[str, str]:
    """Scene key → its name in OBS: the label, made unlike every other scene and input (OBS has one name space)."""
    taken = {name.casefold() for name in (*specs(plan), *plan.sources)}
    out = {}
    for key, scene in plan.scenes.items():
        name = scene.label if scene.label.casefold() not in taken else f"{scene.label} [{key}]"
        taken.add(name.casefold())
        out[key] = name
    return out


class SceneBuilder:
    """One building of one plan in the current collection. `findings` says what could not be as planned."""

    def __init__(self, connection: Connection, plan: StudioPlan, built: Built) -> None:
        self._connection = connection
        self._ask = connection.request
        self._plan = plan
        self._built = built
        self._specs = specs(plan)
        self._canonical = aliases(plan.sources)
        self.findings: list[StudioFinding] = []
        self._inputs = InputBuilder(connection, built, self.findings)

    def build(self, *, fresh: bool) -> None:
        """Build or repair. `fresh`: the collection was made just now; what OBS itself put into it is removed."""
        before = self._connection.writes
        found = [scene["sceneName"] for scene in self._ask("GetSceneList")["scenes"]]
        names = scene_names(self._plan)
        for key, scene in self._plan.scenes.items():
            self._scene(names[key], self._items_of(scene), exists=names[key] in found)
        for name in self._plan.microphones:
            if name not in self._canonical:
                self._find("obs.no-microphone", "alarm", source=name)
        if fresh:
            self._clear(found)
        if self._built.kept:
            changed = sorted({_for_people(key) for key in self._built.kept})
            self._find("obs.kept-changes", "notice", count=len(changed), changed=", ".join(changed))
        if self._connection.writes != before:
            if _FLUSH not in found:  # else a crash left it
                self._ask("CreateScene", sceneName=_FLUSH)
            self._ask("RemoveScene", sceneName=_FLUSH)
        self._built.finish()

    def _items_of(self, scene: Scene) -> list[layout.Item]:
        plan, canonical = self._plan, self._canonical
        wanted = layout.wanted_sources(scene)
        missing = [name for name in wanted if name not in canonical]
        if missing:
            self._find("obs.source-missing", "warning", scene=scene.label, sources=", ".join(missing))
        named = list(dict.fromkeys(canonical[name] for name in wanted if name in canonical))
        sounds = [name for name in named if plan.sources[name].audio is not None]
        if scene.kind != "card":  # a card means: the hall is neither seen nor heard
            microphones = dict.fromkeys(canonical[name] for name in plan.microphones if name in canonical)
            sounds += [name for name in microphones if name not in named]
        pictures = [name for name in named if name not in sounds and name != layout.SIGN]
        canvas = layout.Canvas(plan.encoder.width, plan.encoder.height)
        signed = canonical.get(layout.SIGN) == layout.SIGN
        return layout.items(scene, canvas, pictures, sounds, titled=bool(plan.lower_third), signed=signed)

    def _scene(self, name: str, items: list[layout.Item], *, exists: bool) -> None:
        if not exists and self._built.knows("scene:" + name):
            self._built.kept.add("scene:" + name)
            return
        if not exists:
            self._built.begin()
            self._ask("CreateScene", sceneName=name)
        self._built.record("scene:" + name, True, True)
        present = self._present(name)
        below = -1
        for item in items:
            spec = self._specs.get(item.source)
            if spec is None:
                continue
            key, new = f"item:{name}:{item.source}", item.source not in present
            if new and self._built.knows(key):
                self._built.kept.add(key)
            elif self._place(spec, item, name, key, present, below, new=new):
                present = self._present(name) if new else present
                below = int(present[item.source]["sceneItemIndex"])

    def _place(
        self,
        spec: InputSpec,
        item: layout.Item,
        scene: str,
        key: str,
        present: dict[str, dict[str, Any]],
        below: int,
        *,
        new: bool,
    ) -> bool:
        if not self._inputs.ensure(spec, scene, here=not new):
            return False
        now = present[item.source] if not new else self._present(scene)[item.source]
        if new and now["sceneItemIndex"] != below + 1:
            self._ask(
                "SetSceneItemIndex",
                sceneName=scene,
                sceneItemId=now["sceneItemId"],
                sceneItemIndex=below + 1,
            )
        self._settle(item, scene, key, now, new)
        self._built.record(key, True, True)
        return True

    def _present(self, scene: str) -> dict[str, dict[str, Any]]:
        """A scene's items by source; where one source stands twice, the lower."""
        listed = self._ask("GetSceneItemList", sceneName=scene)["sceneItems"]
        return {item["sourceName"]: item for item in sorted(listed, key=lambda item: -item["sceneItemIndex"])}

    def _settle(self, item: layout.Item, scene: str, key: str, now: dict[str, Any], new: bool) -> None:
        """Set place, visibility and lock of one item, each unless a person did."""
        built, where = self._built, {"sceneName": scene, "sceneItemId": now["sceneItemId"]}
        if item.box is not None:
            wanted, current = _transform(item, item.box), _settable(now["sceneItemTransform"])
            if new or built.may_write(key + ":transform", wanted, current):
                self._ask("SetSceneItemTransform", **where, sceneItemTransform=wanted)
                back = self._ask("GetSceneItemTransform", **where)["sceneItemTransform"]
                built.record(key + ":transform", wanted, _settable(back))
        shown = bool(now["sceneItemEnabled"])
        if new or built.may_write(key + ":enabled", item.shown, shown):
            if shown != item.shown:
                self._ask("SetSceneItemEnabled", **where, sceneItemEnabled=item.shown)
            built.record(key + ":enabled", item.shown, item.shown)
        locked, lock = bool(now["sceneItemLocked"]), item.fit == "stretch"
        if new or built.may_write(key + ":locked", lock, locked):
            if locked != lock:
                self._ask("SetSceneItemLocked", **where, sceneItemLocked=lock)
            built.record(key + ":locked", lock, lock)

    def _clear(self, strangers: list[str]) -> None:
        """A new collection holds an empty scene and the system's default devices: sound is chosen by name only."""
        for name in strangers:
            self._ask("RemoveScene", sceneName=name)
        for name in self._ask("GetSpecialInputs").values():
            if name:
                self._ask("RemoveInput", inputName=name)

    def _find(self, code: str, level: Any, **fields: object) -> None:
        self.findings.append(StudioFinding(code, level, fields))


def _transform(item: layout.Item, box: layout.Box) -> dict[str, Any]:
    inner = _LEFT if item.fit == "text" else _TOP | _LEFT if item.top else _MIDDLE
    return {
        "positionX": float(box.x),
        "positionY": float(box.y),
        "alignment": _TOP | _LEFT,
        "rotation": 0.0,
        "boundsType": _BOUNDS[item.fit],
        "boundsAlignment": inner,
        "boundsWidth": float(box.width),
        "boundsHeight": float(box.height),
    }


def _for_people(key: str) -> str:
    """`item:Stolik:camera-second:transform` → `Stolik → camera-second`."""
    kind, _, rest = key.partition(":")
    if kind == "scene":
        return rest
    stem = rest.removesuffix(":transform").removesuffix(":enabled").removesuffix(":locked")
    return " → ".join(stem.rsplit(":", 1)) if kind == "item" else rest.partition(":")[0]


def _settable(transform: dict[str, Any]) -> dict[str, Any]:
    return {key: transform.get(key) for key in _TRANSFORM}
