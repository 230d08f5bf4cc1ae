"""The speech engines by name, the fastest first."""

import logging
from collections.abc import Callable

from captions.engines.base import LOCAL, Engine, Loading
from captions.errors import CaptionError

log = logging.getLogger(__name__)


def _faster_whisper(model: str, loading: Loading) -> Engine:
    from captions.engines.faster import FasterWhisper

    return FasterWhisper(model, loading)


def _openai_whisper(model: str, loading: Loading) -> Engine:
    from captions.engines.openai_whisper import OpenAiWhisper

    return OpenAiWhisper(model, loading)


ENGINES: dict[str, Callable[[str, Loading], Engine]] = {
    "faster-whisper": _faster_whisper,
    "openai-whisper": _openai_whisper,
}

# What another engine may do better; a model that is not here is not here for any of them.
_OF_THE_ENGINE = {"captions.engine-missing", "captions.model-broken", "captions.cannot-write"}


def load_engine(engine: str = "auto", model: str = "auto", loading: Loading = LOCAL) -> Engine:
    """The engine of that name with its model loaded; `auto` is the fastest that works with this model here.

    Raises CaptionError `captions.unknown-engine` (engine, known) and what loading raises.
    """
    if engine == "auto":
        *faster, last = ENGINES
        for name in faster:
            try:
                return ENGINES[name](model, loading)
            except CaptionError as error:
                if error.code not in _OF_THE_ENGINE:
                    raise
                log.warning("%s cannot be used: %s", name, error)
        return ENGINES[last](model, loading)
    if engine not in ENGINES:
        raise CaptionError("captions.unknown-engine", engine=engine, known=", ".join(ENGINES))
    return ENGINES[engine](model, loading)
