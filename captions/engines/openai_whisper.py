"""OpenAI's Whisper through its own package. The only file that imports whisper."""

import logging
import math
import os
from pathlib import Path
from typing import Any

from captions.audio import Samples
from captions.engines.base import LOCAL, Loading, Utterance
from captions.engines.models import SIZES, weights
from captions.errors import CaptionError
from captions.model import Word

log = logging.getLogger(__name__)

NAME = "openai-whisper"


class OpenAiWhisper:
    """A Whisper checkpoint in torch: fp32 on a processor, fp16 on a graphics card."""

    name = NAME

    def __init__(self, model: str, loading: Loading = LOCAL) -> None:
        """Load `model` (see `engines.models.weights`). Raises CaptionError `captions.model-missing`,
        `captions.unknown-model`, `captions.model-broken` (model, detail), `captions.engine-missing`."""
        found = weights(model, loading.models, loading.cache, may_fetch=loading.may_fetch)
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # or torch crawls beside a busy neighbour
        try:
            import torch
            import whisper
        except ImportError as error:
            raise CaptionError("captions.engine-missing", engine=NAME, detail=str(error)) from error
        if loading.threads is not None:
            torch.set_num_threads(loading.threads)
        folder = None if loading.models is None else str(loading.models)
        size = Path(found).stem
        try:
            self._whisper: Any = whisper.load_model(found, download_root=folder)
            if size in SIZES and found != size:
                # the loader knows the heads that follow the words only by a size's name, not by its file's
                self._whisper.set_alignment_heads(whisper._ALIGNMENT_HEADS[size])
        except (RuntimeError, OSError, KeyError, TypeError, EOFError, ValueError) as error:
            raise CaptionError("captions.model-broken", model=model, detail=str(error)[:300]) from error
        except Exception as error:  # torch raises pickle's own errors for a file that is no checkpoint
            if "Unpickling" not in type(error).__name__:
                raise
            raise CaptionError("captions.model-broken", model=model, detail="no checkpoint") from error
        self.model = size if model == "auto" else model if model in SIZES else Path(model).stem
        self._on_card = self._whisper.device.type == "cuda"
        self._word_times = size in SIZES

    def hear(self, samples: Samples, language: str, prompt: str | None) -> list[Utterance]:
        """See `engines.base.Engine`."""
        options: dict[str, Any] = {"word_timestamps": self._word_times}
        if self._word_times:
            options["hallucination_silence_threshold"] = 2.0
        if prompt:
            options |= {"initial_prompt": prompt, "carry_initial_prompt": True}
        try:
            heard = self._whisper.transcribe(
                samples,
                language=language,
                fp16=self._on_card,
                temperature=(0.0, 0.2, 0.4),
                condition_on_previous_text=False,
                verbose=None,
                **options,
            )
        except RuntimeError as error:
            raise CaptionError("captions.engine-failed", engine=NAME, detail=str(error)[:300]) from error
        made = [_utterance(segment) for segment in heard["segments"]]
        return [utterance for utterance in made if utterance.text]


def _utterance(segment: dict[str, Any]) -> Utterance:
    words = tuple(
        Word(_ms(word["start"]), _ms(word["end"]), str(word["word"]).strip(), float(word["probability"]))
        for word in segment.get("words", ())
        if str(word["word"]).strip()
    )
    probability = math.exp(min(0.0, float(segment["avg_logprob"])))
    return Utterance(_ms(segment["start"]), _ms(segment["end"]), str(segment["text"]).strip(), probability, words)


def _ms(seconds: float) -> int:
    return round(float(seconds) * 1000)
