"""Records the slate through OBS's own encoder, so that its packets are of one kind with the programme's.

In a collection of its own: no source of the class can be heard in it, and nothing of the class's is touched.
"""

import threading
from pathlib import Path

from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.outputs import Outputs
from pipeline.clock import Clock
from pipeline.errors import Temporary
from pipeline.model.presets import EncoderPreset

COLLECTION, SCENE, CARD = "e-kultura plansza", "plansza", "plansza-obraz"
SECONDS = 11.0  # the loop is cut out of its middle: 8 s are whole AAC frames, and the first keyframes may be rough
_SWITCH_S = 15.0
_SHOWN_S = 5.0


class SlateRecorder:
    """One recording, while nothing is on air. The caller brings back the collection that was shown before."""

    def __init__(self, connection: Connection, outputs: Outputs, clock: Clock) -> None:
        self._ask = connection.request
        self._outputs = outputs
        self._clock = clock
        self._never = threading.Event()

    def record(self, card: Path, encoder: EncoderPreset, folder: Path) -> Path:
        """The closed recording of the card. Temporary `obs.slate-not-shown`, and what `Outputs` raises."""
        self._collection()
        self._scene(card, encoder)
        self._outputs.start_record(folder)
        self._clock.wait(self._never, SECONDS)
        return self._outputs.stop_record()

    def _collection(self) -> None:
        listed = self._ask("GetSceneCollectionList")
        if COLLECTION not in listed["sceneCollections"]:
            self._ask("CreateSceneCollection", sceneCollectionName=COLLECTION, timeout_s=_SWITCH_S)
        elif listed["currentSceneCollectionName"] != COLLECTION:
            self._ask("SetCurrentSceneCollection", sceneCollectionName=COLLECTION, timeout_s=_SWITCH_S)

    def _scene(self, card: Path, encoder: EncoderPreset) -> None:
        """The card alone, over the whole picture; a new collection of OBS's own hears the room: that goes."""
        for item in self._ask("GetInputList")["inputs"]:
            self._ask("RemoveInput", inputName=item["inputName"])
        if SCENE not in [one["sceneName"] for one in self._ask("GetSceneList")["scenes"]]:
            self._ask("CreateScene", sceneName=SCENE)
        made = self._ask(
            "CreateInput",
            sceneName=SCENE,
            inputName=CARD,
            inputKind="image_source",
            inputSettings={"file": str(card.absolute())},
            sceneItemEnabled=True,
        )
        bounds = {
            "boundsType": "OBS_BOUNDS_STRETCH",
            "boundsWidth": float(encoder.width),
            "boundsHeight": float(encoder.height),
        }
        item = made["sceneItemId"]
        self._ask("SetSceneItemTransform", sceneName=SCENE, sceneItemId=item, sceneItemTransform=bounds)
        self._ask("SetCurrentProgramScene", sceneName=SCENE)
        self._await_shown(item)

    def _await_shown(self, item: int) -> None:
        deadline = self._clock.monotonic_us() + int(_SHOWN_S * 1e6)
        while True:
            shape = self._ask("GetSceneItemTransform", sceneName=SCENE, sceneItemId=item)["sceneItemTransform"]
            if shape["sourceWidth"]:
                break
            if self._clock.monotonic_us() > deadline:
                raise Temporary("obs.slate-not-shown")
            self._clock.wait(self._never, 0.1)
        self._clock.wait(self._never, 0.5)  # a transition from what was shown before
