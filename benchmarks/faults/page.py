"""The page benchmarks/faults.md: a line a fault, in words, with the command, the day and the machine."""

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.faults.catalogue import FAULTS, GROUPS
from benchmarks.faults.fault import Fault, Outcome
from benchmarks.faults.payload import Tally
from benchmarks.faults.rig import CABLE, PLACES, RECORDING

HEAD = ("fault", "result", *PLACES, "healthy after", "TR 101 290", "load", "what was missed")
NOTE = """\
# The fault suite

`./run faults` hurts real processes one way at a time and writes this page. {machine}.

{passed} of {run} faults passed{left_out}. {together}

A publisher sends a film of 640×360, 25 pictures a second, a keyframe every second, to the hub, which a guard
keeps alive. Far ends: two RTMPS ingests (nginx with TLS in front; faults of far ends and network meet the first,
*platform*) and a cable headend (a copy of the picture in a transport stream). Every picture of the film differs;
it is recognised at each place by the digest of its slices, so pictures are counted by payload, from the first
keyframe on, against what the publisher sent. A place that the fault is about may lose pictures; what any other
place lost stands in **bold**. Pictures that came twice or out of order and sessions beyond the first are named
where they occurred.

Faults of the whole station are done to `ekultura live` with the real OBS, guard, hub, broadcast and a stand-in of
Facebook (*platform*); what OBS's own recording holds counts as sent. The cable leg encodes anew there, so its
pictures are not counted.

The bars are the design's: no picture lost, no gap in PTS and one session at every place that the fault is not
about; slate within 1 s, a killed hub back within 2 s, at most 1 s of the recording lost with it, a leg back
within 10 s after its far end is (it tries at most 8 s apart), priority 1 and 2 of TR 101 290 clean at the headend
throughout. *Load* is the machine's as the fault began: where it is far above the number of cores, what was late
may have waited for a processor.
"""


def row(fault: Fault, outcome: Outcome) -> tuple[object, ...]:
    if outcome.left_out:
        return (fault.what, "not run", *(["–"] * len(PLACES)), None, None, None, outcome.left_out)
    health = f"{outcome.health_s:.1f} s" if outcome.health_s is not None else "never"
    found = ", ".join(f"{count} {name}" for name, count in outcome.findings.items()) or "clean"
    cells = [place(fault, name, outcome.tallies.get(name)) for name in PLACES]
    missed = "; ".join([*outcome.errors, *outcome.missed])
    return (
        fault.what,
        "passed" if outcome.passed else "**FAILED**",
        *cells,
        health,
        found,
        f"{outcome.load:.0f}",
        missed,
    )


def place(fault: Fault, name: str, told: Tally | None) -> str:
    """What one place got, in words."""
    if told is None or name not in fault.places:
        return "–"
    lost = f"{told.lost} lost"
    words = [f"**{lost}**" if told.lost and name not in fault.hurts else lost]
    words += [f"{told.duplicated} twice"] if told.duplicated else []
    words += [f"{told.reordered} out of order"] if told.reordered else []
    words += [f"{told.sessions} sessions"] if told.sessions > 1 and name not in (CABLE, RECORDING) else []
    words += [f"{told.sessions} pieces"] if told.sessions > 1 and name == RECORDING else []
    words += [f"{told.foreign} of the slate"] if told.foreign else []
    return ", ".join(words)


def page(outcomes: Mapping[str, Outcome], seconds: float) -> str:
    told = [one for one in outcomes.values() if not one.left_out]
    passed = sum(one.passed for one in told)
    left = len(outcomes) - len(told)
    head = NOTE.format(
        machine=machine(),
        passed=passed,
        run=len(told),
        left_out=f"; {left} could not be run here" if left else "",
        together=f"Together they took {seconds / 60:.0f} minutes." if seconds else "",
    )
    parts = [head]
    for title, group in GROUPS.items():
        rows = [row(fault, outcomes[fault.name]) for fault in group if fault.name in outcomes]
        if rows:
            parts.append(f"\n## {title}\n\n{table(HEAD, rows)}\n")
    return "".join(parts)


def load(path: Path) -> dict[str, Outcome]:
    """Outcomes of earlier runs, so that a run of some faults renews only their lines."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: Outcome.of(one) for name, one in raw.items() if name in FAULTS}
