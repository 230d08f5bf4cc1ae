"""The processes that are ours to start: `python -P -m pipeline broadcast FOLDER | worker STATION`."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.cli.language import speak


def narrator(language: str) -> Callable[[str, Mapping[str, object]], str]:
    """Sentences for a process's notices to people, in the station's language."""
    from pipeline.cli.output import told

    speak(language)
    return lambda code, fields: " ".join(told(code, dict(fields)))


def main(argv: list[str]) -> int:
    """Run one process; its exit code says to the guard whether it ended cleanly."""
    speak(os.environ.get("EKULTURA_LANG", "pl"))
    match argv:
        case ["broadcast", folder]:
            from pipeline.app.air import run_broadcast

            return run_broadcast(Path(folder), narrator)
        case ["worker", station, *rest]:
            from pipeline.app.after import run_worker

            return run_worker(Path(station), until_idle="--until-idle" in rest)
    sys.stderr.write("usage: python -m pipeline broadcast FOLDER | worker STATION [--until-idle]\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
