"""The only file with Windows and POSIX branches: detached processes, death with the parent, locks, halting."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

WINDOWS = sys.platform == "win32"


def spawn_detached(
    argv: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, folder: Path | None = None
) -> int:
    """Start `argv` in `folder` so that it outlives this process and its terminal; returns its pid.

    Its output is appended to `log` (created 0600). Raises OSError when it cannot be started.
    """
    return start_detached(argv, log=log, env=env, folder=folder).pid


def start_detached(
    argv: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.Popen[bytes]:
    """The same for a caller that waits for the exit status: without the handle it is lost."""
    with open_private(log, "ab") as sink:
        if WINDOWS:
            flags = 0x00000008 | 0x00000200  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=env,
                cwd=folder,
                creationflags=flags,
            )
        else:
            return subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=env,
                cwd=folder,
                start_new_session=True,
            )


def die_with_parent(argv: Sequence[str]) -> list[str]:
    """`argv`, wrapped so that the kernel kills it when the process that starts it dies (Linux).

    Elsewhere `argv` itself: there whoever started it has to end it (`end_process`).
    """
    if sys.platform.startswith("linux"):
        return ["setpriv", "--pdeathsig", "KILL", "--", *argv]
    return list(argv)


def alive(pid: int) -> bool:
    """Whether a process with this pid runs (a zombie does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def born(pid: int) -> float | None:
    """When the process was started (UNIX time), or None: pid and birth together name a process for good."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def end_process(pid: int, *, wait_s: float = 3.0) -> bool:
    """Terminate, wait, kill; True when it is gone. A pid that does not run counts as gone."""
    try:
        process = psutil.Process(pid)
        process.terminate()
        try:
            process.wait(wait_s)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(wait_s)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def close_politely(pid: int, *, wait_s: float = 5.0) -> bool:
    """Ask a program to save and close (an interrupt, where the system has one), else end it; True when gone."""
    if not WINDOWS:
        try:
            process = psutil.Process(pid)
            process.send_signal(signal.SIGINT)
            process.wait(wait_s)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            pass
    return end_process(pid)


def halt(pid: int) -> None:
    """Stop a process where it is, until `go_on`; nothing when it is gone."""
    try:
        psutil.Process(pid).suspend()
    except psutil.NoSuchProcess:
        return


def go_on(pid: int) -> None:
    """Let a halted process run; nothing when it is gone."""
    try:
        psutil.Process(pid).resume()
    except psutil.NoSuchProcess:
        return


def open_private(path: Path, mode: str) -> IO[bytes]:
    """Open for writing ('wb' or 'ab') a file that only its owner may read (0600 on POSIX)."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "a" in mode else os.O_TRUNC)
    descriptor = os.open(path, flags, 0o600)
    if not WINDOWS:
        os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, mode)


def is_private(path: Path) -> bool:
    """Whether nobody but the owner may read `path` (always True on Windows: its folders carry the right)."""
    return WINDOWS or not path.stat().st_mode & 0o077


class FileLock:
    """An exclusive lock that the system frees when its process dies; the file holds the owner's pid."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Take the lock without waiting; False when somebody else holds it."""
        if self._file is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="ascii")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # closing frees the lock
            self._file = None

    def owner(self) -> int | None:
        """The pid written by whoever locked last, or None."""
        try:
            return int(self.path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return None

    def __enter__(self) -> "FileLock":
        if not self.acquire():
            raise BlockingIOError(self.path)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        # One byte far behind the pid: Windows locks forbid reading what they cover.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(file: IO[bytes]) -> Iterator[None]:
    """Hold an exclusive lock on an open file, waiting for it (for a short write, never for long work)."""
    if sys.platform == "win32":
        import msvcrt

        place = file.tell()
        file.seek(1 << 30)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        file.seek(place)
        try:
            yield
        finally:
            file.seek(1 << 30)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def sync_folder(path: Path) -> None:
    """Make a rename inside `path` survive a power cut (nothing to do on Windows)."""
    if WINDOWS:
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clone_file(source: Path, target: Path) -> bool:
    """Make `target` share the bytes of `source` until either is written to (a reflink: Btrfs, XFS, bcachefs on
    Linux); False, and no `target`, where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    ficlone = 0x40049409  # ioctl_ficlone(2)
    with source.open("rb") as reader, target.open("xb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), ficlone, reader.fileno())
            os.fsync(writer.fileno())
        except OSError:
            pass
        else:
            found = source.stat()
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
            return True
    target.unlink()
    return False


NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs", "fuse.glusterfs"}
)


def on_network_folder(path: Path) -> bool:
    """Whether `path` lies on a network share, where SQLite's locks cannot be trusted."""
    real = path.resolve()
    if WINDOWS:
        return str(real).startswith("\\\\")
    best, kind = "", ""
    for mount in psutil.disk_partitions(all=True):
        point = mount.mountpoint
        if (real.is_relative_to(point)) and len(point) >= len(best):
            best, kind = point, mount.fstype
    return kind in NETWORK_FILE_SYSTEMS


def be_nice() -> None:
    """Lower this process's priority, so that what is on air comes first.

    Linux shares the processor between sessions before it looks at nice values (autogroup, see sched(7)), and a
    detached process is a session of its own: so its session is lowered too.
    """
    process = psutil.Process()
    if sys.platform == "win32":
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    process.nice(10)
    with contextlib.suppress(OSError):  # a kernel without autogroup, or not our session
        Path("/proc/self/autogroup").write_text("10", encoding="ascii")
