"""What a speech engine must do. One engine, one file; each is imported only when it is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from captions.audio import Samples
from captions.model import Word


@dataclass(frozen=True, slots=True)
class Utterance:
    """A phrase as the engine gives it, in ms from the chunk's beginning. `words` is empty where the model has
    no trained word times: then they are shared out over the voice found in the phrase's time."""

    start_ms: int
    end_ms: int
    text: str
    probability: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Loading:
    """How a model is found and loaded. `models` is the folder of weights (None: the engine's own cache);
    nothing is fetched from a network unless `may_fetch`. `threads` None leaves the engine's default."""

    models: Path | None = None
    cache: Path | None = None
    may_fetch: bool = False
    threads: int | None = None


LOCAL = Loading()  # nothing fetched, the engine's own folders


class Engine(Protocol):
    """A loaded engine with a loaded model; `name` and `model` are kept with what it heard.

    `hear` is given at most 30 s of 16 kHz mono sound and may be called again and again; it keeps nothing from
    one call to the next. Silence gives an empty list. It raises CaptionError `captions.engine-failed` when the
    engine itself fails; the same call may then be tried again.
    """

    name: str
    model: str
    batch: int  # so many sounds at once are faster than one after the other; 1: they are not

    def hear(self, samples: Samples, language: str, prompt: str | None) -> list[Utterance]: ...

    def hear_several(self, sounds: Sequence[Samples], language: str, prompt: str | None) -> list[list[Utterance]]:
        """As `hear`, for each of up to `batch` sounds that have nothing to do with each other."""
        ...
