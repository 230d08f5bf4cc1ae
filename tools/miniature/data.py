"""The windows that the model learns from: sentences with pauses, noise and music, and what Whisper should write.

A window imitates what Whisper meets in a long recording: a sentence that began before the window, one that
goes on after it, silence, music, and the text of earlier windows as a prompt.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from miniature.sounds import music, noise, tempo_changed
from miniature.speech import RATE, Clip, Sound
from miniature.vocabulary import Vocabulary

FRAMES_A_SECOND = 50
TIME_WIDTH, WORD_WIDTH = 2.0, 6.0  # how wide attention may spread around its place, in frames of 20 ms
CONTEXT = 448


@dataclass(frozen=True)
class Focus:
    """Where in the sound the decoder should look to write a token: seconds, and a spread in frames."""

    at: float
    width: float


@dataclass
class Window:
    """One example. `tokens` and `focus` run side by side; `silent` means there is no speech to write."""

    sound: Sound
    tokens: list[int] = field(default_factory=list)
    focus: list[Focus | None] = field(default_factory=list)
    spelling: list[int] = field(default_factory=list)
    prompt: list[int] = field(default_factory=list)
    timed: bool = True
    silent: bool = False


class Composer:
    """Makes windows by chance from the clips. `prompted` is the share of windows with earlier text before them."""

    def __init__(self, vocabulary: Vocabulary, clips: Sequence[Clip], seed: int) -> None:
        self.vocabulary = vocabulary
        self.clips = clips
        self.chance = np.random.default_rng(seed)
        self.dice = random.Random(seed)
        self.prompted = 0.0
        self.untimed = 0.2

    def window(self, seconds: float, offset: int) -> Window:
        """A window of that length. `offset`: frames that all its timestamps are shifted by."""
        window = Window(np.zeros(int(seconds * RATE), np.float32))
        window.timed = self.dice.random() >= self.untimed
        before = None if self.dice.random() < 0.06 else self._fill_with_speech(window, seconds, offset)
        if not window.tokens:
            window.silent = True
            window.timed = True
            window.sound[:] = 0
            if self.dice.random() < 0.5:
                window.sound += music(len(window.sound), self.chance) * self.chance.uniform(0.02, 0.2)
            window.tokens, window.focus = [self.vocabulary.timestamp(0)], [None]
        self._add_room(window)
        if self.dice.random() < self.prompted:
            window.prompt = self._earlier_text(before, longest=30 if seconds < 20 else 224)
        return window

    def _clip(self) -> tuple[int, Sound]:
        clip = self.clips[int(self.chance.integers(len(self.clips)))]
        sound = tempo_changed(clip.sound(), float(self.chance.uniform(0.9, 1.1)))
        return clip.sentence, sound * np.float32(self.chance.uniform(0.3, 1.0) / max(1e-3, np.abs(sound).max()))

    def _fill_with_speech(self, window: Window, seconds: float, offset: int) -> int | None:
        """Speak into the window until it is full. Returns the sentence whose end it begins with, if any."""
        start = 0.0 if self.dice.random() < 0.25 else float(self.chance.uniform(0, 4))
        before, late = None, False
        if self.dice.random() < 0.35:
            before, sound = self._clip()
            tail = int(self.chance.uniform(0.05, 0.9) * RATE)
            window.sound[:tail] += sound[-tail:]
            start = tail / RATE + float(self.chance.uniform(0.08, 0.6))
        elif self.dice.random() < 0.25:
            start, late = 0.0, True
        for count in range(self.dice.choice([1, 2, 3, 4, 6, 20])):
            sentence, sound = self._clip()
            if late and not count:
                sound = sound[int(self.chance.uniform(0, 0.25) * RATE) :]
            if start + len(sound) / RATE > seconds - 0.02:
                if count and start < seconds - 0.15 and self.dice.random() < 0.8:
                    self._speak_unfinished(window, sound, start, offset)
                break
            self._speak(window, sentence, sound, start, offset)
            start += len(sound) / RATE + float(
                self.chance.uniform(0.08, 0.6) if self.dice.random() < 0.6 else self.chance.uniform(0.5, 3.5)
            )
        return before

    def _speak(self, window: Window, sentence: int, sound: Sound, start: float, offset: int) -> None:
        words, length = self.vocabulary.tokens[sentence], len(sound) / RATE
        self._lay(window, sound, start)
        if window.timed:
            self._stamp(window, start, offset)
        window.tokens += words
        window.focus += [Focus(start + part * length, WORD_WIDTH) for part in self.vocabulary.middles(sentence)]
        if window.timed:
            self._stamp(window, start + length, offset)
        window.spelling += self.vocabulary.spelling(sentence)

    def _speak_unfinished(self, window: Window, sound: Sound, start: float, offset: int) -> None:
        """A sentence that the window cuts off: Whisper writes only where it begins, and seeks there next."""
        self._lay(window, sound, start)
        if window.timed:
            self._stamp(window, start, offset)

    def _lay(self, window: Window, sound: Sound, start: float) -> None:
        place = window.sound[int(start * RATE) :][: len(sound)]
        place += sound[: len(place)]

    def _stamp(self, window: Window, seconds: float, offset: int) -> None:
        window.tokens.append(self.vocabulary.timestamp(round(seconds * FRAMES_A_SECOND) + offset))
        window.focus.append(Focus(seconds, TIME_WIDTH))

    def _add_room(self, window: Window) -> None:
        """Noise, quiet music, and now and then someone who turns the volume."""
        draw, length = self.dice.random(), len(window.sound)
        if draw < 0.8:
            window.sound += noise(length, self.chance) * np.float32(10 ** (-self.chance.uniform(8, 45) / 20) * 0.1)
        if draw < 0.08 and not window.silent:
            window.sound += music(length, self.chance) * np.float32(self.chance.uniform(0.002, 0.02))
        if self.dice.random() < 0.2:
            window.sound[self.chance.integers(length) :] *= np.float32(self.chance.uniform(0.6, 1))

    def _earlier_text(self, before: int | None, longest: int) -> list[int]:
        """Sentences of windows before this one, with their timestamps, or without as in a user's prompt."""
        timed, text = self.dice.random() < 0.7, []
        sentences = [self.dice.randrange(len(self.vocabulary.tokens)) for _ in range(self.dice.randint(1, 8))]
        for sentence in [*sentences, *([] if before is None else [before])]:
            start, words = self.dice.randrange(1_300), self.vocabulary.tokens[sentence]
            if timed:
                end = start + self.dice.randrange(100, 250)
                text += [self.vocabulary.timestamp(start), *words, self.vocabulary.timestamp(end)]
            else:
                text += words
        return text[-self.dice.randint(8, longest - 1) :]
