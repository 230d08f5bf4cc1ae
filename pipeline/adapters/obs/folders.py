"""Where OBS keeps its profiles: it does not tell, so the folder is found by a mark that OBS itself wrote."""

import os
import re
from pathlib import Path

import psutil

from pipeline.errors import Refused


def config_roots(pid: int | None) -> list[Path]:
    """Every place where an OBS's `obs-studio` folder may lie, the likeliest first.

    `pid` is the running OBS where known: its own environment and program say more than ours.
    """
    environments = [dict(os.environ)]
    programs: list[Path] = []
    if pid is not None:
        try:
            process = psutil.Process(pid)
            environments.insert(0, process.environ())
            programs.append(Path(process.exe()))
        except (psutil.Error, OSError):
            pass
    roots: list[Path] = []
    for environment in environments:
        home = Path(environment.get("HOME") or Path.home())
        roots += [Path(environment[name]) for name in ("XDG_CONFIG_HOME", "APPDATA") if environment.get(name)]
        roots += [
            home / ".config",
            home / ".var/app/com.obsproject.Studio/config",  # Flatpak
            home / "snap/obs-studio/current/.config",
            home / "Library/Application Support",
        ]
    for program in programs:  # portable: OBS/bin/64bit/obs64.exe beside OBS/config
        roots += [parent / "config" for parent in list(program.parents)[:3]]
    return list(dict.fromkeys(root / "obs-studio" for root in roots))


def profile_folder(roots: list[Path], mark: str) -> Path:
    """The profile's folder whose basic.ini holds `mark`.

    Raises Refused `obs.no-profile-folder` where none does: then nobody knows what OBS would encode with.
    """
    for root in roots:
        for ini in sorted(root.glob("basic/profiles/*/basic.ini")):
            try:
                if mark in ini.read_text(encoding="utf-8-sig", errors="replace"):
                    return ini.parent
            except OSError:
                continue
    raise Refused("obs.no-profile-folder", looked=", ".join(str(root) for root in roots if root.is_dir()) or "–")


def sound_of_profile(roots: list[Path], name: str) -> tuple[str, str] | None:
    """Sampling rate and channels that the profile called `name` is loaded with; None where it is not found."""
    for root in roots:
        for ini in sorted(root.glob("basic/profiles/*/basic.ini")):
            text = ini.read_text(encoding="utf-8-sig", errors="replace")
            if re.search(rf"^Name={re.escape(name)}\s*$", text, re.MULTILINE):
                rate = re.search(r"^SampleRate=(\d+)", text, re.MULTILINE)
                channels = re.search(r"^ChannelSetup=(\S+)", text, re.MULTILINE)
                return (rate[1] if rate else "48000", channels[1] if channels else "Stereo")
    return None
