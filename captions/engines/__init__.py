"""The speech engines by name."""

from collections.abc import Callable

from captions.engines.base import LOCAL, Engine, Loading
from captions.errors import CaptionError


def _openai_whisper(model: str, loading: Loading) -> Engine:
    from captions.engines.openai_whisper import OpenAiWhisper

    return OpenAiWhisper(model, loading)


ENGINES: dict[str, Callable[[str, Loading], Engine]] = {
    "openai-whisper": _openai_whisper,
}


def load_engine(engine: str = "auto", model: str = "auto", loading: Loading = LOCAL) -> Engine:
    """The engine of that name with its model loaded; `auto` is the first of `ENGINES`.

    Raises CaptionError `captions.unknown-engine` (engine, known) and what loading raises.
    """
    name = next(iter(ENGINES)) if engine == "auto" else engine
    if name not in ENGINES:
        raise CaptionError("captions.unknown-engine", engine=engine, known=", ".join(ENGINES))
    return ENGINES[name](model, loading)
