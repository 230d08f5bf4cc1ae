"""From a sound to words: decode, find the voice, cut at pauses, hear each chunk, and check what was heard.

`transcribe_chunks` is the resumable form: each piece says up to where the sound is dealt with. `transcribe`
collects the pieces of a whole file. Memory is a chunk's, not the file's.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from captions.align import snapped, timed_words
from captions.audio import RATE, Samples, blocks, probe_sound
from captions.engines import load_engine
from captions.engines.base import LOCAL, Engine, Loading, Utterance
from captions.errors import CaptionError
from captions.model import Finding, Span, Transcript, Word
from captions.phantoms import phantom, spoken_share, without_loops
from captions.voice import Chunk, chunks

log = logging.getLogger(__name__)

_LOST_MS = 2000  # a voice this long without a word is heard once more, alone
_REACH_MS = 300  # words this near count as lying on a voice


@dataclass(frozen=True, slots=True)
class Heard:
    """What one chunk gave. The sound up to `done_ms` is dealt with: work can be resumed there."""

    done_ms: int
    words: tuple[Word, ...] = ()
    speech: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()


def transcribe(
    path: Path,
    *,
    engine: str | Engine = "auto",
    model: str = "auto",
    language: str = "pl",
    prompt: str | None = None,
    audio_stream: int | None = None,
    loading: Loading = LOCAL,
    progress: Callable[[float], None] | None = None,
    stop: threading.Event | None = None,
) -> Transcript:
    """All that is said in a media file. Sound without a voice gives no words and the finding
    `captions.no-speech`.

    `engine` is a name or a loaded engine (then `model` and `loading` do not count); `prompt` holds names and
    terms and works over the whole file; `progress` is told 0.0 to 1.0. Raises CaptionError as `audio.blocks`
    and `engines.load_engine` do, `captions.stopped` once `stop` is set, `captions.engine-failed`.
    """
    length = probe_sound(path).duration_ms
    with closing(blocks(path, audio_stream)) as sound:
        first = next(sound, None)  # bad media is told before a model is loaded
        loaded = load_engine(engine, model, loading) if isinstance(engine, str) else engine
        source = (block for part in ([] if first is None else [first], sound) for block in part)
        pieces = []
        for piece in transcribe_chunks(source, loaded, language=language, prompt=prompt, stop=stop):
            pieces.append(piece)
            if progress and length:
                progress(min(1.0, piece.done_ms / length))
    if progress:
        progress(1.0)
    return _collected(pieces, language, loaded)


def transcribe_chunks(
    sound: Iterable[Samples],
    engine: Engine,
    *,
    language: str = "pl",
    prompt: str | None = None,
    start_ms: int = 0,
    stop: threading.Event | None = None,
    together: int | None = None,
) -> Iterator[Heard]:
    """Words chunk by chunk from a stream of 16 kHz mono sound that begins at `start_ms` of the media; times
    are the media's. The last piece has the sound's end as its `done_ms`. To resume, begin the sound at the
    last `done_ms` kept. `together`: so many chunks are heard at once (None: as many as make the engine fast;
    1: each as soon as it is there). Raises CaptionError `captions.stopped` between chunks once `stop` is set.
    """
    most = engine.batch if together is None else together
    held: list[Chunk] = []
    for chunk in chunks(_stoppable(sound, stop), start_ms):
        if len(chunk.samples):
            held.append(chunk)
        if len(held) == most or not len(chunk.samples):
            yield from _all_heard(held, engine, language, prompt)
            held.clear()
        if not len(chunk.samples):
            yield Heard(chunk.done_ms)


def _all_heard(held: list[Chunk], engine: Engine, language: str, prompt: str | None) -> Iterator[Heard]:
    if held:
        given = engine.hear_several([chunk.samples for chunk in held], language, prompt)
        for chunk, utterances in zip(held, given, strict=True):
            yield _heard(chunk, utterances, engine, language, prompt)


def _stoppable(sound: Iterable[Samples], stop: threading.Event | None) -> Iterator[Samples]:
    for block in sound:
        if stop is not None and stop.is_set():
            raise CaptionError("captions.stopped")
        yield block


def _heard(chunk: Chunk, given: Iterable[Utterance], engine: Engine, language: str, prompt: str | None) -> Heard:
    findings: list[Finding] = []
    words = _words(chunk, given, prompt, findings)
    for lost in _without_words(chunk.speech, words):
        part = _part(chunk, lost)
        again = _words(part, engine.hear(part.samples, language, prompt), prompt, findings)
        if again:
            words = sorted([*words, *again], key=lambda word: word.start_ms)
        else:
            findings.append(Finding("captions.speech-without-words", lost.start_ms, lost.end_ms))
    words, cut = without_loops(words)
    findings += [Finding("captions.loop-cut", span.start_ms, span.end_ms) for span in cut]
    return Heard(chunk.done_ms, tuple(words), chunk.speech, tuple(findings))


def _words(chunk: Chunk, given: Iterable[Utterance], prompt: str | None, findings: list[Finding]) -> list[Word]:
    words: list[Word] = []
    for one in given:
        utterance = snapped(_later(one, chunk.start_ms, chunk.end_ms), chunk.speech)
        why = phantom(utterance, chunk.speech, prompt)
        if why:
            told: dict[str, object] = {"text": utterance.text[:80], "why": why}
            findings.append(Finding("captions.phantom-dropped", utterance.start_ms, utterance.end_ms, told))
            continue
        words += timed_words(utterance, chunk.speech)
    return words


def _later(utterance: Utterance, by_ms: int, limit_ms: int) -> Utterance:
    """A chunk's utterance in media time, not past the chunk's end (engines pad to 30 s and may run on)."""
    start = min(utterance.start_ms + by_ms, limit_ms)
    end = min(max(utterance.end_ms + by_ms, start), limit_ms)
    words = tuple(word.moved(by_ms) for word in utterance.words)
    return replace(utterance, start_ms=start, end_ms=end, words=words)


def _without_words(speech: Iterable[Span], words: list[Word]) -> list[Span]:
    """The stretches of voice, two seconds and longer, over which no word lies."""
    covered = [Span(word.start_ms - _REACH_MS, word.end_ms + _REACH_MS) for word in words]
    return [
        span
        for span in speech
        if span.end_ms - span.start_ms >= _LOST_MS and spoken_share(span.start_ms, span.end_ms, covered) == 0.0
    ]


def _part(chunk: Chunk, span: Span) -> Chunk:
    first = max(0, span.start_ms - chunk.start_ms) * RATE // 1000
    after = (span.end_ms - chunk.start_ms) * RATE // 1000
    return Chunk(span.start_ms, chunk.samples[first:after], (span,), span.end_ms)


def _collected(pieces: list[Heard], language: str, engine: Engine) -> Transcript:
    words = tuple(word for piece in pieces for word in piece.words)
    speech = tuple(span for piece in pieces for span in piece.speech)
    findings = tuple(finding for piece in pieces for finding in piece.findings)
    length = pieces[-1].done_ms if pieces else 0
    if not words:
        findings = (Finding("captions.no-speech", 0, length), *findings)
    return Transcript(words, language, length, speech, findings, engine.name, engine.model)
