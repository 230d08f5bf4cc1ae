"""A class made from nothing: a moving picture, a slide, spoken Polish sentences with music between, and the
truth of what is spoken when. The sentences are ones that the miniature Whisper knows.
"""

import contextlib
import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from pipeline import platform
from pipeline.errors import Fatal
from pipeline.standins import lesson_picture
from pipeline.standins.speaking import RATE, Sound, celesta, say, silence, write_wav
from pipeline.store.files import write_whole

TITLE = "Rytmika dla dorosłych"
# A number: seconds of music. Text: a sentence, spoken by the next voice.
SCORE: tuple[float | str, ...] = (
    4.0,
    "Dzień dobry, witam państwa na zajęciach rytmiki.",
    "Usiądźcie wygodnie i wyprostujcie plecy.",
    "Weźcie głęboki wdech i powoli wypuśćcie powietrze.",
    "Teraz zaśpiewamy gamę w górę i w dół.",
    6.0,
    "Ta nuta trwa dokładnie cztery uderzenia.",
    "To jest klucz wiolinowy, a to klucz basowy.",
    "Metronom ustawiamy na sześćdziesiąt uderzeń na minutę.",
    "Lewa ręka gra akordy, prawa prowadzi melodię.",
    5.0,
    "Skrzypce grają melodię, a kontrabas podtrzymuje rytm.",
    "Klaśnijcie ze mną na raz i na trzy.",
    "Pani Małgorzata zagra nam teraz mazurka Fryderyka Chopina.",
    8.0,
    "Brawo, to było naprawdę pięknie zagrane.",
    "Pamiętajcie o pauzie przed refrenem.",
    "Posłuchajcie, jak brzmi wiolonczela.",
    6.0,
    "Proszę zagrać ten fragment jeszcze raz, ale ciszej.",
    "Zatrzymajmy się na chwilę przy drugim takcie.",
    "Pierwszy głos zaczyna, drugi wchodzi po dwóch taktach.",
    6.0,
    "Do zobaczenia za tydzień, proszę ćwiczyć w domu.",
    "Na dzisiaj to już wszystko, dziękuję za uwagę.",
    12.0,
)
_VOICES = (("pl+f3", 152), ("pl+m2", 160), ("pl+f5", 156))
_PAUSE_S = 0.9
_ENCODING_S = 60.0


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence and the milliseconds in which its sound lies."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """The files of a class and its truth; picture and sound come round again and again."""

    folder: Path
    length_ms: int
    spoken: tuple[Spoken, ...]

    @property
    def picture(self) -> Path:
        """Without sound."""
        return self.folder / "camera.mkv"

    @property
    def sound(self) -> Path:
        return self.folder / "microphone.wav"

    @property
    def slide(self) -> Path:
        return self.folder / "slide.png"


def make_lesson(folder: Path, score: tuple[float | str, ...] = SCORE) -> Lesson:
    """Make the class in `folder`; takes some seconds of one core. Fatal `media.tool-missing` without espeak-ng."""
    folder.mkdir(parents=True, exist_ok=True)
    sound, spoken = _performed(score)
    lesson = Lesson(folder, len(sound) * 1000 // RATE, spoken)
    write_wav(lesson.sound, sound)
    lesson_picture.draw_slide(lesson.slide)
    _film(lesson.picture)
    truth = {"length_ms": lesson.length_ms, "spoken": [asdict(one) for one in spoken]}
    write_whole(folder / "truth.json", json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    return lesson


def _performed(score: tuple[float | str, ...]) -> tuple[Sound, tuple[Spoken, ...]]:
    parts, spoken, at = list[Sound](), list[Spoken](), 0
    for entry in score:
        if isinstance(entry, str):
            piece = say(entry, *_VOICES[len(spoken) % len(_VOICES)])
            spoken.append(Spoken(at * 1000 // RATE, (at + len(piece)) * 1000 // RATE, entry))
        else:
            piece = celesta(entry)
        parts += [piece, silence(_PAUSE_S)]
        at += len(piece) + len(parts[-1])
    return np.concatenate(parts), tuple(spoken)


def _film(target: Path) -> None:
    part = target.with_suffix(".part.mkv")
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{lesson_picture.WIDTH}x{lesson_picture.HEIGHT}", "-r", str(lesson_picture.FPS)]
    command += ["-i", "pipe:0"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-g", "25", "-pix_fmt", "yuv420p"]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    child = subprocess.Popen(platform.die_with_parent([*command, str(part)]), stdin=subprocess.PIPE)
    assert child.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError), child.stdin:
            for frame in lesson_picture.frames():
                child.stdin.write(frame)
        if child.wait(_ENCODING_S) != 0:
            raise Fatal("media.tool-failed", tool="ffmpeg", detail=str(target), status=child.returncode)
    finally:
        child.kill()
        child.wait()
    part.replace(target)
