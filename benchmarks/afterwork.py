"""Whole after-work time against the media's length, beside the plain commands that a person would type instead.

Usage: ./run bench afterwork [--minutes 1,3,8]. The media is 720p25 with Polish sentences spoken by espeak-ng, the
model is the miniature (`demo`). The plain side: Whisper's own `transcribe` in one pass with the same model,
ffmpeg's loudnorm in two passes into an MP4 with selectable captions, one ffmpeg that burns them in, one picture,
sha512sum over everything. Both sides run alone, one after the other.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.common import machine, table
from captions.engines.models import weights
from captions.transcribe import __file__ as captions_file
from pipeline import platform
from pipeline.model.load import LoadedStation, load_station
from pipeline.office.station import create_station
from pipeline.post.importing import import_file
from pipeline.post.progress import FILE, read_progress
from pipeline.post.runner import scratch_of
from tests.support.speech import RATE, speech, write_wav

LIMIT_S = 900.0
LOOK_S = 0.05
WORDS = 'import sys,whisper;from whisper.utils import get_writer;r=whisper.load_model(sys.argv[1]).transcribe(\
sys.argv[2],language="pl",fp16=False);get_writer("srt",sys.argv[3])(r,sys.argv[2],{})'


@dataclass
class Cost:
    """Seconds on the wall and of the processor; `steps` on the wall; `listening_mb` of the process that hears.

    `words` are those in the captions: who leaves half of them out is not comparable.
    """

    wall_s: float = 0.0
    processor_s: float = 0.0
    listening_mb: float = 0.0
    words: int = 0
    steps: dict[str, float] = field(default_factory=dict)


def made(folder: Path, minutes: float) -> Path:
    """The media: ten seconds of moving picture again and again, sentences all the way."""
    length = round(minutes * 60) + 1
    known = (Path(captions_file).parent / "miniature" / "sentences.txt").read_text(encoding="utf-8").splitlines()
    sound, _ = speech([line for line in known if line.strip()][:30])
    whole = np.resize(sound, length * RATE)
    write_wav(folder / "sound.wav", whole)
    start = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    picture = folder / "picture.mp4"
    if not picture.exists():
        argv = [*start, "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-t", "10"]
        argv += ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "3M", "-g", "50"]
        argv += ["-bf", "0", str(picture)]
        subprocess.run(argv, check=True, timeout=120)
    target = folder / f"lesson-{minutes:g}.mp4"
    argv = [*start, "-stream_loop", "-1", "-i", str(picture), "-i", str(folder / "sound.wav"), "-t", str(length)]
    argv += ["-c:v", "copy", "-c:a", "aac", "-ac", "2", "-ar", "48000", "-b:a", "128k", str(target)]
    subprocess.run(argv, check=True, timeout=300)
    return target


def after_work(station: LoadedStation, media: Path) -> Cost:
    """One worker from the imported file to the archive package."""
    settings = station.settings
    identity = import_file(settings, media, "muzyka", media.stem)
    cost = measured(
        [sys.executable, "-P", "-m", "pipeline", "worker", str(station.folder), "--until-idle"],
        station.folder / "worker.log",
        scratch_of(settings.folders.work, identity) / FILE,
    )
    if not any(settings.folders.archive.iterdir()):
        raise RuntimeError((station.folder / "worker.log").read_text(encoding="utf-8")[-2000:])
    folder = next(settings.folders.recordings.glob(f"*_{identity}"))
    cost.words = words_in(next((folder / "captions").glob("*.srt")))
    return cost


def measured(argv: list[str], log: Path, progress: Path | None = None) -> Cost:
    """Run to the end and measure; RuntimeError for an exit code, killed after LIMIT_S."""
    cost, before, step, since = Cost(), children_s(), "", time.monotonic()
    began = since
    with log.open("ab") as sink:
        child = subprocess.Popen(platform.die_with_parent(argv), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
    try:
        while child.poll() is None:
            if time.monotonic() - began > LIMIT_S:
                raise TimeoutError(argv[0])
            now = read_progress(progress) if progress else None
            if now is not None and now.step != step:
                cost.steps[step or "start"] = cost.steps.get(step, 0.0) + time.monotonic() - since
                step, since = now.step, time.monotonic()
            cost.listening_mb = max(cost.listening_mb, listening(child.pid))
            time.sleep(LOOK_S)
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
    cost.steps[step or "all"] = time.monotonic() - since
    cost.wall_s, cost.processor_s = time.monotonic() - began, children_s() - before
    return cost


def words_in(srt: Path) -> int:
    """How many words stand in the captions; numbers and times are none."""
    lines = srt.read_text(encoding="utf-8").splitlines()
    return sum(len(line.split()) for line in lines if "-->" not in line and not line.strip().isdigit())


def children_s() -> float:
    """Processor seconds of everything that was started here and has ended."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


def listening(pid: int) -> float:
    """Megabytes of the process that transcribes, 0 where there is none."""
    try:
        head = psutil.Process(pid)
        for one in [head, *head.children(recursive=True)]:
            words = one.cmdline()
            if "pipeline.post.transcribe_child" in words or WORDS in words:
                return float(one.memory_info().rss) / 1e6
    except psutil.Error:
        pass
    return 0.0


def plain(media: Path, folder: Path, model: str) -> dict[str, Cost]:
    """The commands that a person would type, each measured; in their order."""
    folder.mkdir()
    log, costs = folder / "log", dict[str, Cost]()
    srt, web, burnt = folder / f"{media.stem}.srt", folder / "web.mp4", folder / "open.mp4"
    costs["whisper"] = measured([sys.executable, "-W", "ignore", "-c", WORDS, model, str(media), str(folder)], log)
    costs["whisper"].words = words_in(srt)
    start = ["ffmpeg", "-nostdin", "-nostats", "-hide_banner", "-y", "-i", str(media)]
    norm = "loudnorm=I=-16:TP=-1.5:LRA=11"
    first = folder / "loudness"
    argv = [*start, "-vn", "-af", f"{norm}:print_format=json", "-f", "null", "-"]
    costs["loudnorm, first pass"] = measured(argv, first)
    text = first.read_text(encoding="utf-8")
    told = json.loads(text[text.rindex("{") : text.rindex("}") + 1])
    norm += f":measured_I={told['input_i']}:measured_TP={told['input_tp']}:measured_LRA={told['input_lra']}"
    norm += f":measured_thresh={told['input_thresh']}:offset={told['target_offset']}:linear=true"
    argv = [*start, "-i", str(srt), "-map", "0:v", "-map", "0:a", "-map", "1", "-c:v", "copy", "-af", norm]
    argv += ["-ar", "48000", "-c:a", "aac", "-b:a", "160k", "-c:s", "mov_text", "-movflags", "+faststart", str(web)]
    costs["web MP4"] = measured(argv, log)
    argv = [*start, "-vf", f"subtitles={srt}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "21"]
    costs["burn-in"] = measured([*argv, "-c:a", "copy", "-movflags", "+faststart", str(burnt)], log)
    picture = folder / "poster.jpg"
    costs["picture"] = measured([*start, "-ss", "5", "-frames:v", "1", str(picture)], log)
    costs["sha512sum"] = measured(["sha512sum", *map(str, (media, srt, web, burnt, picture))], log)
    return costs


def total(costs: dict[str, Cost]) -> Cost:
    return Cost(
        sum(one.wall_s for one in costs.values()),
        sum(one.processor_s for one in costs.values()),
        max(one.listening_mb for one in costs.values()),
        sum(one.words for one in costs.values()),
    )


def rows(minutes: float, ours: Cost, theirs: dict[str, Cost]) -> list[tuple[object, ...]]:
    """Ours, theirs, and the ratio; the same without transcription."""
    length, whole = minutes * 60 + 1, total(theirs)
    hear, heard = ours.steps.get("transcribe", 0.0), theirs["whisper"].wall_s
    rest, other = ours.wall_s - hear, whole.wall_s - heard

    def one(name: str, ours_s: float, theirs_s: float) -> tuple[object, ...]:
        ratio = ours_s / theirs_s if theirs_s else None
        return (f"{minutes:g} min", name, ours_s, theirs_s, ratio, f"{ours_s / length:.1%}")

    return [
        one("whole, wall s", ours.wall_s, whole.wall_s),
        one("whole, processor s", ours.processor_s, whole.processor_s),
        one("without transcription, wall s", rest, other),
        one("transcription, wall s", hear, heard),
        (*one("words in the captions", ours.words, whole.words)[:5], None),
        (*one("transcription, peak MB", ours.listening_mb, whole.listening_mb)[:5], None),
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", default="1,3,8", help="up to 20 each")
    options = parser.parse_args(arguments)
    lengths = [min(20.0, float(text)) for text in options.minutes.split(",")]
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="ekultura-bench-") as name:
        folder = Path(name)
        model = weights("demo", None, folder)
        main_rows, step_rows, plain_rows = list[tuple[object, ...]](), dict[float, Cost](), {}
        for minutes in lengths:
            media = made(folder, minutes)
            place = create_station(folder / f"station-{minutes:g}", {"captions.model": "demo"}, {})
            ours = after_work(load_station(place), media)
            theirs = plain(media, folder / f"plain-{minutes:g}", model)
            main_rows += rows(minutes, ours, theirs)
            step_rows[minutes], plain_rows[minutes] = ours, theirs
        print(table(("media", "", "e-kultura", "plain commands", "ratio", "of the length"), main_rows), flush=True)
        heads = [f"{minutes:g} min, s" for minutes in lengths]
        steps = list(dict.fromkeys(step for one in step_rows.values() for step in one.steps))
        body = [(step, *(one.steps.get(step) for one in step_rows.values())) for step in steps]
        print(f"\n{table(('step', *heads), body)}")
        names = list(next(iter(plain_rows.values())))
        body = [(one, *(costs[one].wall_s for costs in plain_rows.values())) for one in names]
        print(f"\n{table(('plain command', *heads), body)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
