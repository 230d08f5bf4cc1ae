"""Run in the environment: are all packages' needs met? Prints each that is not, and exits with 1.

The names in the overrides file are left out on purpose (what only a graphics card loads).
Usage: python fits.py OVERRIDES
"""

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def left_out(overrides: str) -> set[str]:
    names = re.findall(r"^([A-Za-z0-9._-]+)\s*;", overrides, re.MULTILINE)
    return {canonicalize_name(name) for name in names}


def unmet(installed: dict[str, Distribution], allowed: set[str]) -> list[str]:
    """A line for each need that is missing or of a version that does not fit."""
    out = []
    for name, distribution in sorted(installed.items()):
        for text in distribution.requires or []:
            need = Requirement(text)
            key = canonicalize_name(need.name)
            if key in allowed or (need.marker and not need.marker.evaluate({"extra": ""})):
                continue
            if key not in installed:
                out.append(f"{name}: {text}: missing")
            elif not need.specifier.contains(installed[key].version, prereleases=True):
                out.append(f"{name}: {text}: {installed[key].version} is there")
    return out


def main() -> int:
    allowed = left_out(Path(sys.argv[1]).read_text("utf-8"))
    found = list(distributions())
    installed: dict[str, Distribution] = {str(canonicalize_name(one.metadata["Name"])): one for one in found}
    lines = unmet(installed, allowed)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
