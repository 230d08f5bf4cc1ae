"""The broadcast's view of its hub: the last status, and hub time between two of them."""

import threading

from pipeline.clock import Clock
from pipeline.errors import PipelineError, Temporary
from pipeline.hub.control import ControlClient

ASK_S = 2.0


class HubLink:
    """Asks the hub for its status; remembers the last answer, for the hub may be restarting just now."""

    def __init__(self, client: ControlClient, clock: Clock) -> None:
        self.client = client
        self._clock = clock
        self._last: dict[str, object] = {}
        self._at_us: int | None = None

    def poll(self) -> bool:
        """Ask once; False when there is no answer (the last status stays)."""
        try:
            answer = self.client.ask("status", timeout_s=ASK_S)
        except PipelineError:
            return False
        self._last, self._at_us = answer, self._clock.monotonic_us()
        return True

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Wait until the hub answers; Temporary `live.no-hub` when it does not in `seconds`."""
        end = self._clock.monotonic_us() + int(seconds * 1e6)
        while not self.poll():
            if self._clock.monotonic_us() > end or self._clock.wait(stop, 0.1):
                raise Temporary("live.no-hub", seconds=seconds)

    def finish(self, seconds: float) -> None:
        """End the legs and close the hub's recording; returns once the hub has gone.

        A hub that is not there has nothing to finish. Temporary `live.hub-not-ended` after `seconds`.
        """
        end = self._clock.monotonic_us() + int(seconds * 1e6)
        never = threading.Event()
        while True:
            try:
                self.client.ask("finish", timeout_s=ASK_S)
            except PipelineError as error:
                if error.code == "control.not-running":
                    return
            if self._clock.monotonic_us() > end:
                raise Temporary("live.hub-not-ended", seconds=int(seconds))
            self._clock.wait(never, 0.1)

    @property
    def status(self) -> dict[str, object]:
        return self._last

    def part(self, name: str) -> dict[str, object]:
        """One part of the last status (`feed`, `record`, `legs`), empty before there is one."""
        part = self._last.get(name)
        return dict(part) if isinstance(part, dict) else {}

    def leg_up(self, name: str) -> bool:
        """Whether this destination's leg was up when the hub last answered."""
        row = self.part("legs").get(name)
        return isinstance(row, dict) and row.get("state") == "up"

    def us(self) -> int | None:
        """Hub time now, from the last answer and the time since; None before the first."""
        last = self._last.get("hub_us")
        if not isinstance(last, int) or self._at_us is None:
            return None
        return last + self._clock.monotonic_us() - self._at_us
