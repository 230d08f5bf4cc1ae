"""Steps on real files: what verify tells, which track is heard, what an output must be."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.clock import SYSTEM
from pipeline.errors import Fatal, Temporary
from pipeline.media import ffmpeg
from pipeline.media.loudness import measure
from pipeline.media.probe import probe
from pipeline.model.config import Settings
from pipeline.model.recording import Role
from pipeline.post.check_output import check_output
from pipeline.post.plan import plan_for
from pipeline.post.publish import publish_captions
from pipeline.post.transcribe import _speech_track
from pipeline.post.verify import verify
from pipeline.post.work import Work
from pipeline.store import file_rows, publications
from pipeline.store.absorb import absorb
from pipeline.store.database import Database
from pipeline.store.journal import Journal
from pipeline.store.publications import CaptionState
from tests.support import afterwork, clips

pytestmark = pytest.mark.heavy
MakeWork = Callable[[], Work]


@pytest.fixture
def folder(settings: Settings) -> Path:
    folder = settings.folders.recordings / "2026-11-27_1700_muzyka_koncert_abcd1234"
    (folder / "masters").mkdir(parents=True)
    begin: dict[str, object] = {"id": "abcd1234", "class": "muzyka", "title": "Koncert"}
    Journal(folder / "journal.jsonl", "broadcast").append("begin", **begin)  # type: ignore[arg-type]
    return folder


@pytest.fixture
def make(db: Database, settings: Settings, folder: Path) -> MakeWork:
    def make_work() -> Work:
        recording = absorb(db, folder)
        assert recording is not None
        scratch = settings.folders.work / "after" / recording.id
        scratch.mkdir(parents=True, exist_ok=True)
        return Work(
            db=db,
            recording=recording,
            plan=plan_for(settings, None, title="Koncert"),
            recordings=settings.folders.recordings,
            archive=settings.folders.archive,
            scratch=scratch,
            models=settings.folders.work / "models",
            clock=SYSTEM,
            style_path=afterwork.style_path,
        )

    return make_work


def codes(told: dict[str, object]) -> list[str]:
    findings = told["findings"]
    assert isinstance(findings, list)
    return [f["code"] for f in findings]


def test_obs_is_chosen_with_its_microphones(make: MakeWork, folder: Path) -> None:
    clip = clips.film(folder / "masters" / "obs.mkv", count=1, tracks=2)
    shutil.copyfile(clip.path, folder / "masters" / "feed.mkv")
    Journal(folder / "journal.jsonl", "hub").append("master", hub_us=40_000, role="feed", path="masters/feed.mkv")
    work = make()
    told = verify(work, {})
    assert (told["role"], told["picture"], told["sound"], codes(told)) == ("obs", True, True, [])
    assert told["length_us"] == pytest.approx(clip.length_us, abs=200_000)
    assert _speech_track(work, work.source(told), told) == 1
    rows = {row.kind: row for row in file_rows.of_recording(work.db, "abcd1234", role=Role.MASTER)}
    assert rows["feed"].offset_us == 40_000
    assert rows["obs"].sha256 == file_rows.sha256(clip.path)
    assert verify(work, {}) == told


def test_a_silent_microphone_track_is_not_listened_to(make: MakeWork, folder: Path) -> None:
    path = folder / "masters" / "obs.mkv"
    picture = ffmpeg.generated("testsrc2=size=320x180:rate=25:duration=2")
    tone, nothing = ffmpeg.generated("sine=duration=2"), ffmpeg.generated("anullsrc=duration=2")
    ffmpeg.run(ffmpeg.argv(ffmpeg.saved(path, picture, tone, nothing, **{"c:v": "mpeg4", "c:a": "aac"})))
    work = make()
    told = verify(work, {})
    assert _speech_track(work, work.source(told), told) == 0


def test_a_torn_feed_is_used_as_far_as_it_goes(make: MakeWork, folder: Path, tmp_path: Path) -> None:
    whole = clips.film(tmp_path / "whole.mkv", count=2)
    torn = clips.torn(whole.path, folder / "masters" / "feed.mkv.part")
    before = torn.read_bytes()
    told = verify(make(), {})
    assert "post.master-torn" in codes(told)
    assert (folder / "masters" / "feed.mkv").read_bytes() == before
    assert not torn.exists()
    assert 0.5 * whole.length_us < told["length_us"] < 0.9 * whole.length_us


def test_pieces_are_joined(make: MakeWork, folder: Path) -> None:
    one = clips.film(folder / "masters" / "feed.mkv", count=1)
    two = clips.film(folder / "masters" / "feed-2.mkv", count=1)
    work = make()
    told = verify(work, {})
    assert "post.joined" in codes(told)
    assert "source" not in told
    joined = work.source(told)
    assert joined.duration_us == pytest.approx(one.length_us + two.length_us, abs=200_000)


def test_pieces_of_different_size_are_joined_too(make: MakeWork, folder: Path) -> None:
    one = clips.film(folder / "masters" / "feed.mkv", count=1)
    two = clips.film(folder / "masters" / "feed-2.mkv", count=1, height=240)
    work = make()
    told = verify(work, {})
    joined = work.source(told)
    assert joined.video[0].height == 180
    assert joined.duration_us == pytest.approx(one.length_us + two.length_us, abs=300_000)


def test_rubbish_beside_a_good_master_is_told(make: MakeWork, folder: Path) -> None:
    clips.without_sound(folder / "masters" / "obs.mkv", 2)
    (folder / "masters" / "feed.mkv").write_bytes(b"")
    told = verify(make(), {})
    assert codes(told) == ["post.master-unreadable", "post.no-sound"]
    assert (told["sound"], told["picture"]) == (False, True)


def test_nothing_readable(make: MakeWork, folder: Path) -> None:
    (folder / "masters" / "feed.mkv").write_bytes(b"x" * 1000)
    with pytest.raises(Fatal) as caught:
        verify(make(), {})
    assert caught.value.code == "post.no-master"


def test_a_master_that_changed_is_not_used(make: MakeWork, folder: Path) -> None:
    path = clips.without_sound(folder / "masters" / "obs.mkv", 2)
    verify(make(), {})
    clips.without_sound(path, 3)
    with pytest.raises(Fatal) as caught:
        verify(make(), {})
    assert caught.value.code == "post.master-changed"


def test_silence_has_no_loudness(tmp_path: Path) -> None:
    assert measure(clips.silent(tmp_path / "a.mkv", 2)) is None


def test_outputs_are_checked(tmp_path: Path) -> None:
    path = clips.without_sound(tmp_path / "a.mp4", 3)
    good = probe(path)
    assert check_output(path, length_us=3_000_000, picture=True, sound=False, captions=None, kind="web") == good
    with pytest.raises(Fatal) as caught:
        check_output(path, length_us=30_000_000, picture=True, sound=True, captions="pol", kind="web")
    assert caught.value.fields["fault"] == "sound, captions, length"


def test_too_little_room(make: MakeWork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    work = make()
    full = shutil.disk_usage(tmp_path)._replace(free=300 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: full)
    work.need_room(50 << 20)
    with pytest.raises(Temporary) as caught:
        work.need_room(400 << 20)
    assert caught.value.code == "post.disk-full"


class Platform:
    """Refuses so often, then takes the captions."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.taken = 0

    def __call__(self, *, destination: str, live_id: str, video_id: str | None, srt: Path) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.taken += 1
        return "900"


def published(make: MakeWork, folder: Path, platform: Platform, publish: str) -> tuple[Work, dict[str, object]]:
    fields = {"destination": "facebook", "kind": "facebook", "live_id": "77"}
    Journal(folder / "journal.jsonl", "broadcast").append("platform", **fields)  # type: ignore[arg-type]
    work = make()
    work.plan = type(work.plan).from_json({**work.plan.to_json(), "publish": publish})
    work.publish = platform
    return work, publish_captions(work, {"srt": "a.srt"})


def state(work: Work) -> tuple[CaptionState, str | None]:
    (place,) = publications.of_recording(work.db, "abcd1234")
    return place.caption_state, place.video_id


def test_captions_go_to_the_live_video(make: MakeWork, folder: Path) -> None:
    platform = Platform(Temporary("facebook.away"))
    work, told = published(make, folder, platform, "at-once")
    assert (told["published"], told["findings"], platform.taken) == (["facebook"], [], 1)
    assert state(work) == (CaptionState.UPLOADED, "900")


def test_captions_that_are_refused_fail_nothing_else(make: MakeWork, folder: Path) -> None:
    work, told = published(make, folder, Platform(Fatal("facebook.no-right")), "at-once")
    assert codes(told) == ["post.captions-not-published"]
    assert state(work) == (CaptionState.FAILED, None)


def test_captions_wait_for_approval(make: MakeWork, folder: Path) -> None:
    platform = Platform()
    work, told = published(make, folder, platform, "after-approval")
    assert (codes(told), platform.taken) == (["post.captions-wait"], 0)
    assert state(work) == (CaptionState.WAITING, None)
