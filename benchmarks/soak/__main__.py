"""A long broadcast with faults at random moments, and hours of simulated time through the hub's pure parts.

Usage: ./run soak [--minutes 30] [--seed 1] [--hours 8]

Writes benchmarks/soak.md; exits with 1 when something grew, drifted or was lost.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.common import machine, table  # noqa: E402
from benchmarks.faults import film as films  # noqa: E402
from benchmarks.soak import real, simulated  # noqa: E402
from benchmarks.soak.real import Soaked, middle  # noqa: E402
from benchmarks.soak.simulated import MOST_LATE_US, Hours  # noqa: E402
from pipeline.store.files import write_whole  # noqa: E402

PAGE = ROOT / "benchmarks" / "soak.md"
GROWN_MB, GROWN_HANDLES, GROWN_THREADS = 10.0, 4, 2
SKEW_MS, DRIFT_MS = 100.0, 100.0

NOTE = """\
# The soak

`./run soak --minutes {minutes:.0f} --seed {seed} --hours {hours:.0f}`. {machine}.

**Real time.** The fault suite's rig (publisher, guard, hub, two RTMPS legs, cable leg, recording; 640×360, 25
pictures a second) for {minutes:.0f} minutes, hurt every 10 to 40 s in a way that chance chose. The leg *second*
was never hurt itself. The hub's own process is measured every five seconds; *begin* and *end* are the medians of
the second and of the last tenth of the time.

{real}

{faults}

**Simulated time.** {hours:.0f} hours of a feed (25 pictures and 47 packets of sound a second, sources of 20 to 60
minutes whose times cross the wrap of FLV's 32 bits, pauses between) through the hub's clock and a leg's queue.

{simulated}
"""


def checks(told: Soaked) -> list[tuple[str, object, object, bool]]:
    """What was measured, its bar, and whether it was kept."""
    tenth = max(1, len(told.measured) // 10)
    early, late = told.measured[tenth : 2 * tenth], told.measured[-tenth:]
    before, after = ([middle([getattr(one, of) for one in some]) for of in OF] for some in (early, late))
    legs = told.status.get("legs", {})
    dropped = legs.get("second", {}).get("frames_dropped")
    rows: list[tuple[str, object, object, bool]] = [
        (f"hub's {name}, begin → end", f"{b:.0f} → {a:.0f} {unit}", f"+{most:g}", a - b <= most)
        for name, unit, b, a, most in zip(
            ("memory", "open handles", "threads"),
            ("MB", "", ""),
            before,
            after,
            (GROWN_MB, GROWN_HANDLES, GROWN_THREADS),
            strict=True,
        )
    ]
    return [
        *rows,
        ("pictures at *second*", told.pictures, "> 0", told.pictures > 0),
        ("of the recording's pictures missing there", told.lost, 0, told.lost == 0),
        ("pictures there that the recording has not, or twice", told.extra, 0, told.extra == 0),
        ("sessions of *second*", told.sessions, 1, told.sessions == 1),
        ("pictures dropped before *second*", dropped, 0, dropped == 0),
        (
            "sound against picture at its end, ms",
            round(told.skew_ms),
            f"±{SKEW_MS:.0f}",
            abs(told.skew_ms) <= SKEW_MS,
        ),
        ("its length against the recording's, ms", round(told.drift_ms), f"±{DRIFT_MS:.0f}", _drifts(told)),
        ("hub begun anew", told.hub_restarts, 0, told.hub_restarts == 0),
        ("faults not healed by themselves in 45 s", len(told.stuck), 0, not told.stuck),
    ]


OF = ("rss_mb", "handles", "threads")


def _in_step(told: Soaked) -> bool:
    return abs(told.skew_ms) <= SKEW_MS


def _drifts(told: Soaked) -> bool:
    return abs(told.drift_ms) <= DRIFT_MS


def hours_checks(told: Hours) -> list[tuple[str, object, object, bool]]:
    return [
        ("packets, all placed", f"{told.placed} of {told.packets}", "all", told.placed == told.packets),
        ("sources one after another", told.sources, "> 1", told.sources > 1),
        ("worst distance of a picture from its moment, ms", told.late_us / 1000, 200, told.late_us <= MOST_LATE_US),
        ("worst distance of sound from picture, ms", told.skew_us / 1000, 80, told.skew_us <= 80_000),
        ("pictures placed backwards", told.backwards, 0, told.backwards == 0),
        (
            "pictures dropped; left in the queue",
            f"{told.dropped}; {told.left}",
            "0; 0",
            not told.dropped + told.left,
        ),
        ("memory grown, MB", told.grown_mb, 5, told.grown_mb <= 5),
        ("seconds that it took", told.seconds, None, True),
    ]


def as_table(rows: Sequence[tuple[str, object, object, bool]]) -> str:
    return table(("", "measured", "bar", ""), [(*row[:3], "kept" if row[3] else "**MISSED**") for row in rows])


def page(told: Soaked, hours: Hours, where: str) -> str:
    faults = [(name, len(took), f"{max(took):.1f}") for name, took in sorted(told.faults.items())]
    found = ", ".join(f"{count} {name}" for name, count in told.findings.items()) or "clean"
    said = table(("fault", "times", "longest until healthy, its own length included, s"), faults)
    stuck = f"\n\nNot healed by themselves: {'; '.join(told.stuck)}." if told.stuck else ""
    return NOTE.format(
        minutes=told.minutes,
        seed=told.seed,
        hours=hours.hours,
        machine=where,
        real=as_table(checks(told)),
        faults=f"{said}\n\nAt the headend, whose leg was killed among others: {found}.{stuck}",
        simulated=as_table(hours_checks(hours)),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="of real time")
    parser.add_argument("--seed", type=int, default=1, help="chooses the faults and their moments")
    parser.add_argument("--hours", type=float, default=8.0, help="of simulated time")
    options = parser.parse_args(arguments)
    where, folder = machine(), Path(tempfile.mkdtemp(prefix="ekultura-soak-"))
    with ProcessPoolExecutor(1, get_context("spawn"), os.nice, (19,)) as beside:
        simulation = beside.submit(simulated.run, options.hours, options.seed)
        try:
            film = films.read(films.make(folder / "film.mkv"))
            slate = films.make_slate(folder / "slate.mkv")
            told = real.soak(folder / "rig", film, slate, options.minutes, options.seed)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        hours = simulation.result()
    write_whole(PAGE, page(told, hours, where))
    kept = [*checks(told), *hours_checks(hours)]
    for name, value, bar, good in kept:
        print(f"{'kept' if good else 'MISSED':6} {name}: {value} (bar {bar})", file=sys.stderr)
    return 0 if all(row[3] for row in kept) else 1


if __name__ == "__main__":
    sys.exit(main())
