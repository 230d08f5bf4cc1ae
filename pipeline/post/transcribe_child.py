"""The process that hears: `python -P -m pipeline.post.transcribe_child SPEC.json`.

A process of its own, so that its memory ends with it and a kill takes nothing along. It appends to words.jsonl
stretch by stretch and goes on from there when it is started again. Standard output: a share of 0…1 a line;
after an error the last line of standard error is JSON: {"code", "fields"}.
"""

import json
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from captions.audio import blocks
from captions.engines import load_engine
from captions.engines.base import Loading
from captions.errors import CaptionError
from captions.transcribe import transcribe_chunks
from pipeline.post import words_file
from pipeline.post.words_file import Head


@dataclass(frozen=True, slots=True)
class Spec:
    """`audio` counts the sound streams from 0; `models` and `cache` are folders of weights."""

    sound: str
    audio: int
    length_ms: int
    words: str
    recipe: str
    engine: str
    model: str
    language: str
    prompt: str | None
    models: str
    cache: str

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Spec":
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def hear(spec: Spec) -> None:
    """All that is missing in the words file."""
    loading = Loading(models=_folder(spec.models), cache=_folder(spec.cache), may_fetch=True)
    engine = load_engine(spec.engine, spec.model, loading)
    head = Head(spec.recipe, spec.language, engine.name, engine.model)
    path = Path(spec.words)
    kept = words_file.begin(path, head)
    start_ms = kept.done_ms
    _tell(start_ms, spec)
    if spec.length_ms and start_ms >= spec.length_ms:
        return
    with closing(blocks(Path(spec.sound), spec.audio, start_ms)) as sound:
        for piece in transcribe_chunks(
            sound, engine, language=spec.language, prompt=spec.prompt, start_ms=start_ms
        ):
            words_file.add(path, piece)
            _tell(piece.done_ms, spec)


def _tell(done_ms: int, spec: Spec) -> None:
    share = min(1.0, done_ms / spec.length_ms) if spec.length_ms else 0.0
    sys.stdout.write(f"{share:.4f}\n")
    sys.stdout.flush()


def main() -> int:
    try:
        hear(Spec.load(Path(sys.argv[1])))
    except CaptionError as error:
        told = {"code": error.code, "fields": {key: str(value) for key, value in error.fields.items()}}
        sys.stderr.write(json.dumps(told) + "\n")
        return 1
    return 0


def _folder(text: str) -> Path | None:
    return Path(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
