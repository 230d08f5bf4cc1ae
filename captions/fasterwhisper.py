"""faster-whisper, in the one file that imports it: Whisper on CTranslate2, and silero's voice detector, whose
weights lie in its wheel and need no network."""

import logging
from pathlib import Path
from typing import Any

from captions.audio import Samples


def voice(samples: Samples, *, shortest_ms: int, pause_ms: int) -> list[tuple[int, int]]:
    """The stretches of voice in at most a minute of sound, as samples from and to.

    `shortest_ms` of voice count; `pause_ms` without one part two stretches (silero's own 2 s would merge
    sentences).
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        threshold=0.5, min_speech_duration_ms=shortest_ms, min_silence_duration_ms=pause_ms, speech_pad_ms=0
    )
    return [(one["start"], one["end"]) for one in get_speech_timestamps(samples, options)]


def cards() -> int:
    """How many graphics cards CTranslate2 can use. Raises ImportError where it is not installed."""
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def load(folder: Path, *, device: str, compute_type: str, threads: int) -> tuple[Any, Any]:
    """A converted model, and the same for several sounds at once. Raises what CTranslate2 raises."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # it tells the length of every sound
    model = WhisperModel(
        str(folder), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
    )
    return model, BatchedInferencePipeline(model)
