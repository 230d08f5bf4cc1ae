"""The virtual environment: made, filled from the locks, checked, and stamped so that the next start is quick."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bootstrap.lock import alone
from bootstrap.torch import provide_torch
from bootstrap.words import BEGUN, SetupError, say, words

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{SUFFIX}"
STAMP = VENV / "set-up.json"
LOG = ROOT / ".cache" / "set-up.log"
LOCKS = {"run": "run.txt", "dev": "dev.txt"}


def wanted(lock: str) -> str:
    """What the environment was made from; a change of any of it makes it anew."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in (LOCKS[lock], "build.txt", "overrides.txt"):
        digest.update((ROOT / "requirements" / name).read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def stands(lock: str) -> bool:
    """True when the environment is there and made from today's locks. Users' needs are part of developers'."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    larger = (lock, "dev") if lock == "run" else (lock,)
    return PYTHON.exists() and any(stamp.get(name) == wanted(name) for name in larger)


def provide_environment(lock: str) -> None:
    """Make the environment as the lock names it, if it does not stand yet."""
    if stands(lock):
        return
    with alone(ROOT / ".cache" / "set-up.lock"):
        if stands(lock):
            return
        if lock == "run" and _was_for_developers():
            lock = "dev"
        STAMP.unlink(missing_ok=True)
        _make()
        provide_torch(ROOT, pip)
        requirements = ROOT / "requirements" / LOCKS[lock]
        pinned = re.findall(r"^[\w.-]+(?:\[.*\])?==", requirements.read_text("utf-8"), re.MULTILINE)
        say("packages", count=len(pinned))
        pip("install", "--require-hashes", "--no-deps", "-r", str(requirements))
        say("project")
        pip("install", "--no-build-isolation", "--no-deps", "--no-index", "--force-reinstall", "-e", str(ROOT))
        _check()
        _stamp(lock)
    say("ready", seconds=round(time.monotonic() - BEGUN))


def _was_for_developers() -> bool:
    return (BIN / f"pytest{SUFFIX}").exists()


def _make() -> None:
    """A new environment where there is none, or one of another Python or of a checkout that was moved."""
    if PYTHON.exists():
        code = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
        got = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
        fits = got.returncode == 0 and got.stdout.strip() == f"{sys.version_info[:2]} {VENV}"
        if fits and str(VENV) in _activate():
            return
    say("venv", version=".".join(map(str, sys.version_info[:3])))
    if VENV.exists():
        shutil.rmtree(VENV)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def _activate() -> str:
    path = BIN / "activate"
    return path.read_text("utf-8", "replace") if path.exists() else ""


def pip(*arguments: str, surroundings: dict[str, str] | None = None, may_fail: bool = False) -> bool:
    """Run the environment's pip, its output in the log. Raises SetupError with pip's last words."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    environ = {
        **os.environ,
        # As an address: pip would cut a path in two at a space.
        "PIP_CONSTRAINT": (ROOT / "requirements" / "build.txt").as_uri(),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        **(surroundings or {}),
    }
    with LOG.open("ab") as log:
        begun = log.tell()
        log.write(f"\n$ pip {' '.join(arguments)}\n".encode())
        log.flush()
        command = [str(PYTHON), "-m", "pip", *arguments]
        code = subprocess.run(command, env=environ, stdout=log, stderr=log, check=False).returncode
    if code and not may_fail:
        lines = LOG.read_bytes()[begun:].decode("utf-8", "replace").splitlines()
        told = [line for line in lines if line.startswith("ERROR")] or lines
        raise SetupError(words("pip-failed", code=code, last="\n".join(told[-5:]), log=LOG))
    return code == 0


def _check() -> None:
    """Every package's needs are met, but for what the overrides leave out on purpose."""
    script = Path(__file__).with_name("fits.py")
    command = [str(PYTHON), str(script), str(ROOT / "requirements" / "overrides.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(words("incomplete", lines=(done.stdout + done.stderr).strip()))


def _stamp(lock: str) -> None:
    stamp = {"run": wanted("run"), **({"dev": wanted("dev")} if lock == "dev" else {})}
    part = STAMP.with_suffix(".part")
    part.write_text(json.dumps(stamp), "utf-8")
    part.replace(STAMP)
