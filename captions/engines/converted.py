"""The folder with a checkpoint converted for CTranslate2: made once, whole or not at all."""

import hashlib
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from captions.errors import CaptionError

log = logging.getLogger(__name__)

_FORM = 1  # counts up when the conversion changes
_TIMEOUT_S = 1800
_SAMPLE = 1 << 20


def converted(checkpoint: Path, kind: str, cache: Path | None = None) -> Path:
    """The folder for `checkpoint` (a .pt file) in the type `kind`, converted on first use (seconds for `small`, a
    minute for `large`), in `cache` (None: the user's cache folder).

    Raises CaptionError `captions.model-broken` (model, detail) and `captions.cannot-write` (path, detail).
    """
    folder = cache or user_cache_path("ekultura", appauthor=False) / "models"
    try:
        target = folder / f"{checkpoint.stem}-{_mark(checkpoint)}-{kind}"
        if (target / "model.bin").is_file():
            return target
        folder.mkdir(parents=True, exist_ok=True)
        log.info("converting the weights of %s (%s), once", checkpoint.stem, kind)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".convert-") as beside:
            made = Path(beside) / "model"
            made.mkdir()
            _convert(checkpoint, made, kind)
            try:
                made.rename(target)
            except OSError:
                if not (target / "model.bin").is_file():  # another process was first: its folder is as good
                    raise
    except OSError as error:
        raise CaptionError(
            "captions.cannot-write", path=str(folder), detail=error.strerror or str(error)
        ) from error
    return target


def _convert(checkpoint: Path, made: Path, kind: str) -> None:
    argv = [sys.executable, "-P", "-W", "ignore", "-m", "captions.engines.convert"]
    argv += [str(checkpoint), str(made), kind]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise CaptionError("captions.model-broken", model=checkpoint.stem, detail="timeout") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        detail = lines[-1][:300] if lines else f"exit code {done.returncode}"
        raise CaptionError("captions.model-broken", model=checkpoint.stem, detail=detail)


def _mark(checkpoint: Path) -> str:
    """What tells one checkpoint from another without reading gigabytes: its size, beginning, middle and end."""
    size = checkpoint.stat().st_size
    digest = hashlib.sha256(f"{_FORM} {size} ".encode())
    with checkpoint.open("rb") as file:
        for at in (0, size // 2, max(0, size - _SAMPLE)):
            file.seek(at)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:16]
