"""A live video that its platform ends on air: a new one, or a question, as the class says; never knocked at."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.clock import SYSTEM
from pipeline.errors import Fatal
from pipeline.live import platforms as module
from pipeline.live.memory import Memory, recall
from pipeline.live.platforms import Platforms
from pipeline.model.platform_live import LiveState, LiveVideo
from pipeline.store.journal import Journal, read
from tests.support.far_end import wait_for

END = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


class Page:
    """Makes live videos 1, 2, 3 …; `status` is what it says of each, LIVE where nothing was set."""

    def __init__(self) -> None:
        self.made: list[LiveVideo] = []
        self.status: dict[str, str] = {}
        self.asked: list[str] = []

    def check(self) -> None: ...

    def create(self, title: str, description: str, *, private: bool = False, scheduled: object = None) -> LiveVideo:
        number = str(len(self.made) + 1)
        self.made.append(LiveVideo(number, "rtmps://ingest/rtmp", SecretStr(f"key-{number}")))
        return self.made[-1]

    def state(self, live_id: str) -> LiveState:
        self.asked.append(live_id)
        status = self.status.get(live_id, "LIVE")
        if status == "gone":
            raise Fatal("facebook.live-gone")
        return LiveState(status)

    def go_live(self, live_id: str) -> LiveState:
        return self.state(live_id)

    def end(self, live_id: str) -> LiveState:
        return LiveState("LIVE_STOPPED")


class Desk:
    def __init__(self, folder: Path, *, renew: bool) -> None:
        self.page = Page()
        self.memory = Memory(folder / "state.json", END)
        self.journal = folder / "journal.jsonl"
        self.platforms = Platforms(
            {"facebook": self.page},
            self.memory,
            Journal(self.journal, "broadcast", SYSTEM),
            SYSTEM,
            title="t",
            description="d",
            private=False,
            feeding=lambda name: True,
            renew=renew,
        )
        self.platforms.start()

    def live(self) -> str | None:
        video = self.memory.live.get("facebook")
        return video.id if video else None

    def ended(self, status: str = "LIVE_STOPPED") -> None:
        """The platform ends what is on air, and its ingest refuses the leg."""
        wait_for(lambda: self.live() is not None)
        self.page.status[str(self.live())] = status
        self.platforms.look_again("facebook")

    def codes(self) -> list[object]:
        return [line.fields["code"] for line in read(self.journal) if line.what == "finding"]


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(module, "FOLLOW_S", 0.05)
    desk = Desk(tmp_path, renew=request.param)
    yield desk
    desk.platforms.end()


@pytest.mark.parametrize("desk", [True], indirect=True)
@pytest.mark.parametrize("status", ["LIVE_STOPPED", "VOD", "gone"])
def test_an_ended_live_video_is_followed_by_a_new_one(desk: Desk, status: str) -> None:
    desk.ended(status)
    wait_for(lambda: desk.live() == "2")
    assert desk.memory.past == {"facebook": ["1"]}
    wait_for(lambda: desk.codes() == ["platform.renewed"])
    wait_for(lambda: "2" in desk.page.asked)
    assert "1" not in desk.page.asked[desk.page.asked.index("2") :]


@pytest.mark.parametrize("desk", [True], indirect=True)
def test_a_platform_that_ends_every_one_is_not_given_a_third(desk: Desk) -> None:
    desk.ended()
    wait_for(lambda: desk.live() == "2")
    desk.ended()
    wait_for(lambda: desk.codes() == ["platform.renewed", "platform.ended"])
    assert len(desk.page.made) == 2


@pytest.mark.parametrize("desk", [False], indirect=True)
def test_where_the_class_says_so_a_person_is_asked(desk: Desk, tmp_path: Path) -> None:
    desk.ended()
    wait_for(lambda: desk.codes() == ["platform.ended"])
    assert desk.live() is None
    assert desk.platforms.states()["facebook"]["status"] == "asked"
    assert recall(tmp_path / "state.json", END).asked == ["facebook"]
    assert len(desk.page.made) == 1
    desk.platforms.retry("facebook")
    wait_for(lambda: desk.live() == "2")
    assert desk.memory.asked == []
