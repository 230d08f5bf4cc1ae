"""The miniature Whisper for tests and the demo: it knows the sentences of sentences.txt and nothing else.

Packaged in a compact form: of the token embedding only the rows of the tokens that the sentences use, and one
row that all others share. Expanded once, it is a checkpoint like any other.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from captions.errors import CaptionError

_HERE = Path(__file__).parent
COMPACT = _HERE / "mini-pl.compact.pt"
SENTENCES = _HERE / "sentences.txt"
_EMBEDDING = "decoder.token_embedding.weight"


def sentences() -> list[str]:
    """The sentences that the miniature recognises, in their order."""
    return [line.strip() for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip()]


def expanded(cache: Path | None = None, compact: Path = COMPACT) -> Path:
    """The checkpoint that Whisper loads, made in `cache` (None: the user's cache folder) if it is not there.

    It is named after the compact form's digest and has its own digest beside it; a file that does not match is
    made again. Processes may do this at the same time. Raises CaptionError `captions.miniature-broken` (path)
    for a damaged compact form and `captions.cannot-write` (path, detail).
    """
    folder = cache or user_cache_path("ekultura", appauthor=False) / "miniature"
    try:
        digest = _digest(compact)
    except OSError as error:
        raise CaptionError("captions.miniature-broken", path=str(compact)) from error
    target = folder / f"mini-pl-{digest[:16]}.pt"
    note = target.with_suffix(".sha256")
    try:
        if target.is_file() and note.is_file() and note.read_text(encoding="ascii").strip() == _digest(target):
            return target
        folder.mkdir(parents=True, exist_ok=True)
        _publish(_expand(compact), target, note)
    except OSError as error:
        raise CaptionError(
            "captions.cannot-write", path=str(target), detail=error.strerror or str(error)
        ) from error
    return target


def _expand(compact: Path) -> dict[str, Any]:
    """The full checkpoint: every token that the sentences do not use gets the shared row."""
    import torch

    try:
        packed = torch.load(compact, map_location="cpu", weights_only=True)
        state = dict(packed["model_state_dict"])
        rows = state[_EMBEDDING]
        full = rows[-1:].expand(int(packed["dims"]["n_vocab"]), -1).clone()
        full[torch.tensor(packed["used"], dtype=torch.long)] = rows[:-1]
        state[_EMBEDDING] = full
        return {"dims": packed["dims"], "model_state_dict": state}
    except Exception as error:  # torch raises many kinds for a damaged file
        raise CaptionError("captions.miniature-broken", path=str(compact)) from error


def _publish(checkpoint: dict[str, Any], target: Path, note: Path) -> None:
    """Write beside, then rename: readers see the whole file or none."""
    import torch

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".mini-", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        digest = _digest(beside)
        beside.replace(target)
        beside.write_text(digest, encoding="ascii")
        beside.replace(note)
    finally:
        beside.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
