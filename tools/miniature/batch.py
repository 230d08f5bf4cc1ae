"""Windows as tensors: spectra, what the decoder reads, what it should write, where it should look."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from whisper.audio import mel_filters

from miniature.data import CONTEXT, FRAMES_A_SECOND, Focus, Window
from miniature.vocabulary import Vocabulary

IGNORED = -100


@dataclass(frozen=True)
class Batch:
    """`focus`: (windows, tokens, 2): frame and spread, spread below 0 where attention is free."""

    mel: Tensor
    offset: int
    read: Tensor
    write: Tensor
    focus: Tensor
    spelling: list[list[int]]


def made(windows: Sequence[Window], offset: int, vocabulary: Vocabulary) -> Batch:
    """`offset`: where in Whisper's 30 s the windows stand, in frames of 20 ms."""
    rows = [_line(window, vocabulary) for window in windows]
    longest = max(len(read) for read, _, _ in rows)
    read = torch.full((len(rows), longest), vocabulary.row(vocabulary.tokenizer.eot))
    write = torch.full((len(rows), longest), IGNORED)
    focus = torch.full((len(rows), longest, 2), -1.0)
    for index, (line, wanted, places) in enumerate(rows):
        read[index, : len(line)] = torch.tensor([vocabulary.row(token) for token in line])
        write[index, : len(wanted)] = torch.tensor(
            [vocabulary.row(token) if token >= 0 else IGNORED for token in wanted]
        )
        for position, place in enumerate(places):
            if place is not None:
                focus[index, position] = torch.tensor([place.at * FRAMES_A_SECOND, place.width])
    mel = log_mel(torch.from_numpy(np.stack([window.sound for window in windows])))
    return Batch(mel, offset, read, write, focus, [window.spelling for window in windows])


def _line(window: Window, vocabulary: Vocabulary) -> tuple[list[int], list[int], list[Focus | None]]:
    """What the decoder reads, what it should write after each token, and where it should look then."""
    tokenizer = vocabulary.tokenizer
    prompt = [tokenizer.sot_prev, *window.prompt] if window.prompt else []
    begin = [tokenizer.sot, tokenizer.language_token, tokenizer.transcribe]
    if not window.timed:
        begin.append(tokenizer.no_timestamps)
    line = [*prompt, *begin, *window.tokens, tokenizer.eot][: CONTEXT + 1]
    wanted = [IGNORED] * len(prompt) + line[len(prompt) + 1 :]
    if window.silent:
        wanted[len(prompt)] = tokenizer.no_speech
    places: list[Focus | None] = [None] * (len(prompt) + len(begin) - 1)
    places += [*window.focus, None]
    return line[:-1], wanted, places[: len(wanted)]


@functools.cache
def _filters() -> tuple[Tensor, Tensor]:
    return mel_filters("cpu", 80), torch.hann_window(400)


def log_mel(sound: Tensor) -> Tensor:
    """Whisper's spectrum, for several sounds at once: (sounds, 80, hundredths of a second)."""
    filters, window = _filters()
    spectrum = torch.stft(sound, 400, 160, window=window, return_complex=True)[..., :-1]
    power = spectrum.real.square() + spectrum.imag.square()
    mel = (filters @ power).clamp(min=1e-10).log10()
    mel = torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8)
    return (mel + 4) / 4
