"""All sensors together, in one place."""

from collections.abc import Callable, Iterator

from pipeline.live.watch import platform, programme, sensors, times
from pipeline.live.watch.disk import Disk
from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Seen

Sensor = Callable[[Seen], Iterator[Finding]]


class Watch:
    """Compares what is seen, second by second, with what a healthy broadcast would show."""

    def __init__(self) -> None:
        self._sensors: tuple[Sensor, ...] = (
            sensors.feed,
            sensors.Legs().look,
            sensors.Recordings().look,
            Disk().look,
            sensors.Studio().look,
            programme.programme,
            sensors.machine,
            sensors.cues,
            platform.pages,
            times.end,
            times.WallClock().look,
        )

    def look(self, seen: Seen) -> Iterator[Finding]:
        """Every fault that stands at this moment."""
        for sensor in self._sensors:
            yield from sensor(seen)
