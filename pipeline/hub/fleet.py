"""All legs of a hub: added, dropped, looked after, and kept within the up-link together."""

import threading
from collections.abc import Callable

from pipeline.clock import Clock
from pipeline.errors import Refused
from pipeline.hub.leg import Leg
from pipeline.hub.spec import LegSpec
from pipeline.hub.uplink import Demand, Uplink

LOOK_US = 1_000_000


class Fleet:
    """`make` builds a leg from its spec. Everything may be called from any thread."""

    def __init__(self, make: Callable[[LegSpec], Leg], uplink: Uplink, clock: Clock) -> None:
        self._make = make
        self._uplink = uplink
        self._clock = clock
        self._legs: dict[str, Leg] = {}
        self._lock = threading.Lock()
        self._looked_us = 0

    def all(self) -> list[Leg]:
        """In the order in which they came: the most important first."""
        with self._lock:
            return list(self._legs.values())

    def add(self, spec: LegSpec) -> None:
        """Start a leg. Refused `hub.leg-exists`, `leg.unknown-kind`."""
        leg = self._make(spec)
        with self._lock:
            if spec.name in self._legs:
                raise Refused("hub.leg-exists", name=spec.name)
            self._legs[spec.name] = leg
        leg.start()

    def drop(self, name: str) -> None:
        """Take a leg off at once; it says goodbye beside. Refused `hub.no-such-leg`."""
        leg = self.leg(name)
        with self._lock:
            self._legs.pop(name, None)
        leg.end()
        threading.Thread(target=leg.join, name="leg-farewell", daemon=True).start()

    def leg(self, name: str) -> Leg:
        with self._lock:
            leg = self._legs.get(name)
        if leg is None:
            raise Refused("hub.no-such-leg", name=name[:40])
        return leg

    def check(self) -> None:
        """Call it a few times a second."""
        legs = self.all()
        for leg in legs:
            leg.check()
        now = self._clock.monotonic_us()
        if now - self._looked_us < LOOK_US:
            return
        self._looked_us = now
        out = [leg for leg in legs if leg.spec.uplink]
        weak = any(leg.rate.weak for leg in out)
        self._uplink.confirmed(sum(leg.confirmed_kbps for leg in out), weak=weak)
        demands = [
            Demand(leg.spec.name, leg.rate.programme, leg.rate.own_step, leg.spec.backup, leg.rate.weak)
            for leg in out
        ]
        granted = self._uplink.look(now, demands)
        for leg in out:
            leg.rate.cap = granted.steps.get(leg.spec.name, 0)
            leg.park(leg.spec.name in granted.parked)

    def uplink(self) -> dict[str, object]:
        """The up-link as far as it is known, and what goes out through it; kilobits a second."""
        used = sum(leg.confirmed_kbps for leg in self.all() if leg.spec.uplink)
        return {"kbps": self._uplink.kbps, "measured_kbps": self._uplink.measured_kbps, "used_kbps": used}
