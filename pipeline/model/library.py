"""All presets of a station: the shipped ones, each replaced whole by the station's own of the same name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from captions.stylefile import style_faults
from pipeline.model.cards import CardTheme
from pipeline.model.check import checked
from pipeline.model.document import Document, read_document
from pipeline.model.faults import Faults, nearest
from pipeline.model.presets import CablePreset, ClassPreset, EncoderPreset

Preset = TypeVar("Preset", bound=BaseModel)
FOLDERS = ("classes", "encoders", "destinations", "captions", "cards")


@dataclass(frozen=True, slots=True)
class Library:
    """Presets by name. `captions` are files: what is in them is the library `captions`' own.

    `documents` are the classes' files, by name; `own` names the classes that are the station's.
    """

    classes: Mapping[str, ClassPreset]
    encoders: Mapping[str, EncoderPreset]
    cables: Mapping[str, CablePreset]
    cards: Mapping[str, CardTheme]
    captions: Mapping[str, Path]
    documents: Mapping[str, Document] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def knows(self, folder: str, name: str) -> bool:
        """Whether there is such a preset, be it with faults (which are then told once, at its own file)."""
        held: Mapping[str, Mapping[str, object]] = {
            "classes": self.classes,
            "encoders": self.encoders,
            "destinations": self.cables,
            "captions": self.captions,
            "cards": self.cards,
        }
        return name in held[folder] or name in self.broken.get(folder, frozenset())


def read_library(shipped: Path, own: Path, faults: Faults) -> Library:
    """Read every preset of both folders; a station's file hides the shipped one of its name, be it broken."""
    documents: dict[str, Document] = {}
    broken: dict[str, frozenset[str]] = {}

    def of(folder: str, model: type[Preset]) -> Mapping[str, Preset]:
        found: dict[str, Preset] = {}
        files = _files(shipped / folder) | _files(own / folder, faults)
        for name, path in sorted(files.items()):
            document = read_document(path, faults, None)
            preset = checked(model, document, faults) if document else None
            if preset is not None and document is not None:
                found[name] = preset
                if folder == "classes":
                    documents[name] = document
        broken[folder] = frozenset(files) - frozenset(found)
        return MappingProxyType(found)

    _unknown_folders(own, faults)
    _caption_styles(own / "captions", faults)
    return Library(
        classes=of("classes", ClassPreset),
        encoders=of("encoders", EncoderPreset),
        cables=of("destinations", CablePreset),
        cards=of("cards", CardTheme),
        captions=MappingProxyType(_files(shipped / "captions") | _files(own / "captions", faults)),
        documents=MappingProxyType(documents),
        own=frozenset(_files(own / "classes")),
        broken=MappingProxyType(broken),
    )


def _files(folder: Path, faults: Faults | None = None) -> dict[str, Path]:
    """The presets in one folder, by name. Other files are left alone, but `.yml` is told as a fault."""
    if not folder.is_dir():
        return {}
    if faults is not None:
        for path in sorted(folder.glob("*.yml")):
            faults.add(path, 1, "", "wrong-ending", path.name, path.with_suffix(".yaml").name)
    return {path.stem: path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith(".")}


def _caption_styles(folder: Path, faults: Faults) -> None:
    """The faults of the station's own caption styles, as the library `captions` finds them."""
    codes = {
        "captions.style-unreadable": "not-utf8",
        "captions.style-syntax": "broken-yaml",
        "captions.style-unknown-key": "unknown-key",
        "captions.style-value": "wrong-value",
    }
    for path in _files(folder).values():
        for error in style_faults(path):
            told = {name: str(value) for name, value in error.fields.items()}
            code, key = codes.get(error.code, "wrong-value"), told.get("key", "")
            given = key if code == "unknown-key" else told.get("value", told.get("detail", ""))
            right = told.get("nearest") or told.get("wanted", "")
            faults.add(path, int(told.get("line", "1")), key, code, given, right)


def _unknown_folders(own: Path, faults: Faults) -> None:
    if own.is_dir():
        for path in sorted(own.iterdir()):
            if path.is_dir() and path.name not in FOLDERS and not path.name.startswith("."):
                faults.add(path, 1, "", "unknown-folder", path.name, nearest(path.name, FOLDERS))
