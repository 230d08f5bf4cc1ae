"""The steps by their names, in one table; their order is the plan's."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.post.captions import make_captions
from pipeline.post.open_video import make_open_video
from pipeline.post.package import make_package
from pipeline.post.poster import make_poster
from pipeline.post.publish import publish_captions
from pipeline.post.report import report
from pipeline.post.transcribe import transcribe
from pipeline.post.verify import verify
from pipeline.post.web_video import make_web_video
from pipeline.post.work import Facts, Work

Step = Callable[[Work, Facts], dict[str, Any]]

STEPS: Mapping[str, Step] = {
    "verify": verify,
    "transcribe": transcribe,
    "captions": make_captions,
    "web-video": make_web_video,
    "open-video": make_open_video,
    "poster": make_poster,
    "package": make_package,
    "publish": publish_captions,
    "report": report,
}

# Steps that have a queue of their own, so that no more than so many of them run at once on a machine.
QUEUES: Mapping[str, str] = {"transcribe": "transcription", "web-video": "rendering", "open-video": "rendering"}
LIMITS: Mapping[str, int] = {"recordings": 2, "transcription": 1, "rendering": 1}


def merged(facts: Facts, told: Facts) -> dict[str, Any]:
    """What is known after a step; findings add up."""
    findings = [*facts.get("findings", []), *told.get("findings", [])]
    return {**facts, **told, "findings": findings}
