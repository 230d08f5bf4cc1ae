"""The feed's master as a file: crash-safe Matroska under a `.part` name, verified, then named for good."""

import os
from pathlib import Path

import av
from av.error import FFmpegError

from pipeline import platform
from pipeline.hub.output import Output, WholeFile
from pipeline.hub.packet import Format, Packet

SYNC_US = 500_000
HUB_US = "HUB_US"  # the tag that holds the hub time of the file's 0, so that a torn file can be placed too

# Whole clusters a quarter of a second long, handed to the system at once: what a kill can cost.
_CRASH_SAFE = {"flush_packets": "1", "cluster_time_limit": "250"}


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def piece(target: Path, number: int) -> Path:
    """The name of the n-th piece: feed.mkv, feed-2.mkv, …"""
    return target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")


def next_piece(target: Path) -> Path:
    """The first piece whose name is free, growing or finished."""
    number = 1
    while piece(target, number).exists() or part_of(piece(target, number)).exists():
        number += 1
    return piece(target, number)


class MasterFile:
    """One growing piece. OSError and FFmpegError come through: the disk is the caller's trouble."""

    def __init__(self, target: Path, first: Packet, now_us: int) -> None:
        self.target = target
        self.hub_us = first.dts_us
        self.duration_us = 0
        target.parent.mkdir(parents=True, exist_ok=True)
        self._file = part_of(target).open("xb", buffering=0)
        platform.sync_folder(target.parent)
        self._synced_us = now_us
        self._out = Output(WholeFile(self._file), "matroska", first.format, _CRASH_SAFE, {HUB_US: str(self.hub_us)})

    @property
    def format(self) -> Format:
        return self._out.format

    @property
    def bytes(self) -> int:
        return os.fstat(self._file.fileno()).st_size if not self._file.closed else 0

    def write(self, packet: Packet) -> None:
        self._out.write(packet, zero_us=self.hub_us)
        self.duration_us = max(self.duration_us, packet.pts_us + packet.duration_us - self.hub_us)

    def sync(self, now_us: int) -> None:
        """Bring what was written to the disk, twice a second. FileNotFoundError when somebody removed the file."""
        if now_us - self._synced_us >= SYNC_US:
            os.fsync(self._file.fileno())
            self._synced_us = now_us
            if os.fstat(self._file.fileno()).st_nlink == 0:
                raise FileNotFoundError(part_of(self.target).name)

    def finish(self) -> None:
        """Write the end, sync, verify and name it. ValueError when what lies there cannot be read back."""
        try:
            self._out.close()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
        settle(self.target)

    def abandon(self) -> None:
        """Let go of a piece that cannot be written any more; what it holds stays under its `.part` name."""
        try:
            self._out.close()
        except (OSError, FFmpegError, ValueError):
            pass
        finally:
            self._file.close()


def settle(target: Path) -> int:
    """Verify the growing piece of `target` and give it its name; the hub time of its 0.

    ValueError when it holds no readable picture: then it is named `.unreadable`, for a person to look at.
    """
    part = part_of(target)
    hub_us = _verified(part)
    if hub_us is None:
        part.rename(part.with_suffix(".unreadable"))
        raise ValueError(part.name)
    part.rename(target)
    platform.sync_folder(target.parent)
    return hub_us


def _verified(path: Path) -> int | None:
    try:
        with av.open(str(path), "r", format="matroska") as container:
            hub_us = int(container.metadata.get(HUB_US, "0"))
            video = container.streams.video[0]
            packet = next(container.demux(video))
            return hub_us if packet.size else None
    except (FFmpegError, OSError, ValueError, IndexError, StopIteration):
        return None
