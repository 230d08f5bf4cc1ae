"""Whisper's weights on CTranslate2 through faster-whisper: in 8 bits on a processor, in fp16 on a graphics card."""

import logging
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from captions.audio import RATE, Samples
from captions.engines.base import LOCAL, Loading, Utterance
from captions.engines.converted import converted
from captions.engines.models import DEMO, SIZES, weights
from captions.errors import CaptionError
from captions.fasterwhisper import cards, load
from captions.model import Word

log = logging.getLogger(__name__)

NAME = "faster-whisper"
_TOKENS = 220  # with the longest prompt (223) and its four marks this fills the model's 448 places
_BATCH = 8
_COMPRESSION = 2.4  # text that packs better repeats itself
_LOG_PROBABILITY = -1.0  # less sure than this is heard again
_REST_S = 1.0  # a pass that ends so long before its sound has left something out: sounds are cut behind a voice


class FasterWhisper:
    """A checkpoint converted on first use (see `engines.converted`)."""

    name = NAME
    batch = _BATCH

    def __init__(self, model: str, loading: Loading = LOCAL) -> None:
        """Load `model` (see `engines.models.weights`). Raises CaptionError `captions.model-missing`,
        `captions.unknown-model`, `captions.model-broken` (model, detail), `captions.engine-missing`."""
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # or it crawls beside a busy neighbour
        found = weights(model, loading.models, loading.cache, may_fetch=loading.may_fetch)
        if found in SIZES:
            from captions.engines.openai_whisper import fetch  # the weights are OpenAI's, whoever runs them

            found = fetch(found, loading.models)
        size = Path(found).stem
        exact = "float32" if model == DEMO else "int8"  # in so small a model rounding costs words
        try:
            self._model, self._several = _loaded(Path(found), exact, loading)
        except ImportError as error:
            raise CaptionError("captions.engine-missing", engine=NAME, detail=str(error)) from error
        self.model = model if model == DEMO else size
        self._languages = frozenset(self._model.supported_languages)
        self._word_times = size in SIZES

    def hear(self, samples: Samples, language: str, prompt: str | None) -> list[Utterance]:
        """See `engines.base.Engine`."""
        self._must_know(language)
        silence: dict[str, Any] = {"hallucination_silence_threshold": 2.0} if self._word_times else {}
        try:
            segments, _ = self._model.transcribe(
                samples,
                temperature=(0.0, 0.2, 0.4),
                condition_on_previous_text=False,
                best_of=1,
                **silence,
                **self._options(language, prompt),
            )
            return _utterances(segments, 0.0)
        except (RuntimeError, ValueError) as error:
            raise CaptionError("captions.engine-failed", engine=NAME, detail=str(error)[:200]) from error

    def hear_several(self, sounds: Sequence[Samples], language: str, prompt: str | None) -> list[list[Utterance]]:
        """See `engines.base.Engine`: one pass over all; what it is not sure of is heard once more, alone, with
        the guards that the one pass lacks."""
        if len(sounds) == 1:
            return [self.hear(sounds[0], language, prompt)]
        self._must_know(language)
        ends = np.cumsum([len(sound) for sound in sounds])
        clips = [
            {"start": (end - len(sound)) / RATE, "end": end / RATE} for sound, end in zip(sounds, ends, strict=True)
        ]
        try:
            segments, _ = self._several.transcribe(
                np.concatenate(sounds),
                clip_timestamps=clips,
                vad_filter=False,
                batch_size=len(sounds),
                temperature=0.0,
                without_timestamps=False,
                **self._options(language, prompt),
            )
            heard = list(segments)
        except (RuntimeError, ValueError) as error:
            raise CaptionError("captions.engine-failed", engine=NAME, detail=str(error)[:200]) from error
        made = []
        for sound, clip in zip(sounds, clips, strict=True):
            own = [one for one in heard if one.seek == int(clip["start"] * 100)]
            sure = _sure(own) and own[-1].end >= clip["end"] - _REST_S
            made.append(_utterances(own, clip["start"]) if sure else self.hear(sound, language, prompt))
        return made

    def _must_know(self, language: str) -> None:
        if language not in self._languages:
            raise CaptionError("captions.unknown-language", language=language)

    def _options(self, language: str, prompt: str | None) -> dict[str, Any]:
        return {
            "language": language,
            "beam_size": 1,
            "initial_prompt": prompt,
            "max_new_tokens": _TOKENS,
            "word_timestamps": self._word_times,
        }


def _loaded(checkpoint: Path, plain: str, loading: Loading) -> tuple[Any, Any]:
    """On the graphics card where there is one and it works, else on the processor in the type `plain`."""
    detail = ""
    for device, kind in ([("cuda", "float16")] if cards() else []) + [("cpu", plain)]:
        folder = converted(checkpoint, kind, loading.cache)
        try:
            return load(folder, device=device, compute_type=kind, threads=loading.threads or 0)
        except (RuntimeError, ValueError) as error:
            detail = str(error).strip()[:200]
            log.warning("%s: not on %s: %s", NAME, device, detail)
    raise CaptionError("captions.model-broken", model=checkpoint.stem, detail=detail)


def _sure(segments: Sequence[Any]) -> bool:
    """Nothing heard in a sound with a voice, a loop, or words that the model itself doubts: not sure."""
    return bool(segments) and all(
        one.compression_ratio <= _COMPRESSION and one.avg_logprob >= _LOG_PROBABILITY for one in segments
    )


def _utterances(segments: Iterable[Any], start_s: float) -> list[Utterance]:
    made = [_utterance(segment, start_s) for segment in segments]
    return [utterance for utterance in made if utterance.text]


def _utterance(segment: Any, start_s: float) -> Utterance:
    words = tuple(
        Word(_ms(word.start - start_s), _ms(word.end - start_s), word.word.strip(), float(word.probability))
        for word in segment.words or ()
        if word.word.strip()
    )
    probability = math.exp(min(0.0, float(segment.avg_logprob)))
    return Utterance(
        _ms(segment.start - start_s), _ms(segment.end - start_s), segment.text.strip(), probability, words
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
