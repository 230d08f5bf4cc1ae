"""The processes that are ours to start: `python -P -m pipeline broadcast FOLDER | worker STATION`."""

import sys
from pathlib import Path

from pipeline import app


def main(argv: list[str]) -> int:
    """Run one process; its exit code says to the guard whether it ended cleanly."""
    match argv:
        case ["broadcast", folder]:
            return app.run_broadcast(Path(folder))
        case ["worker", station, *rest]:
            return app.run_worker(Path(station), until_idle="--until-idle" in rest)
    sys.stderr.write("usage: python -m pipeline broadcast FOLDER | worker STATION [--until-idle]\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
