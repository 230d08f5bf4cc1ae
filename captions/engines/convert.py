"""A Whisper checkpoint made into what CTranslate2 loads.

Usage: python -P -m captions.engines.convert SOURCE TARGET TYPE

A process of its own, so that the checkpoint's memory and torch go with it. TYPE is a type of CTranslate2's
(`int8` for processors, `float16` for graphics cards). Nothing is fetched: the tokenizer is built from the byte
pairs in openai-whisper's own package. After an error the last line on standard error says it, exit code 1.
"""

import base64
import importlib.util
import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from captions.engines.openai_whisper import alignment_heads, languages

_LAST_TIME = 1500  # times of 20 ms up to 30 s
_PLAIN = 50257  # tokens of text; behind them the marks
_SPACE = 220

Weights = Mapping[str, "np.ndarray[Any, Any]"]


def convert(source: Path, target: Path, kind: str) -> None:
    """Write the converted model into the folder `target`, which must exist. Raises ValueError for a checkpoint
    of another sort (English alone), and what torch and CTranslate2 raise."""
    import torch

    checkpoint = torch.load(source, map_location="cpu", weights_only=True, mmap=True)
    dims: dict[str, int] = checkpoint["dims"]
    known = dims["n_vocab"] - _PLAIN - _LAST_TIME - 9  # all marks but languages and times are eight
    if known not in (99, 100):
        raise ValueError("no checkpoint for many languages")
    weights = {name: tensor.numpy() for name, tensor in checkpoint["model_state_dict"].items()}
    tokens = write_tokenizer(target / "tokenizer.json", languages()[:known])
    if len(tokens) != dims["n_vocab"]:
        raise ValueError(f"{len(tokens)} tokens for {dims['n_vocab']} rows")
    sound = {
        "feature_size": dims["n_mels"],
        "sampling_rate": 16000,
        "hop_length": 160,
        "n_fft": 400,
        "chunk_length": 30,
    }
    (target / "preprocessor_config.json").write_text(json.dumps(sound), encoding="utf-8")
    spec = _specification(dims, weights)
    spec.config.suppress_ids_begin = [_SPACE, _PLAIN]
    spec.config.suppress_ids = []
    spec.config.lang_ids = list(range(_PLAIN + 2, _PLAIN + 2 + known))
    upper = itertools.product(range(dims["n_text_layer"] // 2, dims["n_text_layer"]), range(dims["n_text_head"]))
    spec.config.alignment_heads = alignment_heads(source.stem, dims) or [list(head) for head in upper]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization=kind)
    spec.save(str(target))


def _specification(dims: Mapping[str, int], weights: Weights) -> Any:
    from ctranslate2.specs import whisper_spec

    spec = whisper_spec.WhisperSpec(
        dims["n_audio_layer"], dims["n_audio_head"], dims["n_text_layer"], dims["n_text_head"]
    )
    for name, half in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        half.position_encodings.encodings = weights[f"{name}.positional_embedding"]
        for number, layer in enumerate(half.layer):
            _layer(layer, weights, f"{name}.blocks.{number}")
    for conv in ("conv1", "conv2"):
        _linear(getattr(spec.encoder, conv), weights, f"encoder.{conv}")
    _norm(spec.encoder.layer_norm, weights, "encoder.ln_post")
    _norm(spec.decoder.layer_norm, weights, "decoder.ln")
    embedding = weights["decoder.token_embedding.weight"]
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = embedding
    return spec


def _layer(layer: Any, weights: Weights, name: str) -> None:
    from ctranslate2.converters.utils import fuse_linear
    from ctranslate2.specs.common_spec import LinearSpec

    for attention, part in ((layer.self_attention, "attn"), (getattr(layer, "attention", None), "cross_attn")):
        if attention is None or f"{name}.{part}.out.weight" not in weights:
            continue
        parts = [LinearSpec(), LinearSpec(), LinearSpec()]
        for one, role in zip(parts, ("query", "key", "value"), strict=True):
            _linear(one, weights, f"{name}.{part}.{role}")
        if part == "attn":
            fuse_linear(attention.linear[0], parts)
        else:
            fuse_linear(attention.linear[0], parts[:1])
            fuse_linear(attention.linear[1], parts[1:])
        _linear(attention.linear[-1], weights, f"{name}.{part}.out")
        _norm(attention.layer_norm, weights, f"{name}.{part}_ln")
    _linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")
    _norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")


def _linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight = weights[f"{name}.weight"]
    if f"{name}.bias" in weights:
        spec.bias = weights[f"{name}.bias"]


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def write_tokenizer(path: Path, spoken: tuple[str, ...]) -> list[str]:
    """Write the tokenizer for these languages and return all its tokens by number."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    ranks = _ranks()
    letters = _letters()

    def shown(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    plain = {shown(token): rank for token, rank in ranks.items()}
    pairs = [(rank, _halves(token, ranks)) for token, rank in ranks.items() if len(token) > 1]
    merges = [(shown(one), shown(two)) for _, (one, two) in sorted(pairs)]
    marks = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{language}|>" for language in spoken)]
    marks += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>"]
    marks += ["<|notimestamps|>", *(f"<|{step * 0.02:.2f}|>" for step in range(_LAST_TIME + 1))]
    tokenizer = Tokenizer(models.BPE(vocab=plain, merges=merges, fuse_unk=False))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    tokenizer.save(str(path))
    return [*sorted(plain, key=plain.__getitem__), *marks]


def _ranks() -> dict[bytes, int]:
    """The byte pairs of openai-whisper's package, each with its number."""
    found = importlib.util.find_spec("whisper")
    if found is None or not found.submodule_search_locations:
        raise ValueError("openai-whisper is not installed")
    assets = Path(found.submodule_search_locations[0]) / "assets" / "multilingual.tiktoken"
    lines = (line.split() for line in assets.read_bytes().splitlines() if line.strip())
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def _letters() -> dict[int, str]:
    """A letter that can be seen for each byte, as GPT-2's byte-level tokenizer writes them."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = (byte for byte in range(256) if byte not in seen)
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + at) for at, byte in enumerate(hidden)}


def _halves(token: bytes, ranks: Mapping[bytes, int]) -> tuple[bytes, bytes]:
    """The two tokens that this one was merged from: its bytes merged as long as a lower number allows."""
    parts = [token[at : at + 1] for at in range(len(token))]
    while len(parts) > 2:
        pairs = enumerate(itertools.pairwise(parts))
        _, at = min((ranks.get(one + two, sys.maxsize), at) for at, (one, two) in pairs)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0], parts[1]


def main() -> int:
    source, target, kind = sys.argv[1:]
    try:
        convert(Path(source), Path(target), kind)
    except Exception as error:  # a file that is no checkpoint raises almost anything
        text = str(error).strip().splitlines()
        sys.stderr.write(f"{type(error).__name__}: {text[0][:200] if text else ''}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
