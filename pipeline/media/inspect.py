"""Reading a whole file: how long it really is, and whether it decodes."""

from dataclasses import dataclass

from pipeline.media import ffmpeg
from pipeline.media.probe import Probe


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out: true length in microseconds, and the last complaints of the decoders (none: clean)."""

    length_us: int
    complaints: tuple[str, ...]


def true_length_us(found: Probe, watch: ffmpeg.Watcher | None = None) -> int:
    """The length by the packets themselves, whatever the header says (a torn file's says nothing)."""
    streams = _streams(found)
    graph = ffmpeg.discarded(*streams, c="copy")
    return ffmpeg.run(ffmpeg.argv(graph, loglevel="fatal"), length_us=found.duration_us, watch=watch).reached_us


def decode(found: Probe, *, keys_only: bool = False, watch: ffmpeg.Watcher | None = None) -> Decoded:
    """Decode every stream (of the picture the keyframes alone where `keys_only`) and throw it away."""
    options: dict[str, object] = {"skip_frame": "nokey"} if keys_only else {}
    graph = ffmpeg.discarded(*_streams(found, **options), fps_mode="passthrough")
    ran = ffmpeg.run(ffmpeg.argv(graph), length_us=found.duration_us, watch=watch)
    return Decoded(ran.reached_us, tuple(line for line in ran.lines if line.strip()))


def _streams(found: Probe, **options: object) -> list[ffmpeg.Stream]:
    whole = ffmpeg.source(found.path, **options)
    picked = [ffmpeg.picked(whole, "v:0")] if found.video else []
    return picked + [ffmpeg.picked(whole, f"a:{stream.index}") for stream in found.audio]
