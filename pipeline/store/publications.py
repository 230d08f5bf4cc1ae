"""Rows of publications: where a recording went on air, under which numbers, and whether its captions are there."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from pipeline.store.database import Database
from pipeline.store.tables import publication as table


class CaptionState(StrEnum):
    """Where the captions of a published video stand."""

    NONE = "none"
    WAITING = "waiting"
    UPLOADED = "uploaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Publication:
    """One destination's video; `viewers` is the most that were seen at once."""

    recording: str
    destination: str
    kind: str
    live_id: str | None
    video_id: str | None
    permalink: str | None
    viewers: int | None
    caption_state: CaptionState


def of_recording(db: Database, ident: str) -> list[Publication]:
    """A recording's publications, by destination."""
    query = sa.select(table).where(table.c.recording == ident).order_by(table.c.destination)
    with db.read() as connection:
        return [
            Publication(**{**row, "caption_state": CaptionState(row["caption_state"])})
            for row in connection.execute(query).mappings()
        ]


def set_captions(
    db: Database, ident: str, destination: str, state: CaptionState, *, video_id: str | None = None
) -> None:
    """Note where a destination's captions stand, and the finished video's number where it has become known."""
    values: dict[str, str] = {"caption_state": state.value}
    if video_id is not None:
        values["video_id"] = video_id
    with db.write() as connection:
        connection.execute(
            sa.update(table).where(table.c.recording == ident, table.c.destination == destination).values(values)
        )
