"""OpenAI's Whisper through its own package. The only file that imports whisper."""

import base64
import gzip
import logging
import math
import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from captions.audio import Samples
from captions.engines.base import LOCAL, Loading, Utterance
from captions.engines.models import DEMO, SIZES, default_folder, weights
from captions.errors import CaptionError
from captions.model import Word

log = logging.getLogger(__name__)

NAME = "openai-whisper"
_NETWORK_S = 30.0


class OpenAiWhisper:
    """A Whisper checkpoint in torch: fp32 on a processor, fp16 on a graphics card."""

    name = NAME
    batch = 1

    def __init__(self, model: str, loading: Loading = LOCAL) -> None:
        """Load `model` (see `engines.models.weights`). Raises CaptionError `captions.model-missing`,
        `captions.unknown-model`, `captions.model-broken` (model, detail), `captions.engine-missing`."""
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # or torch crawls beside a busy neighbour
        found = weights(model, loading.models, loading.cache, may_fetch=loading.may_fetch)
        try:
            import torch
            import whisper
        except ImportError as error:
            raise CaptionError("captions.engine-missing", engine=NAME, detail=str(error)) from error
        if loading.threads is not None:
            torch.set_num_threads(loading.threads)
        if found in SIZES:
            found = fetch(found, loading.models)
        size = Path(found).stem
        try:
            self._whisper: Any = whisper.load_model(found)
            if size in SIZES:
                # the loader knows the heads that follow the words only by a size's name, not by its file's
                self._whisper.set_alignment_heads(whisper._ALIGNMENT_HEADS[size])
        except Exception as error:  # a file that is no checkpoint raises almost anything
            raise CaptionError("captions.model-broken", model=model, detail=_short(error)) from error
        self.model = model if model == DEMO else size
        self._languages = frozenset(whisper.tokenizer.LANGUAGES)
        self._on_card = self._whisper.device.type == "cuda"
        self._word_times = size in SIZES

    def hear(self, samples: Samples, language: str, prompt: str | None) -> list[Utterance]:
        """See `engines.base.Engine`."""
        if language not in self._languages:
            raise CaptionError("captions.unknown-language", language=language)
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
            raise CaptionError("captions.engine-failed", engine=NAME, detail=_short(error)) from error
        made = [_utterance(segment) for segment in heard["segments"]]
        return [utterance for utterance in made if utterance.text]

    def hear_several(self, sounds: Sequence[Samples], language: str, prompt: str | None) -> list[list[Utterance]]:
        """See `engines.base.Engine`: one after the other."""
        return [self.hear(sound, language, prompt) for sound in sounds]


def languages() -> tuple[str, ...]:
    """Whisper's languages in the order of their tokens."""
    import whisper

    return tuple(whisper.tokenizer.LANGUAGES)


def alignment_heads(size: str, dims: Mapping[str, int]) -> list[list[int]] | None:
    """The heads (layer, number) that follow the words, for a size whose heads are known."""
    import whisper

    packed = whisper._ALIGNMENT_HEADS.get(size)
    if packed is None:
        return None
    marks = np.frombuffer(gzip.decompress(base64.b85decode(packed)), dtype=bool)
    places = np.argwhere(marks.reshape(dims["n_text_layer"], dims["n_text_head"]))
    return [[int(layer), int(head)] for layer, head in places]


def fetch(size: str, models: Path | None = None) -> str:
    """Fetch a size's weights (checked by OpenAI's digest) into the folder of weights; the file's path.

    Raises CaptionError `captions.model-missing` where the network does not give them."""
    import whisper

    return _fetched(whisper, size, models or default_folder())


def _fetched(whisper: Any, size: str, folder: Path) -> str:
    """Fetch a size's weights into a folder of their own, and move them to their place once they are whole.

    Raises CaptionError `captions.model-missing` where the network does not give them."""
    log.info("fetching the weights of %s", size)
    target = folder / f"{size}.pt"
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_NETWORK_S)  # the loader sets none of its own and would wait for ever
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as beside:
            Path(whisper._download(whisper._MODELS[size], beside, False)).replace(target)
    except (OSError, RuntimeError) as error:
        raise CaptionError("captions.model-missing", model=size, folder=str(folder)) from error
    finally:
        socket.setdefaulttimeout(before)
    return str(target)


def _short(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__


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
