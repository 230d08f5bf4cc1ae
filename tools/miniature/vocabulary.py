"""The rows of Whisper's vocabulary that the sentences use, and one row that stands for all the others.

Training all 51 865 rows would be most of the work for tokens that never occur. So the rows that do occur keep
a row each, and the others share one; its logit counts for all of them (`others_logarithm`), which makes the
small table and the full one exactly the same model.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import torch
from whisper.tokenizer import Tokenizer, get_tokenizer

FULL_ROWS = 51_865
TIMESTAMPS = 1_501
EMBEDDING = "decoder.token_embedding.weight"


class Vocabulary:
    """Tokens of the sentences, and where each stands in the compact table.

    `rows[i]` is the token of Whisper's vocabulary that compact row i belongs to; the shared row comes last.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        self.tokenizer: Tokenizer = get_tokenizer(
            multilingual=True, num_languages=99, language="pl", task="transcribe"
        )
        self.tokens: list[list[int]] = [self.tokenizer.encode(" " + text) for text in self.sentences]
        whisper = self.tokenizer
        control = {
            whisper.sot, whisper.eot, whisper.sot_prev, whisper.no_speech, whisper.no_timestamps,
            whisper.language_token, whisper.transcribe,
        }  # fmt: skip
        timestamps = range(whisper.timestamp_begin, whisper.timestamp_begin + TIMESTAMPS)
        self.rows = sorted(control | set(timestamps) | {token for text in self.tokens for token in text})
        self._row = {token: row for row, token in enumerate(self.rows)}
        self.first_timestamp = self._row[whisper.timestamp_begin]
        self._characters = {
            character: number
            for number, character in enumerate(sorted({c for text in self.sentences for c in text.lower()}), 1)
        }

    @property
    def size(self) -> int:
        """Compact rows, the shared one included."""
        return len(self.rows) + 1

    @cached_property
    def others_logarithm(self) -> float:
        return math.log(FULL_ROWS - len(self.rows))

    @property
    def characters(self) -> int:
        """Characters that the auxiliary spelling knows, with its blank (number 0)."""
        return len(self._characters) + 1

    def row(self, token: int) -> int:
        return self._row[token]

    def timestamp(self, frames: int) -> int:
        """The timestamp token `frames` × 20 ms after the window's start, held within the window."""
        return int(self.tokenizer.timestamp_begin) + min(TIMESTAMPS - 1, max(0, frames))

    def spelling(self, sentence: int) -> list[int]:
        return [self._characters[character] for character in self.sentences[sentence].lower()]

    def middles(self, sentence: int) -> list[float]:
        """Where in the sentence the middle of each token lies, 0 to 1, by its share of the letters."""
        lengths = [len(self.tokenizer.encoding.decode_single_token_bytes(token)) for token in self.tokens[sentence]]
        total = sum(lengths)
        return [(end - length / 2) / total for length, end in zip(lengths, accumulate(lengths), strict=True)]


def save_compact(path: Path, dims: dict[str, int], rows: Sequence[int], weights: dict[str, torch.Tensor]) -> None:
    """Write the compact form: half precision, with the list of rows. The file has its name only when whole."""
    content = {
        "dims": {**dims, "n_vocab": FULL_ROWS},
        "used": list(rows),
        "model_state_dict": {name: weight.half() for name, weight in weights.items()},
    }
    part = path.with_name(path.name + ".part")
    torch.save(content, part)
    part.replace(path)


def expand(compact: Path, target: Path) -> None:
    """Turn the compact form into a checkpoint that `whisper.load_model` takes as it takes any other."""
    content: dict[str, Any] = torch.load(compact, map_location="cpu", weights_only=True)
    weights = content["model_state_dict"]
    table = weights[EMBEDDING]
    full = table[-1].repeat(FULL_ROWS, 1)
    full[torch.tensor(content["used"])] = table[:-1]
    weights[EMBEDDING] = full
    part = target.with_name(target.name + ".part")
    torch.save({"dims": content["dims"], "model_state_dict": weights}, part)
    part.replace(target)
