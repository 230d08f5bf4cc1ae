"""Small films for tests: a moving picture and spoken Polish sentences, whole, mute, blind, torn or foreign."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.media import ffmpeg
from tests.support import speech

SENTENCES = Path(__file__).resolve().parents[2] / "captions" / "miniature" / "sentences.txt"


@dataclass(frozen=True)
class Clip:
    """A film and what is spoken in it when."""

    path: Path
    spoken: list[speech.Spoken]
    length_us: int


def sentences(count: int) -> list[str]:
    """The first of those that the miniature model knows."""
    return [line.strip() for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip()][:count]


def spoken_wav(path: Path, count: int) -> tuple[list[speech.Spoken], int]:
    """A WAV of so many sentences; when each was spoken, and the length in microseconds."""
    sound, spoken = speech.speech(sentences(count))
    raw = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, speech.RATE, 0, "NONE", ""))
        file.writeframes(raw)
    return spoken, len(sound) * 1_000_000 // speech.RATE


def film(path: Path, *, count: int = 3, codec: str = "libx264", tracks: int = 1, height: int = 180) -> Clip:
    """A test picture with spoken sentences; with two `tracks` the second has the speech, the first music too."""
    wav = path.with_suffix(".speech.wav")
    spoken, length_us = spoken_wav(wav, count)
    size = f"{height * 16 // 9 // 2 * 2}x{height}"
    picture = ffmpeg.generated(f"testsrc2=size={size}:rate=25", t=length_us / 1e6)
    voice = ffmpeg.source(wav)
    streams = [picture, ffmpeg.picked(voice, "a:0")]
    if tracks == 2:
        tone = ffmpeg.generated("sine=frequency=330", t=length_us / 1e6)
        split = ffmpeg.filtered(ffmpeg.picked(voice, "a:0"), "volume", 1)
        music = ffmpeg.filtered([ffmpeg.filtered(tone, "volume", 0.05), split], "amix", duration="first")
        streams = [picture, music, ffmpeg.picked(ffmpeg.source(wav), "a:0")]
    coding: dict[str, object] = {"c:v": codec, "g": 50, "pix_fmt": "yuv420p", "c:a": "aac", "b:a": "128k"}
    if codec == "libx264":
        coding |= {"preset": "ultrafast", "profile:v": "main"}
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, *streams, **coding)))
    wav.unlink()
    return Clip(path, spoken, length_us)


def without_sound(path: Path, seconds: float = 4) -> Path:
    """A picture and nothing to hear."""
    picture = ffmpeg.generated(f"testsrc2=size=320x180:rate=25:duration={seconds}")
    coding = {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p"}
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, picture, **coding)))
    return path


def silent(path: Path, seconds: float = 4) -> Path:
    """A picture and a sound stream of pure silence."""
    picture = ffmpeg.generated(f"testsrc2=size=320x180:rate=25:duration={seconds}")
    sound = ffmpeg.generated(f"anullsrc=duration={seconds}")
    coding = {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p", "c:a": "aac"}
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, picture, sound, **coding)))
    return path


def torn(whole: Path, target: Path, share: float = 0.7) -> Path:
    """The first part of a file, as a power cut leaves it."""
    data = whole.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target
