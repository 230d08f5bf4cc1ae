"""The slate of a station: its card, its recording kept for every broadcast with the same encoder, its handing over.

Recorded once by OBS (at `check CLASS`, or after the first broadcast); until then one is encoded here with the same
settings, so that no broadcast waits for a slate and none goes without.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import PipelineError
from pipeline.media.cards import slate_card
from pipeline.media.slate import encode
from pipeline.model.cards import CardTheme
from pipeline.model.config import Settings
from pipeline.model.presets import EncoderPreset
from pipeline.model.studio import StudioPlan
from pipeline.store.files import whole_file, write_whole

log = logging.getLogger(__name__)

KEPT = 8  # recordings of earlier encoders and cards
STUDIO, OURS = "studio", "encoded"


class SlateStudio(Protocol):
    """The studio as the slate needs it: off the air."""

    def record_slate(self, plan: StudioPlan, card: Path, folder: Path) -> Path:
        """Record the card in `folder` through the stream's encoder; the closed file."""


@dataclass(frozen=True, slots=True)
class Slate:
    """A station's slate for one encoder: `card` is drawn, `recorded` and `encoded` may not exist yet."""

    card: Path
    recorded: Path
    encoded: Path
    encoder: EncoderPreset

    def best(self) -> Path | None:
        """What there is of it: OBS's own recording first."""
        return next((path for path in (self.recorded, self.encoded) if path.is_file()), None)


def of(settings: Settings, theme: CardTheme, encoder: EncoderPreset) -> Slate:
    """Draw the card (unless it is there) and name the files; what they depend on stands in their names."""
    picture = slate_card(settings, theme, encoder)
    told = json.dumps(encoder.model_dump(), sort_keys=True)
    mark = hashlib.sha256(picture + told.encode()).hexdigest()[:16]
    folder = settings.folders.work / "slates"
    card = folder / f"{mark}.png"
    if not card.is_file():
        write_whole(card, picture)
    return Slate(card, folder / f"{mark}.{STUDIO}.mkv", folder / f"{mark}.{OURS}.mkv", encoder)


def ready(slate: Slate) -> Path:
    """OBS's recording, or one encoded here and now (a second or two). Raises what the encoding raises."""
    found = slate.best()
    if found is None:
        with whole_file(slate.encoded) as part:
            encode(slate.card, slate.encoder, part)
        found = slate.encoded
    return found


def record(slate: Slate, studio: SlateStudio, plan: StudioPlan) -> Path:
    """Have the studio record it, unless it has done so; it must be off the air. Raises what the studio raises."""
    if slate.recorded.is_file():
        return slate.recorded
    folder = slate.card.parent / "recording"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.mkv"):
        left.unlink()
    studio.record_slate(plan, slate.card, folder).replace(slate.recorded)
    slate.encoded.unlink(missing_ok=True)
    _sweep(slate.card.parent)
    return slate.recorded


def _sweep(folder: Path) -> None:
    """Keep the newest few: cards change with the funders' dates."""
    for path in sorted(folder.glob("*.*"), key=lambda item: item.stat().st_mtime)[: -3 * KEPT]:
        path.unlink(missing_ok=True)


def tried(slate: Slate, studio: SlateStudio, plan: StudioPlan) -> PipelineError | None:
    """`record`, where a failure is only told: there is another slate."""
    try:
        record(slate, studio, plan)
    except PipelineError as error:
        log.warning("the slate was not recorded: %s", error)
        return error
    return None
