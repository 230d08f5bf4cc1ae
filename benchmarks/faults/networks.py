"""The network on the way to the platform loses, delays, narrows or swallows packets."""

from collections.abc import Callable

from benchmarks.faults.fault import Fault
from benchmarks.faults.rig import PLATFORM, Rig

NETWORK = frozenset({"network", "mounts"})
HURT = frozenset({PLATFORM})


def network(seconds: float, **how: float) -> Callable[[Rig], None]:
    """The network becomes as `how` says and is good again after `seconds`."""

    def act(rig: Rig) -> None:
        net = rig.network
        assert net is not None
        good = {name: getattr(net, name) for name in how}
        rig.broken()
        for name, value in how.items():
            setattr(net, name, value)
        rig.play(seconds)
        for name, value in good.items():
            setattr(net, name, value)
        rig.mended()
        assert net.lost or not how.keys() & {"loss", "swallows"}, "the network lost nothing"

    return act


def fault(name: str, what: str, act: Callable[[Rig], None], hurts: frozenset[str] = HURT) -> Fault:
    return Fault(name, what, act, hurts, needs=NETWORK, around="network")


FAULTS = (
    fault("net-loss", "2 % of packets lost for 12 s", network(12, loss=0.02), frozenset()),
    fault("net-delay", "every packet 400 ms late for 10 s", network(10, delay_s=0.4), frozenset()),
    fault("net-heavy-loss", "30 % of packets lost for 12 s", network(12, loss=0.3)),
    fault("net-short-hole", "all packets swallowed for 1 s", network(1, swallows=True), frozenset()),
    fault("net-black-hole", "all packets swallowed for 20 s", network(20, swallows=True)),
    fault("net-narrow", "way to the platform narrowed to 40 kB/s for 15 s", network(15, rate=40_000)),
)
