"""Which file a model's name means. Loads nothing."""

from pathlib import Path

from platformdirs import user_cache_path

from captions.errors import CaptionError
from captions.miniature import expanded

DEMO = "demo"
SIZES = ("tiny", "base", "small", "medium", "large-v2", "large-v3", "large-v3-turbo")
_PREFERRED = ("large-v3-turbo", "medium", "small", "base", "tiny", "large-v3", "large-v2")


def default_folder() -> Path:
    """Where weights lie when nothing else is said: Whisper's own cache."""
    return user_cache_path("whisper", appauthor=False)


def weights(name: str, models: Path | None = None, cache: Path | None = None, *, may_fetch: bool = False) -> str:
    """What the loader is to be given: a checkpoint's path, or a size's name that it may fetch.

    `demo` is the packaged miniature, expanded into `cache`; a name that ends in .pt is a file; `auto` is the
    best size whose weights are here. The miniature is never taken by itself: it knows only its own sentences.
    Raises CaptionError `captions.model-missing` (model, folder) or `captions.unknown-model` (model, known).
    """
    if name == DEMO:
        return str(expanded(cache))
    if name.endswith(".pt"):
        if not Path(name).is_file():
            raise CaptionError("captions.model-missing", model=name, folder=str(Path(name).parent))
        return name
    folder = models or default_folder()
    if name == "auto":
        here = [size for size in _PREFERRED if (folder / f"{size}.pt").is_file()]
        if here:
            return str(folder / f"{here[0]}.pt")
        name = "small"
    elif name not in SIZES:
        raise CaptionError("captions.unknown-model", model=name, known=", ".join((*SIZES, DEMO)))
    path = folder / f"{name}.pt"
    if path.is_file():
        return str(path)
    if may_fetch:
        return name
    raise CaptionError("captions.model-missing", model=name, folder=str(folder))
