"""A station with what the after-work is given, its far ends replaced by small ones that remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.config import Captions, Folders, Settings, Station
from pipeline.model.recording import Recording
from pipeline.post.runner import WorkerDeps
from pipeline.store.files import write_whole


def station(folder: Path) -> Settings:
    return Settings(
        station=Station(name="Dom Kultury"),
        folders=Folders(recordings=folder / "recordings", archive=folder / "archive", work=folder / "work"),
        captions=Captions(engine="openai-whisper", model="demo"),
    )


def style_path(name: str) -> Path:
    from pipeline.model.shipped import shipped_presets

    return shipped_presets() / "captions" / f"{name}.yaml"


@dataclass
class FarEnds:
    """An archive that writes one file, and a platform that counts what it is given."""

    packages: list[Path] = field(default_factory=list)
    published: list[tuple[str, str, bytes]] = field(default_factory=list)

    def package(self, folder: Path, target: Path, *, recording: Recording, facts: Mapping[str, Any]) -> Path:
        self.packages.append(target)
        target.mkdir(parents=True, exist_ok=True)
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        write_whole(target / "content.txt", "\n".join(names))
        return target

    def publish(self, *, destination: str, live_id: str, video_id: str | None, srt: Path) -> str:
        self.published.append((destination, live_id, srt.read_bytes()))
        return video_id or f"video-of-{live_id}"


@pytest.fixture
def far_ends() -> FarEnds:
    return FarEnds()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return station(tmp_path)


@pytest.fixture
def deps(settings: Settings, far_ends: FarEnds) -> WorkerDeps:
    return WorkerDeps(
        settings=settings,
        class_of=lambda name: None,
        style_path=style_path,
        package=far_ends.package,
        publish=far_ends.publish,
    )
