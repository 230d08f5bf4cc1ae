"""Records the feed as it came, before any slate: its own thread, so that a slow disk stops nobody."""

import logging
import threading
from pathlib import Path

from av.error import FFmpegError

from pipeline.clock import Clock
from pipeline.hub import masterfile
from pipeline.hub.masterfile import MasterFile
from pipeline.hub.packet import Packet
from pipeline.hub.queue import PacketQueue
from pipeline.store.files import relative_posix
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

QUEUE_BYTES = 64 * 1024 * 1024
QUEUE_US = 60_000_000
AGAIN_S = 2.0


def recover(target: Path, journal: Journal) -> list[Path]:
    """Name and journal the pieces that a killed hub left growing; returns them. Doing it twice does nothing.

    Call it only when no hub runs: a growing piece of a living hub looks the same.
    """
    found = []
    for part in sorted(target.parent.glob(f"{target.stem}*{target.suffix}.part")):
        whole = part.with_suffix("")
        try:
            hub_us = masterfile.settle(whole)
        except (ValueError, OSError):
            log.warning("a piece of the recording is not readable: %s", part.name)
            journal.append("finding", code="hub.piece-unreadable", level="warning", name=part.name)
            continue
        _journal(journal, whole, hub_us, state="recovered")
        found.append(whole)
    return found


class Recorder:
    """Give it packets in hub time with `put`; `finish` ends the last piece.

    Every format has its own piece. When the disk fails, the piece is let go and a new one begun every two
    seconds at most; `error` holds the code meanwhile.
    """

    def __init__(self, target: Path, journal: Journal, clock: Clock) -> None:
        self.queue = PacketQueue(QUEUE_BYTES, QUEUE_US)
        self.error: str | None = None
        self._target = target
        self._journal = journal
        self._clock = clock
        self._file: MasterFile | None = None
        self._pieces: list[Path] = []
        self._done = (0, 0)  # bytes and duration of finished pieces
        self._not_before_us = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, packet: Packet) -> None:
        self.queue.put(packet)

    def finish(self, wait_s: float = 10.0) -> list[Path]:
        """Write out what waits, end the piece; the pieces of this hub."""
        self._ending.set()
        self.queue.wake()
        self._thread.join(wait_s)
        return list(self._pieces)

    def status(self) -> dict[str, object]:
        file = self._file
        path = file.target if file else (self._pieces[-1] if self._pieces else None)
        size, length = self._done
        return {
            "path": self._relative(path) if path else None,
            "bytes": size + (file.bytes if file else 0),
            "duration_us": length + (file.duration_us if file else 0),
            "error": self.error,
            "frames_dropped": self.queue.dropped,
        }

    def _run(self) -> None:
        while not (self._ending.is_set() and not len(self.queue)):
            packet = self.queue.get(0.25)
            try:
                if packet is not None:
                    self._write(packet)
                if self._file:
                    self._file.sync(self._clock.monotonic_us())
            except (OSError, FFmpegError) as error:
                self._failed(error)
        try:
            self._end_piece()
        except (OSError, FFmpegError) as error:
            self._failed(error)

    def _write(self, packet: Packet) -> None:
        now = self._clock.monotonic_us()
        if self._file and not self._file.format.same_as(packet.format):
            self._end_piece()
        if self._file is None:
            if now < self._not_before_us or not packet.starts:
                return
            self._file = MasterFile(masterfile.next_piece(self._target), packet, now)
            self.error = None
            log.info("recording %s", self._file.target.name)
        self._file.write(packet)

    def _end_piece(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        size, length = self._done
        self._done = (size + file.bytes, length + file.duration_us)
        try:
            file.finish()
        except ValueError:
            self._journal.append("finding", code="hub.piece-unreadable", level="warning", name=file.target.name)
            return
        self._pieces.append(file.target)
        _journal(self._journal, file.target, file.hub_us, state="whole", duration_us=file.duration_us)

    def _failed(self, error: Exception) -> None:
        log.error("recording failed: %s", type(error).__name__)
        self._not_before_us = self._clock.monotonic_us() + round(AGAIN_S * 1_000_000)
        file, self._file = self._file, None
        if self.error is None:
            self.error = "hub.record-failed"
            self._say(code=self.error, level="alarm", error=type(error).__name__)
        if file is not None:
            file.abandon()
            try:
                recover(self._target, self._journal)
            except OSError:
                log.error("the broken piece could not be named: %s", file.target.name)

    def _say(self, **fields: object) -> None:
        try:
            self._journal.append("finding", **fields)  # type: ignore[arg-type]
        except OSError:
            log.error("the journal cannot be written either")

    def _relative(self, path: Path) -> str:
        return _relative(self._journal, path)


def _relative(journal: Journal, path: Path) -> str:
    try:
        return relative_posix(journal.path.parent, path)
    except ValueError:
        return path.name


def _journal(journal: Journal, path: Path, hub_us: int, **fields: object) -> None:
    where = _relative(journal, path)
    journal.append("master", hub_us=hub_us, role="feed", path=where, **fields)  # type: ignore[arg-type]
