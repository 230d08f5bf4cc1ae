"""torch, first and alone: a local wheel, else PyTorch's index of processor builds; never CUDA by accident."""

import os
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from bootstrap.words import SetupError, say, words

Pip = Callable[..., bool]


def provide_torch(root: Path, pip: Pip) -> None:
    """Install the version that pyproject.toml names. Raises SetupError when it cannot be had, or is for CUDA."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["ekultura"]
    version = settings["torch"]
    index = os.environ.get("EKULTURA_TORCH_INDEX") or settings["torch-index"]
    if not _installed(root, version):
        alone = ("install", "--no-deps", "--retries", "0", f"torch=={version}")
        if pip(*alone, "--no-index", may_fail=True):
            say("torch-local", version=version)
        else:
            say("torch-index", version=version, index=index)
            # Only this index: another one might answer with the build for CUDA.
            only = {"PIP_INDEX_URL": index, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": ""}
            if not pip(*alone, "--index-url", index, surroundings=only, may_fail=True):
                raise SetupError(words("torch-missing", version=version, index=index))
    found = _installed(root, version)
    if sys.platform == "linux" and not found.endswith("+cpu") and not os.environ.get("EKULTURA_TORCH_ANY"):
        pip("uninstall", "-y", "torch", may_fail=True)
        raise SetupError(words("torch-other", version=found or version))


def _installed(root: Path, version: str) -> str:
    """The installed version with its build's label, or nothing if it is another version."""
    for info in (root / ".venv").glob("[Ll]ib/**/site-packages/torch-*.dist-info"):
        found = re.fullmatch(r"torch-(.+)\.dist-info", info.name)
        if found and found[1].split("+")[0] == version:
            return found[1]
    return ""
