"""System programs: which are missing, and on Debian and its kin their installation.

Elsewhere the programs are only named, and the set-up goes on if they are there.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bootstrap.words import SetupError, say, words


@dataclass(frozen=True)
class Need:
    """A Debian package, and how to see that it (or its like elsewhere) is there: a program or files."""

    package: str
    program: str = ""
    files: tuple[str, ...] = ()
    service: str = ""

    def missing(self) -> bool:
        if self.program and not _found(self.program):
            return True
        return bool(self.files) and not any(_any(pattern) for pattern in self.files)


STATION = (
    Need("ffmpeg", program="ffmpeg"),
    Need("obs-studio", program="obs"),
    Need("fonts-dejavu-core", files=("/usr/share/fonts/**/DejaVuSans.ttf",)),
    Need("procps", program="ps"),
)
SPEECH = (Need("espeak-ng", program="espeak-ng"),)
STAND_INS = (
    *SPEECH,
    Need("xvfb", program="Xvfb"),
    Need(
        "libgl1-mesa-dri",
        files=("/usr/lib/*/dri/swrast_dri.so", "/usr/lib/dri/swrast_dri.so", "/usr/lib/*/libgallium*.so"),
    ),
    Need("nginx-light", program="nginx", service="nginx"),
    Need("libnginx-mod-rtmp", files=("/usr/lib*/nginx/modules/ngx_rtmp_module.so",)),
)
FAULTS = (
    Need("gcc", program="cc"),
    Need("libc6-dev", files=("/usr/include/stdlib.h",)),
    Need("iproute2", program="ip"),
)
TESTS = (Need("postgresql", files=("/usr/lib/postgresql/*/bin/initdb",), service="postgresql"),)


def _found(program: str) -> bool:
    folders = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return shutil.which(program, path=folders) is not None


def _any(pattern: str) -> bool:
    return next(Path("/").glob(pattern.removeprefix("/")), None) is not None


def provide(needs: tuple[Need, ...]) -> None:
    """Install what is missing, or say what to install. Raises SetupError if a program stays missing."""
    missing = [need for need in needs if need.missing()]
    if not missing:
        return
    names = " ".join(need.package for need in missing)
    if shutil.which("apt-get") is None:
        # Where the files lie differs from system to system; the programs must be there.
        programs = [need.program for need in missing if need.program]
        if programs:
            raise SetupError(words("by-hand", names=", ".join(programs)))
        return
    _install(missing, names)


def _install(missing: list[Need], names: str) -> None:
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None:
            raise SetupError(words("by-hand-apt", names=names))
        prefix = [sudo]
    say("system", names=names)
    options = ["-y", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends"]
    # `env` behind sudo, as sudo drops what is set here.
    install = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *options, *names.split()]
    code = _quiet(install) if any(Path("/var/lib/apt/lists").glob("*Packages*")) else 1
    if code:
        _quiet([*prefix, "apt-get", "update", "-qq"])
        code = subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode
    if code:
        raise SetupError(words("apt-failed", names=names, code=code))
    for need in missing:
        if need.service and Path("/run/systemd/system").is_dir():
            say("service-off", name=need.service)
            subprocess.run([*prefix, "systemctl", "disable", "--now", need.service], check=False)


def _quiet(command: list[str]) -> int:
    return subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ).returncode
