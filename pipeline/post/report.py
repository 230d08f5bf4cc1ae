"""Last step: report.json beside the recording, for people and programs; the recording is done."""

import json
from typing import Any

from pipeline.clock import utc_text
from pipeline.model.recording import State
from pipeline.post.work import Facts, Work
from pipeline.store import file_rows, publications, recordings
from pipeline.store.files import write_whole

FILE = "report.json"


def report(work: Work, facts: Facts) -> dict[str, Any]:
    """Writes the report and moves the recording to done, with its findings."""
    write_whole(work.folder / FILE, json.dumps(content(work, facts), ensure_ascii=False, indent=1) + "\n")
    recordings.move(
        work.db,
        work.recording.id,
        to=State.DONE,
        expected=[State.WORKING],
        revision=work.recording.revision,
        findings=facts.get("findings", []),
    )
    return {}


def content(work: Work, facts: Facts) -> dict[str, Any]:
    """The report as JSON."""
    recording = work.recording
    return {
        "id": recording.id,
        "folder": recording.folder,
        "class": recording.klass,
        "title": recording.title,
        "started": utc_text(recording.started),
        "ended": utc_text(recording.ended) if recording.ended else None,
        "revision": recording.revision,
        "length_s": round(int(facts["length_us"]) / 1_000_000, 3),
        "made_from": facts["role"],
        "loudness": facts.get("loudness"),
        "captions": {
            "cues": facts.get("cues", 0),
            "language": work.plan.language,
            "state": "automatic",
            "engine": facts.get("engine"),
            "model": facts.get("model"),
        },
        "files": [
            {
                "role": entry.role.value,
                "kind": entry.kind,
                "root": entry.root,
                "path": entry.path,
                "bytes": entry.size,
                "sha256": entry.sha256,
            }
            for entry in file_rows.of_recording(work.db, recording.id)
        ],
        "publications": [
            {
                "destination": place.destination,
                "kind": place.kind,
                "permalink": place.permalink,
                "viewers": place.viewers,
                "captions": place.caption_state.value,
            }
            for place in publications.of_recording(work.db, recording.id)
        ],
        "findings": facts.get("findings", []),
        "plan": work.plan.to_json(),
    }
