"""The whole after-work, real: ffmpeg, DBOS, Whisper's miniature, in a worker of its own."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from captions.files import read_track
from captions.quality import check, hard
from captions.score import word_error_rate
from captions.stylefile import load_style
from pipeline.media import still
from pipeline.media.loudness import measure
from pipeline.media.probe import probe
from pipeline.model.config import Settings
from pipeline.model.recording import State
from pipeline.post import jobs
from pipeline.post.importing import import_file
from pipeline.store import file_rows, publications, recordings, track_rows
from pipeline.store.database import Database
from pipeline.store.journal import Journal
from pipeline.store.publications import CaptionState
from tests.support import afterwork, clips

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(240)]


def processed(db: Database, settings: Settings, path: Path) -> tuple[Path, dict[str, object]]:
    """Import and work through; the recording's folder and its report."""
    ident = import_file(settings, path, "odczyt")
    assert afterwork.run_to_end(settings.folders.work.parent) == 0
    found = recordings.get(db, ident)
    assert (found.state, found.error) == (State.DONE, None)
    folder = settings.folders.recordings / found.folder
    report: dict[str, object] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return folder, report


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def leftovers(root: Path) -> list[Path]:
    return [p for p in root.rglob("*.part")]


def boxes(path: Path) -> list[str]:
    """The names of an MP4's outermost boxes in order."""
    names, data, at = [], path.read_bytes(), 0
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8].decode("latin-1")
        names.append(name)
        at += size or len(data)
    return names


def test_from_a_file_with_an_odd_name_to_everything(db: Database, settings: Settings, tmp_path: Path) -> None:
    clip = clips.film(tmp_path / "-żółty: 'film' \"x\".mkv", count=4, height=360)
    folder, report = processed(db, settings, clip.path)
    ident = str(report["id"])

    web = one(folder, "outputs/*.web.mp4")
    seen = probe(web)
    assert [s.language for s in seen.subtitles] == ["pol"]
    assert seen.subtitles[0].codec == "mov_text"
    assert (seen.video[0].codec, seen.video[0].width, seen.video[0].height) == ("h264", 640, 360)
    assert seen.video[0].parameters == probe(clip.path).video[0].parameters  # copied, not encoded
    assert seen.duration_us == pytest.approx(clip.length_us, abs=300_000)
    order = boxes(web)
    assert order.index("moov") < order.index("mdat")
    loud = measure(web)
    assert loud is not None
    assert loud.integrated == pytest.approx(-16, abs=1)
    assert loud.true_peak < -0.9

    track = read_track(one(folder, "captions/*.pl.srt"))
    wanted = " ".join(sentence.text for sentence in clip.spoken)
    assert word_error_rate(wanted, " ".join(cue.text for cue in track.cues)) < 0.35
    assert abs(track.cues[0].start_ms - clip.spoken[0].start_ms) < 500
    style = load_style(afterwork.style_path("sdh-adult"))
    assert hard(check(track, style, probe(clip.path).duration_us // 1000)) == []
    assert one(folder, "captions/*.pl.vtt").read_text(encoding="utf-8").startswith("WEBVTT")
    assert one(folder, "captions/*.pl.txt").stat().st_size > 50

    captioned = probe(one(folder, "outputs/*.open-pl.mp4"))
    at = (track.cues[0].start_ms + track.cues[0].end_ms) / 2000
    burnt, clean = still.grey(captioned, at), still.grey(probe(clip.path), at)
    assert burnt is not None
    assert clean is not None
    change = np.abs(burnt - clean)
    assert change[75:].mean() > 4 * change[:60].mean()  # letters below, the same picture above
    assert len(captioned.audio) == 1

    poster = one(folder, "pictures/*.poster.jpg").read_bytes()
    assert poster.startswith(b"\xff\xd8")
    listed = (settings.folders.archive / ident / "content.txt").read_text(encoding="utf-8")
    assert re.search(r"^captions/.*\.pl\.srt$", listed, re.M)
    assert "journal.jsonl" in listed

    rows = file_rows.of_recording(db, ident)
    kinds = sorted(row.kind for row in rows)
    assert kinds == ["import", "open", "package", "poster", "quality", "srt", "txt", "vtt", "web", "words"]
    for row in rows:
        if row.root == "recordings":
            assert file_rows.sha256(settings.folders.recordings / row.path) == row.sha256
    (tracked,) = track_rows.of_recording(db, ident)
    assert (tracked.language, tracked.state.value, tracked.model) == ("pl", "automatic", "demo")
    assert report["findings"] == []
    assert leftovers(tmp_path) == []
    assert not (settings.folders.work / "after" / ident).exists()
    assert jobs.job(db, settings.folders.work, ident).per_cent == 100

    before = {path: path.stat().st_mtime_ns for path in folder.glob("outputs/*")}
    jobs.retry(db, ident)
    assert afterwork.run_to_end(tmp_path) == 0
    assert recordings.get(db, ident).state is State.DONE
    assert {path: path.stat().st_mtime_ns for path in folder.glob("outputs/*")} == before


def test_a_broadcast_gets_its_captions_onto_the_live_video(
    db: Database, settings: Settings, tmp_path: Path
) -> None:
    folder = settings.folders.recordings / "2026-11-27_1700_muzyka_koncert_abcd1234"
    (folder / "masters").mkdir(parents=True)
    clips.film(folder / "masters" / "obs.mkv", count=2, tracks=2)
    journal = Journal(folder / "journal.jsonl", "broadcast")
    begin: dict[str, object] = {"id": "abcd1234", "class": "muzyka", "title": "Koncert"}
    journal.append("begin", **begin)  # type: ignore[arg-type]
    fields = {"destination": "facebook", "kind": "facebook", "live_id": "77"}
    journal.append("platform", **fields, video_id="900")  # type: ignore[arg-type]
    # The power went: neither an end nor a closing line. The class says that captions may go out at once.
    assert afterwork.run_to_end(tmp_path, publish="at-once") == 0
    assert recordings.get(db, "abcd1234").state is State.DONE
    uploads = afterwork.FarEnds(tmp_path).uploads()
    assert [(u["destination"], u["live_id"]) for u in uploads] == [("facebook", "77")]
    assert "-->" in uploads[0]["srt"]
    (place,) = publications.of_recording(db, "abcd1234")
    assert place.caption_state is CaptionState.UPLOADED
    assert [line["why"] for line in _ends(folder)] == ["interrupted"]


def _ends(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if '"end"' in line]


def test_no_sound(db: Database, settings: Settings, tmp_path: Path) -> None:
    folder, report = processed(db, settings, clips.without_sound(tmp_path / "niemy.mp4"))
    assert _codes(report) == ["post.no-sound"]
    web = probe(one(folder, "outputs/*.web.mp4"))
    assert (len(web.video), len(web.audio), len(web.subtitles)) == (1, 0, 0)
    assert list(folder.glob("captions/*")) == []
    assert len(list(folder.glob("pictures/*"))) == 1


def test_no_picture(db: Database, settings: Settings, tmp_path: Path) -> None:
    wav = tmp_path / "odczyt.wav"
    clips.spoken_wav(wav, 2)
    folder, report = processed(db, settings, wav)
    assert _codes(report) == ["post.no-picture"]
    sound = probe(one(folder, "outputs/*.m4a"))
    assert (len(sound.video), sound.audio[0].codec) == (0, "aac")
    assert len(read_track(one(folder, "captions/*.pl.srt")).cues) >= 2
    assert [p.name for p in folder.glob("outputs/*.mp4")] == []


def test_silence_and_a_picture_that_no_browser_plays(db: Database, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "cisza.mkv"
    clips.silent(path, 3)
    folder, report = processed(db, settings, path)
    assert "post.silence" in _codes(report)
    assert "captions.no-speech" in _codes(report)
    clip = clips.film(tmp_path / "stary.mkv", count=1, codec="mpeg2video")
    folder, report = processed(db, settings, clip.path)
    assert probe(one(folder, "outputs/*.web.mp4")).video[0].codec == "h264"


def _codes(report: dict[str, object]) -> list[str]:
    findings = report["findings"]
    assert isinstance(findings, list)
    return [f["code"] for f in findings]
