"""Eighth step: the captions onto the finished live video, where there was one.

That a platform is away fails nothing: every file is made by now. It is tried a few times and then told.
"""

import logging
from typing import Any

from pipeline.errors import PipelineError, Temporary
from pipeline.media.process import Stopped
from pipeline.post.work import Facts, Work, finding
from pipeline.store import publications
from pipeline.store.publications import CaptionState, Publication

log = logging.getLogger(__name__)
_WAITS_S = (5.0, 20.0, 60.0)


def publish_captions(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `published` (destinations whose captions are there), findings."""
    if facts.get("srt") and work.hand_over is not None:
        work.hand_over(work.folder, work.path(facts["srt"]), work.recording)
    places = [p for p in publications.of_recording(work.db, work.recording.id) if p.live_id]
    if not places or not facts.get("srt") or work.publish is None:
        return {}
    published, findings = list[str](), list[dict[str, Any]]()
    for place in places:
        if work.plan.publish == "after-approval":
            _note(work, place, CaptionState.WAITING)
            findings.append(finding("post.captions-wait", "notice", destination=place.destination))
            continue
        error = _publish(work, facts, place)
        if error is None:
            published.append(place.destination)
        else:
            _note(work, place, CaptionState.FAILED)
            findings.append(
                finding("post.captions-not-published", "alarm", destination=place.destination, reason=error.code)
            )
    return {"published": published, "findings": findings}


def _publish(work: Work, facts: Facts, place: Publication) -> PipelineError | None:
    assert work.publish is not None
    assert place.live_id is not None
    for wait_s in (*_WAITS_S, None):
        try:
            video_id = work.publish(
                destination=place.destination,
                live_id=place.live_id,
                video_id=place.video_id,
                srt=work.path(facts["srt"]),
            )
        except Temporary as error:
            log.warning("captions for %s: %s", place.destination, error)
            if wait_s is None:
                return error
            if work.watch.stop is not None and work.clock.wait(work.watch.stop, wait_s):
                raise Stopped from error
        except PipelineError as error:
            log.warning("captions for %s: %s", place.destination, error)
            return error
        else:
            _note(work, place, CaptionState.UPLOADED, video_id)
            return None
    return None


def _note(work: Work, place: Publication, state: CaptionState, video_id: str | None = None) -> None:
    publications.set_captions(work.db, work.recording.id, place.destination, state, video_id=video_id)
