"""A notice: one piece of news for people who are not at the terminal. No secret is ever in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["begins", "over", "lasts", "test"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What began, lasts or is over, at which station and broadcast; `text` is in the station's language."""

    utc: datetime
    station: str
    broadcast: str
    code: str
    level: str
    state: State
    text: str
    fields: Mapping[str, object] = field(default_factory=dict)
