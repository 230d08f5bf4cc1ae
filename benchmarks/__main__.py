"""`./run bench NAME …`: runs one benchmark; each says its own words with --help."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

NAMES = {
    "first_picture": "command to first picture at each destination",
    "hub_legs": "what hub and legs cost, against one ffmpeg",
    "fan_out": "hub beside ffmpeg's tee and nginx's push, three faults in one run",
    "afterwork": "the after-work against the media's length and the plain tools",
    "cues": "rules broken and balance of our cues, beside those of openai-whisper's writer",
    "search": "searching 10 000 recordings with 100 hours of transcript",
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in NAMES:
        lines = [f"  {name:14} {what}" for name, what in NAMES.items()]
        print("\n".join(["Usage: ./run bench NAME [OPTIONS]", *lines]), file=sys.stderr)
        return 2
    return int(import_module(f"benchmarks.{arguments[0]}").main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
