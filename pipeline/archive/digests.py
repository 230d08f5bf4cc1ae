"""Reading and copying with digests: every byte is read once, all digests are taken on the way."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.errors import Temporary

BLOCK = 1 << 20
ALGORITHMS = ("sha256", "sha512")

Progress = Callable[[int], None]  # told the bytes of each block, as it is done


@dataclass(frozen=True, slots=True)
class Digested:
    """A file's size in bytes and its digests in lower-case hexadecimal, by the algorithm's name."""

    size: int
    digests: Mapping[str, str]


def digest_file(
    path: Path,
    algorithms: Iterable[str] = ALGORITHMS,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Digested:
    """Read the whole file from the disk (not from memory, where the system can be told so).

    OSError when it cannot be read, `Temporary archive.stopped` when `stop` is set meanwhile.
    """
    with path.open("rb", buffering=0) as file:
        forget(file)
        return _pass(file, None, algorithms, progress, stop)


def copy_file(
    source: Path, target: Path, *, progress: Progress | None = None, stop: threading.Event | None = None
) -> Digested:
    """Copy bit by bit, synced to the disk; the digests are those of the bytes that were read from `source`.

    `Temporary archive.changed` when the source was written to meanwhile.
    """
    before = source.stat()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb", buffering=0) as reader, target.open("xb", buffering=0) as writer:
        made = _pass(reader, writer, ALGORITHMS, progress, stop, limit=before.st_size)
        os.fsync(writer.fileno())
        forget(writer)
    after = source.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or made.size != after.st_size:
        raise Temporary("archive.changed", path=str(source))
    os.utime(target, ns=(after.st_atime_ns, after.st_mtime_ns))
    return made


def known_algorithm(name: str) -> bool:
    """Whether this computer can compute `name` (digests of a length of one's own choice, SHAKE, are none)."""
    try:
        return hashlib.new(name, usedforsecurity=False).digest_size > 0
    except ValueError:
        return False


def digest_bytes(data: bytes) -> Digested:
    """The same for bytes in memory."""
    return Digested(len(data), {name: hashlib.new(name, data).hexdigest() for name in ALGORITHMS})


def forget(file: IO[bytes]) -> None:
    """Ask the system to drop what it keeps of `file` in memory, so that reading it reads the disk."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _pass(
    reader: IO[bytes],
    writer: IO[bytes] | None,
    algorithms: Iterable[str],
    progress: Progress | None,
    stop: threading.Event | None,
    limit: int | None = None,
) -> Digested:
    hashers = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    buffer = memoryview(bytearray(BLOCK))
    size = 0
    while count := reader.readinto(buffer):  # type: ignore[attr-defined]
        block = buffer[:count]
        for hasher in hashers.values():
            hasher.update(block)
        if writer is not None:
            written = 0
            while written < count:
                written += writer.write(block[written:])
        size += count
        if limit is not None and size > limit:
            break  # it grows while we read: the caller sees that its size is another
        if progress is not None:
            progress(count)
        if stop is not None and stop.is_set():
            raise Temporary("archive.stopped")
    return Digested(size, {name: hasher.hexdigest() for name, hasher in hashers.items()})
