"""What the look at the studio needs: the studio itself, its meters, and somebody who looks at its sources."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pipeline.model.levels import Reading
from pipeline.model.source_look import SourceLook
from pipeline.model.studio import StudioFinding, StudioPlan, StudioState


class ExamStudio(Protocol):
    """The studio off the air. Every call is one attempt; failures are PipelineErrors."""

    findings: tuple[StudioFinding, ...]

    @property
    def launched(self) -> bool: ...

    def prepare(self, plan: StudioPlan) -> None: ...

    def show(self, scene: str) -> None: ...

    def state(self) -> StudioState: ...

    def start_record(self, folder: Path) -> Path: ...

    def stop_record(self) -> Path: ...

    def restore(self) -> None: ...

    def close(self) -> None: ...


class Inspector(Protocol):
    """Looks at sources on a connection of its own; `open` raises like the studio."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def looks(self, names: Sequence[str]) -> dict[str, SourceLook]: ...

    def muted(self, name: str) -> bool: ...

    def mute(self, name: str, on: bool) -> None: ...


class Meters(Protocol):
    """Level meters; without a studio there are no readings."""

    def start(self) -> None: ...

    def close(self) -> None: ...

    def window(self, name: str, seconds: float) -> list[Reading]: ...
