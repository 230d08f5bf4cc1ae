"""`ekultura`: chooses the language, then parses and runs one command."""

import os
import sys
from pathlib import Path

from pipeline.cli.language import choose, speak


def main() -> None:
    """The entry of the console script. Commands are imported only once the language is known."""
    speak(choose(sys.argv[1:], os.environ, Path.cwd()))
    from pipeline.cli.root import root

    root(prog_name="ekultura")


if __name__ == "__main__":
    main()
