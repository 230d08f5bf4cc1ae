"""How long a leg waits before its next try: half a second, doubling to eight, forgotten after 15 good seconds."""

FIRST_S = 0.5
MOST_S = 8.0
HEALTHY_US = 15_000_000


class BackOff:
    """Ask `next_s` after each session with how long the session lasted."""

    def __init__(self) -> None:
        self._wait_s = FIRST_S

    def next_s(self, lasted_us: int) -> float:
        if lasted_us >= HEALTHY_US:
            self._wait_s = FIRST_S
        wait, self._wait_s = self._wait_s, min(self._wait_s * 2, MOST_S)
        return wait

    def reset(self) -> None:
        self._wait_s = FIRST_S
