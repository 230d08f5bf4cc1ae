"""Captions of a finished video: asked first, replaced, proved to be there."""

from pathlib import Path

import pytest

from pipeline.adapters.facebook import MAX_CAPTIONS_BYTES, FacebookPage
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_live import Live
from pipeline.standins.graph_world import World


def asked(graph: GraphStandIn) -> list[str]:
    requests = graph.report()["requests"]
    assert isinstance(requests, list)
    return [f"{entry['method']} {','.join(entry['params'])}" for entry in requests]


def test_captions_are_put_under_the_video(
    page: FacebookPage, world: World, graph: GraphStandIn, finished: Live, srt: Path
) -> None:
    assert page.captions(finished.video_id) == []
    page.upload_captions(finished.video_id, srt)
    assert page.captions(finished.video_id) == ["pl_PL"]
    video = world.videos[finished.video_id]
    assert video.files["pl_PL"] == srt.read_bytes()
    assert video.captions["pl_PL"]["is_default"] is True
    assert graph.report()["faults"] == []


def test_a_second_upload_replaces_the_first(
    page: FacebookPage, world: World, graph: GraphStandIn, finished: Live, srt: Path
) -> None:
    page.upload_captions(finished.video_id, srt)
    srt.write_text("1\n00:00:00,500 --> 00:00:02,000\nPoprawione.\n", encoding="utf-8")
    before = len(asked(graph))
    page.upload_captions(finished.video_id, srt)
    assert world.videos[finished.video_id].files["pl_PL"] == srt.read_bytes()
    assert page.captions(finished.video_id) == ["pl_PL"]
    assert asked(graph)[before:-1] == [
        "GET fields",
        "POST locales_to_delete",
        "POST default_locale,captions_file",
        "GET fields",
    ]


def test_another_language_stays(page: FacebookPage, finished: Live, srt: Path) -> None:
    page.upload_captions(finished.video_id, srt, locale="uk_UA")
    page.upload_captions(finished.video_id, srt)
    assert page.captions(finished.video_id) == ["uk_UA", "pl_PL"]


def test_an_upload_interrupted_after_the_deletion_is_healed_by_the_next(
    page: FacebookPage, graph: GraphStandIn, finished: Live, srt: Path
) -> None:
    page.upload_captions(finished.video_id, srt)
    graph.fail_next("*/captions", "captions-upload", method="POST")
    with pytest.raises(Temporary):
        page.upload_captions(finished.video_id, srt)
    page.upload_captions(finished.video_id, srt)
    assert page.captions(finished.video_id) == ["pl_PL"]


def test_a_video_that_is_still_being_made_ready_is_for_later(page: FacebookPage, world: World, srt: Path) -> None:
    live = world.create({"status": "LIVE_NOW"})
    with pytest.raises(Temporary, match=r"facebook\.captions-upload-failed"):
        page.upload_captions(live.video_id, srt)


def test_files_that_nobody_would_take(
    page: FacebookPage, graph: GraphStandIn, finished: Live, srt: Path, tmp_path: Path
) -> None:
    big = tmp_path / "big.srt"
    big.write_bytes(b"x" * (MAX_CAPTIONS_BYTES + 1))
    with pytest.raises(Fatal) as caught:
        page.upload_captions(finished.video_id, big)
    assert caught.value.code == "facebook.captions-too-large"
    assert caught.value.fields == {"file": "big.srt", "size": 200_001, "limit": 200_000}
    empty = tmp_path / "empty.srt"
    empty.write_bytes(b"\n")
    with pytest.raises(Refused, match=r"facebook\.captions-empty"):
        page.upload_captions(finished.video_id, empty)
    with pytest.raises(Refused, match=r"facebook\.captions-locale"):
        page.upload_captions(finished.video_id, srt, locale="polski")
    assert asked(graph) == [], "nothing of this needs the far end"


def test_a_file_that_is_no_srt(page: FacebookPage, finished: Live, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.srt"
    wrong.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", encoding="utf-8")
    with pytest.raises(Fatal, match=r"facebook\.captions-format"):
        page.upload_captions(finished.video_id, wrong)


def test_a_video_that_is_gone(page: FacebookPage, srt: Path) -> None:
    with pytest.raises(Fatal) as caught:
        page.upload_captions("999999999999999", srt)
    assert caught.value.code == "facebook.video-gone"
