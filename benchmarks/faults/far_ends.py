"""Far ends dead, deaf, slow, resetting, refusing, answering garbage; each through a wire that is hurt, or -9."""

from collections.abc import Callable

import psutil

from benchmarks.faults.fault import Fault
from benchmarks.faults.rig import CABLE, PLATFORM, Rig
from benchmarks.faults.wires import Mode, UdpWire
from pipeline.standins.certificates import make_certificates
from pipeline.standins.ingest import Ingest, KnownKeys

HURT = frozenset({PLATFORM})
CABLE_ALONE = frozenset({CABLE})


def wire(mode: Mode, seconds: float, *, cut: bool) -> Callable[[Rig], None]:
    """The platform's wire in another mode; `cut` also breaks the link that there is, before and after."""

    def act(rig: Rig) -> None:
        rig.broken()
        rig.platform_wire.become(mode)
        if cut:
            rig.platform_wire.cut()
        rig.play(seconds)
        if mode != "slow":
            rig.platform_wire.cut()
        rig.platform_wire.become("whole")
        rig.mended()

    return act


def cut_once(rig: Rig) -> None:
    rig.broken()
    rig.platform_wire.cut()
    rig.mended()


def server_killed(rig: Rig) -> None:
    """nginx killed -9; another one in its place six seconds later."""
    rig.broken()
    psutil.Process(server_pid(rig)).kill()
    rig.play(6)
    rig.platform._nginx.stop()
    for session in rig.platform.sessions():
        rig.door.gone(session.stream)  # a dead server tells nobody that a publisher has gone
    rig.platform._nginx.start()
    rig.mended()


def server_pid(rig: Rig) -> int:
    pid = rig.platform._nginx.pid
    assert pid is not None
    return pid


def server_hung(rig: Rig) -> None:
    process = psutil.Process(server_pid(rig))
    rig.broken()
    process.suspend()
    rig.play(12)
    process.resume()
    rig.mended()


def ended_by_platform(rig: Rig) -> None:
    """The platform drops the publisher and knows its key no more; once it has refused it twice, it does again."""
    rig.broken()
    rig.door.ended = True
    try:
        rig.until(lambda: len(rig.platform.refusals()) >= 2, 25, "the platform has refused twice")
    finally:
        rig.door.ended = False
        rig.mended()


def impostor(rig: Rig) -> None:
    """Behind the platform's name answers somebody with another authority's certificate: not a byte for him."""
    stranger = make_certificates(rig.folder / "stranger-tls")
    with Ingest(KnownKeys("platform-key"), stranger, rig.folder / "stranger") as other:
        true, port = rig.platform_wire.target, int(other.url.split(":")[2].split("/")[0])
        rig.broken()
        rig.platform_wire.target = port
        rig.platform_wire.cut()
        rig.until(lambda: rig.status()["legs"][PLATFORM]["error"] == "leg.tls", 12, "the leg doubts him")
        rig.platform_wire.target = true
        rig.mended()
        assert not other.sessions(), "the impostor got the stream"


def cable_gone(rig: Rig) -> None:
    """Nobody listens at the headend's port for six seconds: the system answers each datagram with a refusal."""
    first = rig.cable_wire
    assert first is not None
    rig.broken()
    first.close()
    rig.play(6)
    rig.cable_wire = UdpWire(first.target, port=first.port)
    rig.mended()


def cable_lossy(rig: Rig) -> None:
    assert rig.cable_wire is not None
    rig.broken()
    rig.cable_wire.passes = lambda number: number % 50 != 0
    rig.play(8)
    rig.cable_wire.passes = lambda _number: True
    rig.mended()


def knocking(rig: Rig) -> None:
    """A far end that refuses for half a minute is asked at most 8 s apart, and not more than a dozen times."""
    before = rig.platform_wire.links
    rig.broken()
    rig.platform_wire.become("reset")
    rig.platform_wire.cut()
    rig.play(30)
    tries = rig.platform_wire.links - before
    rig.platform_wire.become("whole")
    rig.mended()
    assert 4 <= tries <= 12, f"{tries} tries in 30 s"


FAULTS = (
    Fault("far-refuses", "platform refuses connections for 10 s", wire("refuse", 10, cut=True), HURT),
    Fault("far-resets", "platform resets connections for 10 s", wire("reset", 10, cut=True), HURT),
    Fault("far-cut", "platform resets the connection once", cut_once, HURT),
    Fault("far-deaf", "platform reads nothing for 12 s", wire("frozen", 12, cut=False), HURT),
    Fault("far-mute", "platform takes connections and never answers, 12 s", wire("mute", 12, cut=True), HURT),
    Fault("far-garbage", "platform answers garbage for 10 s", wire("garbage", 10, cut=True), HURT),
    Fault("far-slow", "platform takes a fifth of the stream for 15 s", wire("slow", 15, cut=False), HURT),
    Fault("far-killed", "platform's server killed, another one after 6 s", server_killed, HURT),
    Fault("far-hung", "platform's server hung for 12 s", server_hung, HURT),
    Fault("far-ended", "platform ends the live video and takes its key back", ended_by_platform, HURT),
    Fault("far-impostor", "somebody else's certificate at the platform's address", impostor, HURT),
    Fault("far-refuses-long", "platform resets connections for 30 s: tries are counted", knocking, HURT),
    Fault(
        "cable-far-gone",
        "nobody listens at the headend for 6 s",
        cable_gone,
        CABLE_ALONE,
        around="cable-wire",
        kept_findings=False,
    ),
    Fault(
        "cable-far-lossy",
        "each 50th datagram lost on the way to the headend for 8 s",
        cable_lossy,
        CABLE_ALONE,
        around="cable-wire",
        kept_findings=False,
    ),
)
