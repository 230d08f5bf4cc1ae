"""What faults need around them, in namespaces of their own: small disks, a network that loses, another wall clock.

Nothing of it is seen outside the fault's own process family, and it is gone with that.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

_NEW_MOUNTS, _NEW_NET = 0x00020000, 0x40000000


def missing(need: str) -> str:
    """Why this machine cannot give what a fault needs; empty when it can."""
    if need == "compiler":
        return "" if shutil.which("cc") else "needs a C compiler"
    if os.geteuid() != 0:
        return "needs the rights of root"
    if need == "network" and not (Path("/dev/net/tun").exists() and shutil.which("ip")):
        return "needs /dev/net/tun and iproute2"
    if need == "mounts" and not shutil.which("mkfs.ext4"):
        return "needs mkfs.ext4"
    return ""


def own_mounts() -> None:
    """From now on mounts of this process are its family's alone."""
    unshare(_NEW_MOUNTS)
    _do("mount", "--make-rprivate", "/")


def own_network() -> None:
    unshare(_NEW_NET)
    _do("ip", "link", "set", "lo", "up")


def unshare(what: int) -> None:
    """OSError where it is not allowed. It holds for the calling thread and what it begins."""
    if ctypes.CDLL(None, use_errno=True).unshare(what):
        raise OSError(ctypes.get_errno(), "unshare")


def mount_memory(folder: Path, megabytes: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _do("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder))


def mount_ext4(folder: Path, megabytes: int = 24) -> None:
    """A small disk with a real file system that turns read-only when it finds itself broken."""
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    _do("mkfs.ext4", "-q", "-F", str(image))
    folder.mkdir(parents=True, exist_ok=True)
    _do("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))


def fail_disk(folder: Path) -> None:
    """Let the kernel's own hook for tests break that file system."""
    wanted = str(folder.resolve())
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        device, where = line.split(" ")[:2]
        if where == wanted and device.startswith("/dev/loop"):
            Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1", encoding="ascii")
            return
    raise FileNotFoundError(wanted)


def bind_read_only(path: Path) -> None:
    _do("mount", "--bind", str(path), str(path))
    _do("mount", "-o", "remount,ro,bind", str(path))


def lift(path: Path) -> None:
    _do("umount", "-l", str(path))


class WallClock:
    """The wall clock of everything that is started after `begin`; the monotonic one stays true."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "wall-clock"

    def begin(self) -> None:
        library = self._file.with_suffix(".so")
        source = Path(__file__).with_name("wallclock.c")
        _do("cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl")
        self._file.write_bytes(bytes(8))
        os.environ.update(LD_PRELOAD=str(library), WALL_CLOCK_FILE=str(self._file))

    def set(self, seconds: int) -> None:
        """So far from the true time, at once."""
        with self._file.open("r+b", buffering=0) as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


def _do(*argv: str) -> None:
    subprocess.run(argv, check=True, timeout=20, stdin=subprocess.DEVNULL)
