"""The plan of one broadcast, frozen at its start: settings, class and flags, kept privately in its folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, SecretStr

from pipeline.clock import parse_utc, utc_text
from pipeline.model.cards import CardTheme
from pipeline.model.config import Settings
from pipeline.model.presets import CablePreset, ClassPreset, EncoderPreset
from pipeline.store.files import write_whole


@dataclass(frozen=True, slots=True)
class BroadcastPlan:
    """Everything that the broadcast process needs, so that it can be started again from its folder alone.

    `destinations` are the names that are sent to (none at a rehearsal or for participants only).
    `participants`: the programme is offered to the participants' meeting as a camera, and goes nowhere else.
    `cable` holds the preset of each cable destination, by the destination's name; `cards` is how the cards look.
    """

    id: str
    station: Path
    folder: Path
    klass_name: str
    klass: ClassPreset
    encoder: EncoderPreset
    cable: Mapping[str, CablePreset]
    cards: CardTheme
    settings: Settings
    title: str
    description: str
    begun: datetime
    planned_end: datetime
    destinations: tuple[str, ...]
    participants: bool = False
    rehearse: bool = False
    private: bool = False
    hub_key: str = ""


def save(plan: BroadcastPlan, path: Path) -> None:
    """Write the plan, secrets included, so that only its owner may read it."""
    raw = {name: revealed(getattr(plan, name)) for name in BroadcastPlan.__slots__}
    write_whole(path, json.dumps(raw, ensure_ascii=False), private=True)


def load(path: Path) -> BroadcastPlan:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return BroadcastPlan(
        **{
            **raw,
            "station": Path(raw["station"]),
            "folder": Path(raw["folder"]),
            "klass": ClassPreset.model_validate(raw["klass"]),
            "encoder": EncoderPreset.model_validate(raw["encoder"]),
            "cable": {name: CablePreset.model_validate(value) for name, value in raw["cable"].items()},
            "cards": CardTheme.model_validate(raw["cards"]),
            "settings": Settings.model_validate(raw["settings"]),
            "begun": parse_utc(raw["begun"]),
            "planned_end": parse_utc(raw["planned_end"]),
            "destinations": tuple(raw["destinations"]),
        }
    )


def revealed(value: object) -> object:
    """Plain JSON values, secrets in clear: for private files alone."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {field.alias or name: revealed(getattr(value, name)) for name, field in fields}
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping):
        return {str(key): revealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [revealed(item) for item in value]
    if isinstance(value, datetime):
        return utc_text(value)
    return str(value) if isinstance(value, Path) else value
