"""The panel in a narrow terminal: nothing of what a technician has to read is cut off."""

import io

from rich.console import Console

from pipeline.cli.output import Output
from pipeline.cli.panel import panel


def test_a_remedy_and_the_scenes_are_wrapped_not_cut() -> None:
    scenes = {f"s{n}": f"Scena numer {n}" for n in range(8)}
    finding = {"code": "live.consents", "level": "warning", "about": {"klass": "dzieci"}}
    answer: dict[str, object] = {"phase": "on-air", "title": "Koncert", "scenes": scenes, "findings": [finding]}
    page = io.StringIO()
    console = Console(file=page, width=60, soft_wrap=Output().console.soft_wrap)
    console.print(panel(answer))
    words = page.getvalue().replace("│", " ").split()
    assert "NAME" in words  # the last word of the remedy
    assert words.count("Scena") == 8
    assert max(len(line) for line in page.getvalue().splitlines()) <= 60
