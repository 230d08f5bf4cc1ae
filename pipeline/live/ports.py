"""What a broadcast needs from the outside world: a studio (OBS) and the platforms' pages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.model.platform_live import LiveState, LiveVideo
from pipeline.model.studio import StudioFinding, StudioPlan, StudioState


class Studio(Protocol):
    """The program that mixes: one call, one attempt; every failure is a PipelineError with the studio's words.

    After a failure the next call tries the connection anew. `close` may be called at any time and twice; it
    never ends a studio that we did not launch.
    """

    findings: tuple[StudioFinding, ...]
    """What the last `prepare` could not make as planned."""

    @property
    def launched(self) -> bool:
        """Whether we started it ourselves: only then may it ever be ended."""

    def prepare(self, plan: StudioPlan) -> None:
        """Find or launch it and make its scenes and outputs the plan's; repeating changes nothing."""

    def attach(self, plan: StudioPlan) -> None:
        """Connect to a studio that is on air already with this plan; nothing is changed."""

    def end_hung(self) -> bool:
        """End a studio that we launched and that answers no more; False where it is not ours, or gone."""

    def start_stream(self) -> None:
        """Send to the hub; returns once bytes flow. Already sending: nothing happens."""

    def stop_stream(self) -> None:
        """Stop sending; not sending: nothing happens."""

    def start_record(self, folder: Path) -> Path:
        """Record into `folder`; returns the file once it grows. Already recording: nothing happens."""

    def stop_record(self) -> Path:
        """Stop, and return the finished, closed file."""

    def show(self, scene: str) -> None:
        """Put a scene of the plan on the programme."""

    def state(self) -> StudioState:
        """What it says of itself now."""

    def thumbnail(self) -> bytes:
        """What is on the programme, small; the same bytes while not one bit of the picture changes."""

    def virtual_camera(self, on: bool) -> None:
        """Offer the programme to meeting programs as a camera, or stop offering it."""

    def close(self) -> None:
        """Let the connection go."""


class Page(Protocol):
    """A platform's page: one attempt a call; Temporary, Fatal or Refused with a code of the platform's area."""

    def check(self) -> None:
        """Raise what stands in the way of going live."""

    def create(
        self, title: str, description: str, *, private: bool = False, scheduled: datetime | None = None
    ) -> LiveVideo:
        """Make a live video; asking twice makes two, so the caller keeps the first."""

    def state(self, live_id: str) -> LiveState:
        """What the platform sees now."""

    def go_live(self, live_id: str) -> LiveState:
        """Show an announced live video to everybody."""

    def troubles(self, live_id: str) -> list[str]:
        """What the platform holds against the live video, in its own words."""

    def token_ends(self) -> datetime | None:
        """When the access ends by time; None where it does not, or where the platform does not say."""

    def end(self, live_id: str) -> LiveState:
        """End it; ended already is no error."""


Finish = Callable[[Path], None]
"""Called with the recording's folder once the broadcast is closed: fill the database, start the after-work."""
