"""Which files are masters, what a torn one is called, and which of them is used."""

from pathlib import Path

import pytest

from pipeline.media.probe import Probe
from pipeline.post.masters import Master, candidates, chosen, final_name, role_of

MINUTE = 60_000_000


def master(name: str, length_us: int) -> Master:
    role, number = role_of(Path(name))
    found = Probe(Path(name), "matroska", 1, 0, (), (), (), None)
    return Master(role, number, found, length_us)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("feed.mkv", ("feed", 1)),
        ("feed-12.mkv", ("feed", 12)),
        ("obs.mkv", ("obs", 1)),
        ("film.mp4", ("import", 1)),
        ("feedback.mp4", ("import", 1)),
    ],
)
def test_roles(name: str, role: tuple[str, int]) -> None:
    assert role_of(Path(name)) == role


def names(masters: list[Master]) -> list[str]:
    return [m.path.name for m in masters]


def test_obs_is_used_when_it_is_whole_and_as_long() -> None:
    feed = master("feed.mkv", 45 * MINUTE)
    assert names(chosen([feed, master("obs.mkv", 45 * MINUTE - 2_000_000)])) == ["obs.mkv"]
    assert names(chosen([feed, master("obs.mkv", 40 * MINUTE)])) == ["feed.mkv"]
    assert names(chosen([feed])) == ["feed.mkv"]
    assert names(chosen([master("obs.mkv", MINUTE)])) == ["obs.mkv"]


def test_pieces_of_the_feed_in_their_order() -> None:
    pieces = [master(f"feed{n}.mkv", MINUTE) for n in ("-10", "-2", "")]
    assert names(chosen([*pieces, master("obs.mkv", 2 * MINUTE)])) == ["feed.mkv", "feed-2.mkv", "feed-10.mkv"]


def test_pieces_of_obs_when_there_is_more_of_them() -> None:
    obs = [master("obs.mkv", 5 * MINUTE), master("obs-2.mkv", 5 * MINUTE)]
    assert names(chosen([*obs, master("feed.mkv", 3 * MINUTE)])) == ["obs.mkv", "obs-2.mkv"]


def test_a_torn_master_gets_a_free_name(tmp_path: Path) -> None:
    part = tmp_path / "feed.mkv.part"
    assert final_name(part) == tmp_path / "feed.mkv"
    (tmp_path / "feed.mkv").touch()
    assert final_name(part) == tmp_path / "feed-2.mkv"
    second = tmp_path / "feed-2.mkv.part"
    (tmp_path / "feed-2.mkv").touch()
    assert final_name(second) == tmp_path / "feed-3.mkv"


def test_a_copy_under_way_is_no_master(tmp_path: Path) -> None:
    (tmp_path / ".film.mkv.12-ab.part").touch()
    (tmp_path / "feed.mkv.part").touch()
    assert [p.name for p in candidates(tmp_path)] == ["feed.mkv.part"]
    assert candidates(tmp_path / "none") == []
