"""A genuine `whisper.model.Whisper` of a small size, begun so that it learns fast, and its guided attention.

What makes it learn within an hour on a processor: timestamp tokens begin as the encoder's own position
waves, some attention heads begin by comparing these waves, the attention to the sound is told where to look,
and a spelling head on the encoder (thrown away afterwards) makes it hear letters before it writes words.
"""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from whisper.model import ModelDimensions, Whisper, sinusoids

from miniature.batch import Batch
from miniature.vocabulary import TIMESTAMPS, Vocabulary, save_compact

STATE, HEADS, LAYERS = 128, 4, 2
HEAD = STATE // HEADS
GUIDED_HEADS = ((0, 1), (0, 1, 2, 3))  # in each decoder layer; Whisper takes word times from the last layers
SHARP, WEIGHT_OF_TIMES = 3.0, 8.0


class Miniature(nn.Module):
    """The model, with the compact vocabulary and the spelling head that only training needs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.dims = ModelDimensions(
            n_mels=80, n_audio_ctx=1_500, n_audio_state=STATE, n_audio_head=HEADS, n_audio_layer=LAYERS,
            n_vocab=vocabulary.size, n_text_ctx=448, n_text_state=STATE, n_text_head=HEADS, n_text_layer=LAYERS,
        )  # fmt: skip
        self.whisper = Whisper(self.dims)
        self.speller = nn.Linear(STATE, vocabulary.characters)
        with torch.no_grad():
            self._begin()

    def _begin(self) -> None:
        self.speller.bias[0] = 4.0  # most frames begin no letter
        decoder = self.whisper.decoder
        table = decoder.token_embedding.weight
        table.normal_(0, 0.05)
        first = self.vocabulary.first_timestamp
        table[first : first + TIMESTAMPS] = 0.125 * sinusoids(TIMESTAMPS, STATE)
        decoder.positional_embedding.copy_(0.1 * sinusoids(448, STATE))
        for block in decoder.blocks:
            for head, wave in ((0, 16), (1, 10)):
                part = slice(head * HEAD, (head + 1) * HEAD)
                half = torch.arange(wave, wave + HEAD // 2)
                picked = torch.zeros(HEAD, STATE)
                picked[torch.arange(HEAD), torch.cat([half, half + STATE // 2])] = 1.5
                block.cross_attn.query.weight[part] = picked
                block.cross_attn.query.bias[part] = 0
                block.cross_attn.key.weight[part] = picked

    def hear(self, mel: Tensor, offset: int) -> Tensor:
        """Whisper's encoder, for windows shorter than 30 s too: `offset` is the place of their first frame."""
        encoder = self.whisper.encoder
        state = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1)
        state = state + encoder.positional_embedding[offset : offset + state.shape[1]]
        for block in encoder.blocks:
            state = block(state)
        heard: Tensor = encoder.ln_post(state)
        return heard

    def write(self, heard: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Whisper's decoder: logits over the compact rows, and how far its attention was from its places."""
        decoder = self.whisper.decoder
        chosen = batch.focus[..., 1] > 0
        places = batch.focus[chosen]
        wanted = _bumps(places, heard.shape[1])
        weight = torch.where(places[:, 1] < SHARP, WEIGHT_OF_TIMES, 1.0)
        astray = heard.new_zeros(())
        state = decoder.token_embedding(batch.read) + decoder.positional_embedding[: batch.read.shape[1]]
        for block, heads in zip(decoder.blocks, GUIDED_HEADS, strict=True):
            state = state + block.attn(block.attn_ln(state), mask=decoder.mask)[0]
            attention = block.cross_attn
            query = _split(attention.query(block.cross_attn_ln(state)))
            key, value = _split(attention.key(heard)), _split(attention.value(heard))
            looked = ((query @ key.transpose(-1, -2)) * HEAD**-0.5).log_softmax(-1)
            for head in heads:
                missed = -(wanted * looked[:, head][chosen]).sum(-1)
                astray = astray + (missed * weight).sum() / weight.sum()
            mixed = looked.exp() @ value
            state = state + attention.out(mixed.permute(0, 2, 1, 3).flatten(2))
            state = state + block.mlp(block.mlp_ln(state))
        state = decoder.ln(state)
        logits = state @ decoder.token_embedding.weight.T
        shared = logits[..., -1:] + self.vocabulary.others_logarithm
        return torch.cat([logits[..., :-1], shared], -1), astray / sum(map(len, GUIDED_HEADS))

    def save(self, path: Path) -> None:
        """The compact checkpoint (about 3 MB)."""
        save_compact(path, asdict(self.dims), self.vocabulary.rows, self.whisper.state_dict())


def _split(state: Tensor) -> Tensor:
    return state.view(*state.shape[:2], HEADS, -1).permute(0, 2, 1, 3)


def _bumps(places: Tensor, frames: int) -> Tensor:
    """For each place a bell over the frames, of sum one."""
    distance = (torch.arange(frames)[None] - places[:, :1]) / places[:, 1:]
    bell = torch.exp(-0.5 * distance.square()) + 1e-9
    return bell / bell.sum(-1, keepdim=True)
