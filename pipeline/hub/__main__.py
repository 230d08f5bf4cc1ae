"""`python -P -m pipeline.hub SPECFILE`: run one hub until it is asked to finish (control, SIGTERM, SIGINT)."""

import logging
import signal
import sys
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.hub import spec
from pipeline.hub.daemon import Hub


def main(argv: list[str]) -> int:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    hub = Hub(spec.load(Path(argv[1])))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: hub.finish())
    try:
        hub.run()
    except PipelineError as error:
        logging.getLogger("pipeline.hub").error("%s", error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
