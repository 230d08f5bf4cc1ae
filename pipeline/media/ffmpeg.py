"""ffmpeg: finding it, building its command lines from graphs, running them with progress.

The only file that imports ffmpeg-python, whose streams are untyped: they pass through here as `Stream`.
Names of files are always absolute behind `file:`, so that no dash, colon or quote in them means anything.
"""

import functools
import re
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from pipeline.errors import Refused
from pipeline.media import process

Stream = Any  # a node's output in ffmpeg-python's graph
_OLDEST = (5, 0)
_OLDEST_LIBAVUTIL = 57  # what 5.0 brought; builds from git carry no version number


@dataclass(frozen=True, slots=True)
class Tools:
    """The two programs and the version they name themselves."""

    ffmpeg: str
    ffprobe: str
    version: str


@functools.cache
def tools() -> Tools:
    """The installed ffmpeg and ffprobe; Refused `media.ffmpeg-missing` or `media.ffmpeg-too-old` (need 5.0)."""
    found = {name: shutil.which(name) for name in ("ffmpeg", "ffprobe")}
    for name, path in found.items():
        if path is None:
            raise Refused("media.ffmpeg-missing", tool=name)
    banner = process.run([str(found["ffmpeg"]), "-hide_banner", "-version"], timeout_s=20)
    return Tools(str(found["ffmpeg"]), str(found["ffprobe"]), checked_version(banner.decode(errors="replace")))


def checked_version(banner: str) -> str:
    """The version in what `ffmpeg -version` says; Refused `media.ffmpeg-too-old` for one before 5.0."""
    named = re.search(r"ffmpeg version (\S+)", banner)
    library = re.search(r"libavutil\s+(\d+)\.", banner)
    version = named.group(1) if named else "?"
    if library is None or int(library.group(1)) < _OLDEST_LIBAVUTIL:
        raise Refused("media.ffmpeg-too-old", found=version, needed=".".join(map(str, _OLDEST)))
    return version


def url(path: Path) -> str:
    """`path` as ffmpeg must be told it, whatever characters it holds."""
    return f"file:{path.absolute()}"


def source(path: Path, **options: object) -> Stream:
    """An input file; options as on ffmpeg's command line (`ss=1.5`, `f="concat"`)."""
    return ffmpeg.input(url(path), **options)


def generated(description: str, **options: object) -> Stream:
    """An input that ffmpeg makes itself, such as `testsrc2=size=640x360:rate=25`."""
    return ffmpeg.input(description, f="lavfi", **options)


def picked(stream: Stream, selector: str) -> Stream:
    """One stream of an input: `v:0`, `a:1`."""
    return stream[selector]


def filtered(stream: Stream | Sequence[Stream], name: str, *values: object, **options: object) -> Stream:
    """A filter behind one or several streams; values and options are escaped here."""
    return ffmpeg.filter(stream, name, *values, **options)


def joined(streams: Sequence[Stream], *, video: int, audio: int) -> Stream:
    """The concat filter's node: `.node[0]` and so on are its outputs."""
    return ffmpeg.concat(*streams, v=video, a=audio)


def saved(path: Path, *streams: Stream, **options: object) -> Stream:
    """An output file; an option with a colon is given as in `**{"c:v": "copy"}`, several maps as a list."""
    return ffmpeg.output(*streams, url(path), **options)


def discarded(*streams: Stream, **options: object) -> Stream:
    """An output that is decoded or filtered and thrown away."""
    return ffmpeg.output(*streams, "-", f="null", **options)


def argv(*outputs: Stream, loglevel: str = "error") -> list[str]:
    """The whole command line for one or more outputs: quiet, without standard input, overwriting.

    With loglevel `info` the filters' own reports (loudnorm, ebur128) arrive on standard error.
    """
    graph = outputs[0] if len(outputs) == 1 else ffmpeg.merge_outputs(*outputs)
    head = ("-hide_banner", "-nostdin", "-nostats", "-loglevel", loglevel, "-progress", "pipe:1")
    command: list[str] = ffmpeg.compile(graph.global_args(*head), cmd=tools().ffmpeg, overwrite_output=True)
    return command


@dataclass(slots=True)
class Watcher:
    """How a long run is followed: `progress` gets 0…1, `stop` ends it, `paused()` halts it."""

    progress: Callable[[float], None] | None = None
    stop: threading.Event | None = None
    paused: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left: the last lines of standard error, and how far the output came in microseconds."""

    lines: list[str]
    reached_us: int


def run(
    command: Sequence[str], *, length_us: int = 0, watch: Watcher | None = None, cwd: Path | None = None
) -> Ran:
    """Run what `argv` built. `length_us` is the expected length of the output, for the progress.

    Raises process.Stopped, or Fatal `media.tool-failed`; the caller owns (and removes) the unfinished output.
    """
    watch = watch or Watcher()
    reached = 0

    def line(text: str) -> None:
        nonlocal reached
        key, _, value = text.partition("=")
        if key == "out_time_us" and value.lstrip("-").isdigit():
            reached = max(reached, int(value))
            if length_us > 0 and watch.progress is not None:
                watch.progress(min(1.0, reached / length_us))

    tail = process.supervise(command, stop=watch.stop, paused=watch.paused, on_line=line, cwd=cwd)
    return Ran(tail, reached)
