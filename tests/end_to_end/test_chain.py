"""From OBS to Facebook, cable, captions and archive: judged by what the far ends received and by the files."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.standins.demo import page
from pipeline.standins.demo.verdict import FAILED, verdict
from pipeline.standins.stage import PROVIDER, SERVICE
from tests.support.aired import Aired

pytestmark = [pytest.mark.air, pytest.mark.timeout(420)]
LOST_S = 6.0


def test_facebook_received_one_unbroken_session(chain: Aired) -> None:
    """The broadcast process was killed on air: the leg knew nothing of it."""
    [session] = chain.evidence.facebook["ingest"]["sessions"]
    video, audio = session["video"], session["audio"]
    assert session["faults"] == []
    assert video["gaps_ms"] == []
    assert audio["gaps_ms"] == []
    assert video["duration_ms"] / 1000 >= chain.on_air_s - LOST_S
    assert video["frames"] == pytest.approx(video["duration_ms"] * 25 / 1000, abs=2)
    assert (video["width"], video["height"], video["codec"]) == (640, 360, "h264")
    assert video["keyframe_ms"]["longest"] <= 2000
    assert (audio["codec"], audio["rate"]) == ("aac", 48000)


def test_facebook_keeps_one_video_with_our_captions(chain: Aired) -> None:
    [live] = chain.evidence.facebook["graph"]["lives"]
    assert live["history"] == ["UNPUBLISHED", "LIVE", "LIVE_STOPPED", "PROCESSING", "VOD"]
    assert live["title"] == "Rytmika dla dorosłych"
    assert chain.evidence.uploaded == {"pl_PL": chain.evidence.files.srt.read_bytes()}
    sent = [one for one in chain.requests if one["path"].endswith("/captions") and one["method"] == "POST"]
    assert [one["status"] for one in sent] == [200]
    assert chain.evidence.facebook["graph"]["faults"] == []


def test_the_headend_received_a_clean_stream(chain: Aired) -> None:
    report = chain.evidence.cable
    assert report["continuity_errors"] == 0
    assert report["priority_1_and_2"] == {}
    assert report["stream"]["constant"]
    assert report["stream"]["bitrate"] == pytest.approx(1_200_000, rel=0.001)
    assert (report["service"]["name"], report["service"]["provider"]) == (SERVICE, PROVIDER)
    assert report["wire"]["wrong_sizes"] == 0
    assert report["wire"]["seconds"] >= chain.on_air_s - LOST_S
    assert report["watch"]["decode_errors"] == 0
    assert len(report["watch"]["pictures"]) >= 3


def test_captions_say_what_was_spoken_when_it_was_spoken(chain: Aired) -> None:
    hearing = chain.evidence.hearing
    assert len(hearing.rows) >= 4
    assert hearing.errors <= 0.2, [(row.spoken.text, row.heard) for row in hearing.rows]
    assert hearing.start_ms is not None
    assert hearing.start_ms <= 400


def test_web_video_has_captions_to_select_and_the_webs_loudness(chain: Aired) -> None:
    web = chain.evidence.web
    assert [(one.codec, one.language) for one in web.subtitles] == [("mov_text", "pol")]
    assert [one.language for one in web.audio] == ["pol"]
    assert chain.evidence.index_first
    assert chain.evidence.web_lufs == pytest.approx(-16, abs=1)
    assert web.duration_us / 1e6 == pytest.approx(chain.evidence.report["length_s"], abs=0.3)


def test_open_captions_stand_in_the_picture(chain: Aired) -> None:
    assert chain.evidence.burnt >= 6
    assert chain.evidence.open.subtitles == ()
    assert chain.evidence.open.duration_us == pytest.approx(chain.evidence.web.duration_us, abs=300_000)


def test_the_package_is_valid_to_other_programs(chain: Aired) -> None:
    package = chain.evidence.files.package.path
    assert [report["ok"] for report in chain.evidence.verified] == [True]
    bagit = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(package)]
    assert subprocess.run(bagit, check=False, timeout=120).returncode == 0
    digests = ["sha512sum", "--check", "--quiet", "manifest-sha512.txt"]
    assert subprocess.run(digests, cwd=package, check=False, timeout=120).returncode == 0
    held = {path.name for path in package.rglob("*") if path.is_file()}
    for path in (chain.evidence.files.srt, chain.evidence.files.web, *chain.evidence.files.masters):
        assert path.name in held
    assert "journal.jsonl" in held


def test_the_journal_holds_all_of_it(chain: Aired) -> None:
    lines = chain.evidence.journal
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))
    said = [line.what for line in lines]
    assert said[0] == "begin"
    assert said.count("closed") == said.count("end") == 1
    assert [line.fields["name"] for line in lines if line.what == "scene"] == ["opening", "main", "closing"]
    markers = [line.fields["text"] for line in lines if line.what == "marker"]
    assert markers == ["Chopin: Mazurek „a-moll”", "po przejęciu"]
    starts = [line for line in lines if line.what == "process" and line.fields.get("name") == "broadcast"]
    assert "died" in [line.fields["state"] for line in starts]
    masters = {str(line.fields["path"]) for line in lines if line.what == "master"}
    assert masters == {"masters/feed.mkv", "masters/obs.mkv"}
    times = [line.hub_us for line in lines if line.what in ("scene", "marker")]
    assert times == sorted(time for time in times if time is not None)


def test_the_broadcast_was_taken_over_and_answered(chain: Aired) -> None:
    assert chain.taken_over_after_s < 30
    assert chain.told["marker-after"].code == 0
    status = chain.told["status"].data
    assert status["phase"] == "on-air"
    assert {name: row["state"] for name, row in status["hub"]["legs"].items()} == {"facebook": "up", "cable": "up"}
    assert {row["frames_dropped"] for row in status["hub"]["legs"].values()} == {0}
    assert {row["reconnects"] for row in status["hub"]["legs"].values()} == {0}
    assert chain.told["stop"].code in (0, 3)
    assert sorted(chain.told["stop"].data["masters"]) == ["feed.mkv", "obs.mkv"]


def test_a_second_broadcast_is_refused(chain: Aired) -> None:
    second = chain.told["second"]
    assert second.code == 2
    assert "live.already" in second.errors
    assert "trwa już transmisja" in second.errors
    recordings = [path for path in chain.evidence.files.recording.parent.iterdir() if not path.name.startswith(".")]
    assert recordings == [chain.evidence.files.recording]


def test_the_worker_was_killed_twice_and_nothing_is_doubled(chain: Aired) -> None:
    assert chain.workers_killed == ["in the middle of the speech", "after the speech"]
    [job] = chain.told["jobs"].data
    assert (job["state"], job["error"]) == ("done", None)
    recording = chain.evidence.files.recording
    for pattern in ("outputs/*.web.mp4", "outputs/*.open-pl.mp4", "captions/*.srt", "pictures/*.poster.jpg"):
        assert len(list(recording.glob(pattern))) == 1, pattern
    assert not [path for path in recording.rglob("*") if path.suffix == ".part" or path.name.startswith(".")]
    assert [
        path.name for path in (recording.parent.parent / "archive").iterdir() if not path.name.startswith(".")
    ] == [job["id"]]
    listed = [(one["role"], one["kind"]) for one in chain.evidence.report["files"]]
    assert len(listed) == len(set(listed))
    words = [cue.text for cue in chain.evidence.track.cues]
    assert len(words) == len(set(words)), "a stretch of speech was heard twice"


def test_no_secret_is_seen_anywhere(chain: Aired) -> None:
    assert chain.secrets_in_arguments == []
    assert chain.evidence.secrets == []


def test_what_is_private_is_its_owners_alone(chain: Aired) -> None:
    assert {"air", "secrets.env", "plan.json", "hub.json", "control.json"} <= set(chain.private_modes)
    assert {name: mode & 0o077 for name, mode in chain.private_modes.items() if mode & 0o077} == {}


def test_nothing_of_the_broadcast_is_left(chain: Aired) -> None:
    air = chain.evidence.files.recording / "air"
    left = {path.name for path in air.iterdir()}
    assert not left & {"plan.json", "hub.json", "control.json", "hub-control.json", "state.json"}
    assert not (Path(chain.stage.station) / "work" / "on-air.json").exists()
    text = (chain.evidence.files.recording / "journal.jsonl").read_text(encoding="utf-8")
    assert not re.search(r"EAAStandIn|\?s_bl=", text)


def test_the_demos_verdict_and_page_are_made_of_the_same(chain: Aired) -> None:
    """The demo's own script is longer: of its checks only the counts of that script may fail here."""
    checks = verdict(chain.evidence)
    assert {check.code for check in checks if check.state == FAILED} <= {"journal"}
    chain.evidence.seconds["after-work"] = 1.0
    (chain.evidence.station / "pokaz").mkdir(exist_ok=True)
    shown = page.write(chain.evidence, checks, "pl")
    text = shown.read_text(encoding="utf-8")
    links = re.findall(r'(?:src|href|poster)="([^"#]+)"', text)
    assert len(links) > 15
    assert [link for link in links if not (shown.parent / unquote(unescape(link))).exists()] == []
    assert not [link for link in links if link.startswith(("/", "http"))]
