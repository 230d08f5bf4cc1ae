"""The class on air: scenes and markers by the clock, the far ends looked at all the while, then the stop."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from pipeline.clock import SYSTEM
from pipeline.standins.demo.display import Display, OnAir
from pipeline.standins.lesson import TITLE
from pipeline.standins.stage import KLASS, Stage, secret_places
from pipeline.standins.technician import Technician, Told

LENGTH_S = 82.0
# Seconds since the class went on air → the words after `ekultura`.
SCRIPT: tuple[tuple[float, tuple[str, ...]], ...] = (
    (3.0, ("scene", "welcome")),
    (10.0, ("scene", "main")),
    (17.0, ("marker", "Gama w górę i w dół")),
    (24.0, ("scene", "slides")),
    (38.0, ("scene", "main")),
    (50.0, ("marker", "Mazurek Fryderyka Chopina")),
    (58.0, ("scene", "break")),
    (64.0, ("scene", "main")),
    (78.0, ("scene", "closing")),
)
_SECRETS_AT_S = 30.0
_KEYFRAME_S = 2.6  # after so long a new scene has reached the far end's last keyframe
_LOOK_S = 0.5


@dataclass(slots=True)
class Played:
    """What happened on air. Seconds count from the command; `pictures` are (scene, second on air, PNG)."""

    first_picture_s: dict[str, float] = field(default_factory=dict)
    on_air_s: float = 0.0
    pictures: list[tuple[str, float, Path]] = field(default_factory=list)
    markers: list[tuple[str, str]] = field(default_factory=list)
    secrets_seen: list[tuple[str, str]] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    stop: Told | None = None


class Play:
    """One class on air, by the command line alone."""

    def __init__(self, stage: Stage, technician: Technician, display: Display, pictures: Path) -> None:
        self._stage, self._technician, self._display = stage, technician, display
        self._pictures = pictures
        self._commanded = 0.0
        self._air: OnAir | None = None
        self._looked = 0.0
        self._due: list[tuple[float, str, float]] = []
        self._over = threading.Event()
        self.played = Played()

    def go_on_air(self) -> Told:
        """The command, until it says that the class is on air."""
        self._commanded = time.time()
        told = self._technician.asks(
            "live", KLASS, "--title", TITLE, "--detach", timeout_s=120, tick=self._look, may_be=(0, 3)
        )
        self._air = OnAir(time.monotonic(), LENGTH_S, self._label("opening"))
        self._due.append((time.monotonic() + 1.0, "opening", 0.0))
        return told

    def follow_script(self) -> None:
        """Everything that the technician does while on air."""
        script, searched = list(SCRIPT), False
        while (second := self._second()) < LENGTH_S:
            self._look()
            if script and second >= script[0][0]:
                self._do(script.pop(0)[1])
            elif not searched and second >= _SECRETS_AT_S:
                searched = True
                self.played.secrets_seen = list(secret_places(self.secrets()))
            SYSTEM.wait(self._over, 0.1)
        self.played.status = self._technician.asks("status", tick=self._look).data
        self._look()

    def stop(self) -> None:
        """The end by the command; 3 is an end with something to read."""
        self.played.on_air_s = self._second()
        self.played.stop = self._technician.asks("stop", timeout_s=150, tick=self._look, may_be=(0, 3))
        self._first_pictures()
        self._display.on_air(None)

    def secrets(self) -> dict[str, str]:
        """Every secret of this broadcast, by its name: nowhere may one be seen."""
        found = dict(self._stage.secrets())
        for live in self._stage.facebook.world.lives.values():
            found |= {f"stream key {stream.id}": stream.secret for stream in live.streams}
        return found

    def _second(self) -> float:
        assert self._air is not None
        return time.monotonic() - self._air.since

    def _do(self, words: tuple[str, ...]) -> None:
        told = self._technician.asks(*words, tick=self._look)
        shown = " ".join(word if " " not in word else f"'{word}'" for word in words)
        self._display.say(f"$ ekultura {shown}")
        second = self._second()
        if words[0] == "scene":
            assert self._air is not None
            self._air.scene = self._label(words[1])
            self._due.append((time.monotonic() + _KEYFRAME_S, words[1], second))
        else:
            self.played.markers.append((f"{told.data['hub_us'] / 1e6:.1f} s", words[1]))

    def _look(self) -> None:
        """What the far ends have by now; and a picture of a scene once it has come through."""
        now = time.monotonic()
        for due in [one for one in self._due if one[0] <= now]:
            self._due.remove(due)
            target = self._pictures / f"facebook-{len(self.played.pictures) + 1}-{due[1]}.png"
            if self._stage.facebook.snapshot(target):
                self.played.pictures.append((self._label(due[1]), due[2], target))
        if self._air is None or now - self._looked < _LOOK_S:
            return
        self._looked = now
        self._air.rows = [self._facebook_row(), self._cable_row()]
        self._display.on_air(self._air)

    def _facebook_row(self) -> tuple[str, str, str]:
        sessions = self._stage.facebook.ingest.sessions()
        if not sessions:
            return "facebook", _("nothing yet"), ""
        meter = sessions[-1].meter
        text = _("{frames} frames · {seconds} s · {kbps} kb/s").format(
            frames=sum(one.meter.video.frames for one in sessions),
            seconds=meter.video.duration_ms // 1000,
            kbps=round(meter.video.kbps + meter.audio.kbps),
        )
        return "facebook", text, str(len(meter.video.gaps) + len(sessions) - 1)

    def _cable_row(self) -> tuple[str, str, str]:
        report = self._stage.headend.report()
        wire = report["wire"]
        if not wire["datagrams"]:
            return "cable", _("nothing yet"), ""
        text = _("{packets} packets · {seconds} s · {kbps} kb/s").format(
            packets=report["stream"]["packets"], seconds=int(wire["seconds"]), kbps=round(wire["bitrate"] / 1000)
        )
        return "cable", text, str(sum(report["priority_1_and_2"].values()))

    def _first_pictures(self) -> None:
        moments: dict[str, Callable[[], float | None]] = {
            "facebook": self._facebook_picture,
            "cable": self._stage.headend.first_picture_at,
        }
        for name, moment in moments.items():
            at = moment()
            if at is not None:
                self.played.first_picture_s[name] = at - self._commanded

    def _facebook_picture(self) -> float | None:
        first: list[datetime] = [
            session.first_picture
            for session in self._stage.facebook.ingest.sessions()
            if session.first_picture is not None
        ]
        return min(first).timestamp() if first else None

    def _label(self, scene: str) -> str:
        return {
            "opening": _("opening card"),
            "welcome": _("welcome, with the title"),
            "main": _("main camera"),
            "slides": _("slides"),
            "break": _("break card"),
            "closing": _("closing card"),
        }[scene]
