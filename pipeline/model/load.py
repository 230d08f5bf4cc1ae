"""A station from its folder: config.yaml, secrets and presets, checked whole; every fault in one go."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.errors import Refused
from pipeline.model import references
from pipeline.model.cards import CardTheme
from pipeline.model.check import checked
from pipeline.model.config import Folders, Settings, Source
from pipeline.model.document import Document, read_document
from pipeline.model.faults import Faults, nearest
from pipeline.model.library import Library, read_library
from pipeline.model.paths import made_absolute
from pipeline.model.presets import CablePreset, ClassPreset, EncoderPreset
from pipeline.model.secrets_file import read_secrets
from pipeline.model.shipped import shipped_presets

CONFIG = "config.yaml"
FALLBACK_SOURCE = "camera-main"
Preset = TypeVar("Preset")


@dataclass(frozen=True, slots=True)
class LoadedStation:
    """A station that has no fault. `settings` have absolute paths and no destination that is `null`."""

    folder: Path
    settings: Settings
    library: Library

    def classes(self) -> list[str]:
        """The names of all classes, shipped and the station's own, in alphabetical order."""
        return sorted(self.library.classes)

    def klass(self, name: str) -> ClassPreset:
        """The class, without the destinations and microphones that this station does not have (`null`).

        Refused `config.no-class` with the nearest name (the other presets alike: `config.no-encoder` …).
        """
        preset = _found("class", name, self.library.classes)
        return preset.model_copy(
            update={
                "destinations": tuple(one for one in preset.destinations if one in self.settings.destinations),
                "microphones": tuple(one for one in preset.microphones if self.settings.sources.get(one)),
            }
        )

    def encoder(self, name: str) -> EncoderPreset:
        return _found("encoder", name, self.library.encoders)

    def cable(self, name: str) -> CablePreset:
        return _found("cable-preset", name, self.library.cables)

    def card_theme(self) -> CardTheme:
        """The cards' look in the station's language."""
        name = "standard" if self.settings.station.language == "pl" else "standard-en"
        return _found("card-theme", name, self.library.cards)

    def caption_style_path(self, name: str) -> Path:
        """The file of a caption style (read by `captions.style`)."""
        return _found("caption-style", name, self.library.captions)

    def source(self, name: str) -> Source | None:
        """What a scene's source is: a `null` one falls back to the main camera; None where that is null too."""
        sources = self.settings.sources
        return sources.get(name) or sources.get(FALLBACK_SOURCE)


def find_station(start: Path) -> Path:
    """The nearest folder from `start` upward that holds config.yaml. Refused `config.no-station` without one."""
    here = start.expanduser().absolute()
    for folder in (here, *here.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise Refused("config.no-station", start=str(here))


def load_station(folder: Path, env: Mapping[str, str] = os.environ) -> LoadedStation:
    """The station in `folder`; `${NAME}` comes from `env`, then from secrets.env.

    Refused `config.no-station`, `config.secrets-wide`, or `config.faults` whose field `faults` lists every fault
    of every file as a dict (see `Fault`).
    """
    folder = folder.expanduser().absolute()
    if not (folder / CONFIG).is_file():
        raise Refused("config.no-station", start=str(folder))
    faults = Faults()
    fill = {**read_secrets(folder, faults), **env}
    document = read_document(folder / CONFIG, faults, fill)
    library = read_library(shipped_presets(), folder / "presets", faults)
    settings = _settings(document, faults) if document else None
    references.check(document, library, faults)
    faults.refuse()
    if settings is None:
        raise AssertionError("no settings and no fault")
    return LoadedStation(folder, made_absolute(settings, folder), library)


def work_of(folder: Path) -> Path:
    """The station's work folder, also where config.yaml has faults: a slip while on air takes no `stop` away."""
    folder = folder.expanduser().absolute()
    with contextlib.suppress(Refused):
        return load_station(folder).settings.folders.work
    document = read_document(folder / CONFIG, Faults(), os.environ)
    folders = document.plain.get("folders") if document else None
    named = folders.get("work") if isinstance(folders, dict) else None
    return folder / Path(str(named or Folders().work)).expanduser()


def _settings(document: Document, faults: Faults) -> Settings | None:
    """The settings; a destination that is `null` is one that the station does not have (yet)."""
    given = document.plain.get("destinations")
    if isinstance(given, dict):
        document.plain["destinations"] = {name: value for name, value in given.items() if value is not None}
    # A section whose every key is commented out reads as null: it has its defaults.
    for name in [name for name, value in document.plain.items() if value is None and name != "database"]:
        del document.plain[name]
    return checked(Settings, document, faults)


def _found(kind: str, name: str, presets: Mapping[str, Preset]) -> Preset:
    if name not in presets:
        raise Refused(f"config.no-{kind}", name=name, nearest=nearest(name, presets))
    return presets[name]
