"""The training: short windows anywhere in the 30 s first, then true windows with earlier text before them."""

import json
import math
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from miniature.batch import IGNORED, Batch, made
from miniature.data import Composer
from miniature.model import Miniature
from miniature.vocabulary import TIMESTAMPS

WARM_UP, HIGHEST_RATE = 60, 1.8e-3
REPORT_EVERY, KEEP_EVERY = 25, 100


@dataclass(frozen=True)
class Stage:
    """What is learnt in one stretch, and the weights of spelling and guided attention in its loss."""

    windows: int
    seconds: tuple[float, ...]
    spelling: float
    guidance: float
    prompted: float


SHORT = Stage(windows=16, seconds=(8.0, 10.0, 13.0), spelling=0.3, guidance=0.2, prompted=0.15)
WHOLE = Stage(windows=8, seconds=(30.0,), spelling=0.1, guidance=0.1, prompted=0.35)
SHORT_UNTIL = 0.72


@dataclass
class Budget:
    """How long to train: minutes of computing (a busy machine makes it last longer), or a number of steps."""

    minutes: float = 60.0
    steps: int | None = None
    spent_s: float = 0.0
    step: int = 0

    @property
    def done(self) -> float:
        """0 at the beginning, 1 at the end."""
        return self.step / self.steps if self.steps else self.spent_s / (self.minutes * 60)


@dataclass(frozen=True)
class Measured:
    """One step: losses, the share of tokens foretold, and the median error of the timestamps in seconds."""

    loss: Tensor
    words: float
    spelling: float
    attention: float
    right: float
    time_error: float


def learning_rate(done: float, step: int) -> float:
    fall = 1.0 if done < 0.45 else 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * (done - 0.45) / 0.55))
    return HIGHEST_RATE * min(1.0, (step + 1) / WARM_UP) * fall


class Trainer:
    """Owns the optimiser, the budget and the files of one training in `folder`."""

    def __init__(self, model: Miniature, composer: Composer, budget: Budget, folder: Path) -> None:
        self.model, self.composer, self.budget, self.folder = model, composer, budget, folder
        self.optimiser = torch.optim.AdamW(model.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.01)

    def run(self) -> None:
        """Train until the budget is spent; keeps a state that `resume` takes, and `log.jsonl`."""
        recent: list[Measured] = []
        while self.budget.done < 1:
            begun = time.process_time()
            recent.append(self.step())
            self.budget.spent_s += (time.process_time() - begun) / torch.get_num_threads()
            self.budget.step += 1
            if self.budget.step % REPORT_EVERY == 0 or self.budget.done >= 1:
                self.report(recent)
                recent = []
            if self.budget.step % KEEP_EVERY == 0:
                self.keep()
        self.keep()

    def step(self) -> Measured:
        stage = self.stage()
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.budget.done, self.budget.step)
        measured = self.measure(self.batch(stage), stage)
        torch.autograd.backward(measured.loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return measured

    def stage(self) -> Stage:
        """Short windows still come now and then at the end, so that nothing of them is forgotten."""
        if self.budget.done < SHORT_UNTIL or self.composer.dice.random() < 0.15:
            return SHORT
        return WHOLE

    def batch(self, stage: Stage) -> Batch:
        dice = self.composer.dice
        seconds = dice.choice(stage.seconds)
        room = 1_500 - int(seconds * 50)
        offset = 0 if not room or dice.random() < 0.3 else dice.randrange(room)
        self.composer.prompted = stage.prompted
        windows = [self.composer.window(seconds, offset) for _ in range(stage.windows)]
        return made(windows, offset, self.composer.vocabulary)

    def measure(self, batch: Batch, stage: Stage) -> Measured:
        heard = self.model.hear(batch.mel, batch.offset)
        logits, astray = self.model.write(heard, batch)
        words = self._words_loss(logits, batch)
        spelling = _spelling_loss(self.model.speller(heard), batch.spelling)
        with torch.no_grad():
            right, time_error = self._accuracy(logits, batch)
        return Measured(
            loss=words + stage.guidance * astray + stage.spelling * spelling,
            words=words.item(),
            spelling=spelling.item(),
            attention=astray.item(),
            right=right,
            time_error=time_error,
        )

    def _is_time(self, rows: Tensor) -> Tensor:
        first = self.model.vocabulary.first_timestamp
        return (rows >= first) & (rows < first + TIMESTAMPS)

    def _words_loss(self, logits: Tensor, batch: Batch) -> Tensor:
        """Cross entropy; what is a time or follows one counts three times: a wrong first word is never mended."""
        loss = F.cross_entropy(logits.flatten(0, 1), batch.write.flatten(), ignore_index=IGNORED, reduction="none")
        near_time = (self._is_time(batch.read) | self._is_time(batch.write)).flatten()
        weight = torch.where(near_time, 3.0, 1.0) * (batch.write.flatten() != IGNORED)
        return (loss * weight).sum() / weight.sum()

    def _accuracy(self, logits: Tensor, batch: Batch) -> tuple[float, float]:
        asked = batch.write != IGNORED
        right = (logits.argmax(-1) == batch.write)[asked].float().mean()
        times = self._is_time(batch.write)
        first = self.model.vocabulary.first_timestamp
        guessed = logits[..., first : first + TIMESTAMPS][times].argmax(-1)
        missed = (guessed - (batch.write[times] - first)).abs().float()
        return float(right.item()), float(missed.median().item()) / 50 if len(missed) else 0.0

    def report(self, recent: list[Measured]) -> None:
        line: dict[str, float] = {
            "step": self.budget.step,
            "minutes": round(self.budget.spent_s / 60, 2),
            "done": round(self.budget.done, 3),
        }
        for name in ("words", "spelling", "attention", "right", "time_error"):
            line[name] = round(statistics.mean(getattr(one, name) for one in recent), 3)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        print(*(f"{name} {value}" for name, value in line.items()), flush=True)

    def keep(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "spent_s": self.budget.spent_s,
            "step": self.budget.step,
        }
        part = self.folder / "state.pt.part"
        torch.save(state, part)
        part.replace(self.folder / "state.pt")

    def resume(self) -> None:
        """Go on from the state that an earlier run left in the folder, if it left one."""
        path = self.folder / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.budget.spent_s, self.budget.step = state["spent_s"], state["step"]


def _spelling_loss(letters: Tensor, spelling: list[list[int]]) -> Tensor:
    """CTC over the letters, a letter's share each; a text that does not fit its sound counts nothing."""
    wanted = torch.tensor([letter for text in spelling for letter in text], dtype=torch.long)
    lengths = torch.tensor([len(text) for text in spelling])
    frames = torch.full((len(spelling),), letters.shape[1])
    loss = F.ctc_loss(
        letters.log_softmax(-1).transpose(0, 1), wanted, frames, lengths, reduction="none", zero_infinity=True
    )
    return (loss / lengths.clamp(min=1)).mean()
