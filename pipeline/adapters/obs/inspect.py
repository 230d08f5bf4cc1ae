"""Looks at OBS's sources one by one, on a connection of its own: size, media cursor, a small picture, mute."""

import base64
import contextlib
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from pipeline.adapters.obs.connection import Connection
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal
from pipeline.model.config import Obs
from pipeline.model.source_look import HEIGHT, WIDTH, SourceLook

_SCREENSHOT_S = 5.0


class Inspector:
    """Asks, and changes nothing but what `mute` is told. Raises what `Connection` raises."""

    def __init__(self, settings: Obs, clock: Clock = SYSTEM) -> None:
        self._connection = Connection(settings, clock)

    def open(self) -> None:
        self._connection.open()

    def close(self) -> None:
        self._connection.close()

    def looks(self, names: Sequence[str]) -> dict[str, SourceLook]:
        """One look at each of these sources; one that OBS does not have looks like nothing."""
        sizes = self._sizes()
        return {name: self._look(name, sizes.get(name, (0, 0))) for name in names}

    def muted(self, name: str) -> bool:
        """Whether somebody muted this input in OBS; an input that is not there is not muted."""
        try:
            return bool(self._connection.request("GetInputMute", inputName=name)["inputMuted"])
        except Fatal:
            return False

    def mute(self, name: str, on: bool) -> None:
        self._connection.request("SetInputMute", inputName=name, inputMuted=on)

    def _sizes(self) -> dict[str, tuple[int, int]]:
        """Every source's own size, wherever it stands."""
        sizes: dict[str, tuple[int, int]] = {}
        for scene in self._connection.request("GetSceneList")["scenes"]:
            listed = self._connection.request("GetSceneItemList", sceneName=scene["sceneName"])["sceneItems"]
            for item in listed:
                shape = item["sceneItemTransform"]
                sizes[item["sourceName"]] = (int(shape["sourceWidth"]), int(shape["sourceHeight"]))
        return sizes

    def _look(self, name: str, size: tuple[int, int]) -> SourceLook:
        media: dict[str, Any] = {}
        with contextlib.suppress(Fatal):  # no media
            media = self._connection.request("GetMediaInputStatus", inputName=name)
        return SourceLook(
            width=size[0],
            height=size[1],
            state=str(media.get("mediaState") or "").removeprefix("OBS_MEDIA_STATE_").lower(),
            cursor_ms=media.get("mediaCursor"),
            length_ms=media.get("mediaDuration"),
            picture=self._picture(name) if all(size) else b"",
        )

    def _picture(self, name: str) -> bytes:
        try:
            answer = self._connection.request(
                "GetSourceScreenshot",
                sourceName=name,
                imageFormat="png",
                imageWidth=WIDTH,
                imageHeight=HEIGHT,
                timeout_s=_SCREENSHOT_S,
            )
        except Fatal:
            return b""
        raw = base64.b64decode(str(answer["imageData"]).split(",", 1)[1])
        with Image.open(io.BytesIO(raw)) as picture:
            return picture.convert("RGB").tobytes()
