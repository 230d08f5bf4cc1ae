"""A small station for the after-work, and its worker as a process of its own that tests may kill.

The far ends (archive, platform) are replaced by ones that write what they were given into files.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from pipeline.errors import PipelineError
from pipeline.model.config import Captions, Folders, Settings, Station
from pipeline.model.presets import ClassPreset, Scene
from pipeline.model.recording import Recording
from pipeline.model.shipped import shipped_presets
from pipeline.post.runner import WorkerDeps
from pipeline.post.worker import run_worker
from pipeline.store.files import write_whole

ROOT = Path(__file__).resolve().parents[2]


def station(folder: Path, address: str | None = None) -> Settings:
    return Settings(
        station=Station(name="Dom Kultury"),
        folders=Folders(recordings=folder / "recordings", archive=folder / "archive", work=folder / "work"),
        database=SecretStr(address) if address else None,
        captions=Captions(engine="openai-whisper", model="demo"),
    )


def style_path(name: str) -> Path:
    return shipped_presets() / "captions" / f"{name}.yaml"


@dataclass(frozen=True)
class FarEnds:
    """An archive that writes one file a recording, and a platform that notes each upload in uploads.jsonl."""

    folder: Path

    def package(self, folder: Path, target: Path, *, recording: Recording, facts: Mapping[str, Any]) -> Path:
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        write_whole(target / "content.txt", "\n".join(names))
        return target

    def publish(self, *, destination: str, live_id: str, video_id: str | None, srt: Path) -> str:
        line = {"destination": destination, "live_id": live_id, "srt": srt.read_text(encoding="utf-8")}
        with (self.folder / "uploads.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return video_id or f"video-of-{live_id}"

    def uploads(self) -> list[dict[str, Any]]:
        path = self.folder / "uploads.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def deps(settings: Settings, publish: Literal["at-once", "after-approval"] | None = None) -> WorkerDeps:
    """What a worker is given; `publish` makes every class a known one that says so."""
    far = FarEnds(settings.folders.work.parent)
    klass = None
    if publish is not None:
        scenes = {"opening": Scene(kind="main", label="Początek")}
        klass = ClassPreset(title="Muzyka", section="muzyka", scenes=scenes, publish=publish)
    return WorkerDeps(
        settings=settings,
        class_of=lambda name: klass,
        style_path=style_path,
        package=far.package,
        publish=far.publish,
    )


def start_worker(folder: Path, address: str = "", publish: str = "") -> subprocess.Popen[bytes]:
    """A worker that ends when idle; its log goes to worker.log in the station's folder."""
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.afterwork", str(folder), address, publish],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "OMP_NUM_THREADS": "2"},
        )


def run_to_end(folder: Path, address: str = "", *, publish: str = "", timeout_s: float = 100) -> int:
    """Run a worker until it is idle; its exit code."""
    process = start_worker(folder, address, publish)
    try:
        return process.wait(timeout_s)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def main() -> int:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = station(Path(sys.argv[1]), sys.argv[2] or None)
    try:
        publish = "at-once" if sys.argv[3] == "at-once" else None
        run_worker(deps(settings, publish), until_idle=True, stop=threading.Event(), orphan_after_s=1.0)
    except PipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
