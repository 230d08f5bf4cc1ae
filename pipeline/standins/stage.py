"""A whole station on this machine, every far end stood in for: Facebook, the headend, OBS without a screen.

    with Stage(folder, lesson) as stage:
        stage.station      # a folder for `ekultura --station`
        stage.facebook.report(), stage.headend.report()

Loopback only, free ports throughout. Leaving it ends everything that it began, also a broadcast on air, its OBS
and a worker, each by its pid; the station's files stay.
"""

import contextlib
import logging
import secrets
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
from pydantic import SecretStr

from pipeline import platform
from pipeline.office.station import create_station
from pipeline.standins.facebook import FacebookStandIn
from pipeline.standins.graph_live import Limits
from pipeline.standins.headend import Headend
from pipeline.standins.lesson import TITLE, Lesson
from pipeline.standins.screenless_obs import ScreenlessObs, free_port
from pipeline.store.files import write_whole

log = logging.getLogger(__name__)

KLASS = "pokaz"
SERVICE = "TV Jutrzenka"
PROVIDER = "Dom Kultury Jutrzenka"
CENTRE = {"pl": "Dom Kultury Jutrzenka", "en": "Jutrzenka Culture Centre"}
_ROUNDS = 6
_LIMITS = Limits(grace_s=20, processing_s=2)
_MODULES = ("pipeline", "pipeline.hub", "pipeline.hub.guard", "pipeline.cli.main")

_CLASS = """\
# Rodzaj wydarzenia dla pokazu (ekultura demo): mały obraz, dwa miejsca emisji, kilka scen.
title: {title}
section: Muzyka
description: >-
  Pokaz e-kultury: zajęcia rytmiki na żywo na Facebooku i w kablówce, z napisami po zakończeniu.
audience: public
minors: no
length: 10m
scenes:
  opening: {{kind: card, label: Plansza tytułowa, card: title}}
  welcome: {{kind: main, label: Powitanie z tytułem, sources: [camera-main], lower_third: yes}}
  main: {{kind: main, label: Kamera główna, sources: [camera-main]}}
  slides: {{kind: slides, label: Nuty i prezentacja, sources: [slides, camera-main]}}
  break: {{kind: card, label: Przerwa, card: break}}
  closing: {{kind: card, label: Plansza końcowa, card: closing}}
opening: opening
run_sheet: []
microphones: [microphone]
encoder: 360p25
destinations: [facebook, cable]
caption_style: null
glossary: []
publish: at-once
"""


class Stage:
    """One station in `folder`, which must have no config.yaml. Enter it in a thread that lives as long as it."""

    def __init__(self, folder: Path, lesson: Lesson, *, language: str = "pl", picture_s: float = 5.0) -> None:
        self.station = folder.absolute()
        self.lesson = lesson
        self.language = language
        self.obs = ScreenlessObs(self.station / "obs", free_port(), SecretStr(secrets.token_urlsafe(18)))
        self._picture_s = picture_s
        self._ends = contextlib.ExitStack()

    def __enter__(self) -> "Stage":
        with contextlib.ExitStack() as opened:
            self.obs.prepare()
            far = self.station / "far-ends"
            self.facebook = opened.enter_context(FacebookStandIn(far / "facebook", limits=_LIMITS))
            self.headend = opened.enter_context(
                Headend("udp://127.0.0.1:0", far / "cable", picture_s=self._picture_s)
            )
            create_station(self.station, self._settings(), self.secrets())
            preset = _CLASS.format(title=TITLE)
            write_whole(self.station / "presets" / "classes" / f"{KLASS}.yaml", preset)
            opened.callback(self.end_programs)
            self._ends = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def secrets(self) -> dict[str, str]:
        """What secrets.env holds."""
        password = self.obs.password.get_secret_value()
        return {"OBS_PASSWORD": password, "FACEBOOK_TOKEN": self.facebook.world.token}

    def programs(self) -> list[psutil.Process]:
        """Every process of this station that runs: broadcast, hub, guard, worker, commands, OBS."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    def end_programs(self) -> None:
        """End them all, the guard first: it would start the others again. A broadcast that ends starts a worker, so
        it is looked again until nothing is left.
        """
        for _ in range(_ROUNDS):
            found = self.programs()
            if not found:
                return
            for process in sorted(found, key=lambda one: "pipeline.hub.guard" not in _words(one)):
                platform.end_process(process.pid)
        log.error("of this station still run: %s", ", ".join(str(process.pid) for process in self.programs()))

    def _settings(self) -> dict[str, object]:
        return {
            "station.name": CENTRE.get(self.language, CENTRE["en"]),
            "station.language": self.language,
            "obs.port": self.obs.port,
            "obs.launch": self.obs.command,
            "sources.camera-main": {"media": str(self.lesson.picture)},
            "sources.slides": {"image": str(self.lesson.slide)},
            "sources.microphone": {"media": str(self.lesson.sound), "role": "speech"},
            "hub.listen": f"127.0.0.1:{free_port()}",
            "destinations.facebook": {**self.facebook.settings(), "token": "${FACEBOOK_TOKEN}"},
            "destinations.cable": {
                "kind": "cable",
                "url": self.headend.url,
                "preset": "cable-360",
                "service_name": SERVICE,
                "service_provider": PROVIDER,
            },
            "captions.model": "demo",
        }

    def _ours(self, process: psutil.Process) -> bool:
        words = _words(process)
        if words[:1] == [sys.executable] and "-m" in words and words[words.index("-m") + 1] in _MODULES:
            return any(Path(word).is_relative_to(self.station) for word in words[words.index("-m") + 2 :])
        if words[:1] == ["obs"] or words[:4] == shlex.split(self.obs.command)[:4]:
            return _folder(process) == self.obs.folder
        return False


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _folder(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None


def secret_places(words: dict[str, str], *roots: Path) -> Iterator[tuple[str, str]]:
    """(which secret, where) for each of `words` that stands in a process's arguments or in a file under `roots`.

    Files that are their owner's alone are left out where `roots` name them as such: nothing is looked at twice.
    """
    for process in psutil.process_iter():
        line = "\0".join(_words(process))
        for name, word in words.items():
            if word in line:
                yield name, f"process {process.pid}"
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                body = path.read_bytes()
                for name, word in words.items():
                    if word.encode() in body:
                        yield name, str(path)
