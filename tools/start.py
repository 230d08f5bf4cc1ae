"""The entry behind ./run and run.cmd; uses nothing but Python's own library, as nothing is installed yet."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bootstrap.verbs import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
