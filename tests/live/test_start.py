"""Beginning a broadcast: what is refused before the first file, and what the plan says."""

import json
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.live import plan as plans
from pipeline.live import start
from pipeline.live.plan import revealed
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation, load_station


def own_class(station: LoadedStation, name: str, **changes: str) -> LoadedStation:
    """The station with a class of its own: a shipped one with lines replaced."""
    from pipeline.model.shipped import shipped_presets

    text = (shipped_presets() / "classes" / "muzyka.yaml").read_text(encoding="utf-8")
    for key, value in changes.items():
        lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in text.splitlines()]
        text = "\n".join(lines) + "\n"
    (station.folder / "presets/classes").mkdir(parents=True, exist_ok=True)
    (station.folder / "presets/classes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_station(station.folder)


def test_plan_of_a_public_class_goes_to_every_destination(station: LoadedStation) -> None:
    plan = start.make_plan(station, "muzyka", Wishes(title="Rytmika"), SYSTEM)
    assert plan.destinations == ("facebook", "cable")
    assert not plan.participants
    assert plan.planned_end - plan.begun == timedelta(minutes=60)
    assert plan.folder.name.endswith(f"muzyka_rytmika_{plan.id}")


def test_minors_without_consents_are_for_participants_only(station: LoadedStation) -> None:
    station = own_class(station, "dzieci", minors="yes")
    without = start.make_plan(station, "dzieci", Wishes(), SYSTEM)
    assert without.destinations == ()
    assert without.participants
    checked = start.make_plan(station, "dzieci", Wishes(consents="Anna Nowak"), SYSTEM)
    assert checked.destinations == ("facebook", "cable")
    assert not checked.participants


@pytest.mark.parametrize("audience", ["participants", "nobody"])
def test_what_is_not_public_never_goes_out(station: LoadedStation, audience: str) -> None:
    station = own_class(station, "zamkniete", audience=audience)
    plan = start.make_plan(station, "zamkniete", Wishes(consents="Anna Nowak"), SYSTEM)
    assert plan.destinations == ()
    assert plan.participants == (audience == "participants")


def test_a_rehearsal_sends_nothing_out(station: LoadedStation) -> None:
    plan = start.make_plan(station, "muzyka", Wishes(rehearse=True), SYSTEM)
    assert not plan.participants
    assert plan.destinations == ("facebook", "cable")
    held = str(revealed(plan.settings))
    assert plan.settings.destinations["facebook"].kind == "nowhere"
    assert "udp://127.0.0.1:9" in held
    for word in ("tajny-zeton", "239.10.10.10"):
        assert word not in held, "it does not even know where it would send"
    assert plan.folder.is_relative_to(station.settings.folders.work)


def test_a_private_broadcast_goes_to_pages_alone(station: LoadedStation) -> None:
    assert start.make_plan(station, "muzyka", Wishes(private=True), SYSTEM).destinations == ("facebook",)


def test_a_passed_end_and_an_unknown_class_are_refused(station: LoadedStation) -> None:
    with pytest.raises(Refused) as passed:
        start.make_plan(station, "muzyka", Wishes(until=datetime(2020, 1, 1, tzinfo=UTC)), SYSTEM)
    assert passed.value.code == "live.end-passed"
    with pytest.raises(Refused) as unknown:
        start.make_plan(station, "muzkya", Wishes(), SYSTEM)
    assert unknown.value.fields["nearest"] == "muzyka"


def test_plan_survives_its_file_and_only_its_owner_reads_it(station: LoadedStation, tmp_path: Path) -> None:
    plan = start.make_plan(station, "koncert", Wishes(title="Kolędy: „Cicha noc”"), SYSTEM)
    path = tmp_path / "plan.json"
    plans.save(plan, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = plans.load(path)
    assert read.settings == plan.settings
    assert (read.klass, read.encoder, read.cable) == (plan.klass, plan.encoder, dict(plan.cable))
    assert (read.title, read.folder, read.destinations) == (plan.title, plan.folder, plan.destinations)


def test_a_taken_port_is_refused_and_nothing_is_written(station: LoadedStation) -> None:
    host, port = start.listen_address(station.settings.hub.listen)
    with socket.socket() as taken:
        taken.bind((host, port))
        taken.listen()
        with pytest.raises(Refused) as refused:
            start.begin(station, "muzyka", Wishes(), SYSTEM)
    assert refused.value.code == "live.port-taken"
    assert not list(station.settings.folders.recordings.glob("*"))


def test_too_little_disk_is_refused(station: LoadedStation, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = start.make_plan(station, "muzyka", Wishes(), SYSTEM)
    needed = start.needed_bytes(plan.encoder, plan.planned_end - plan.begun)
    assert needed > 2 * plan.encoder.video_kbps * 125 * 3600
    usage = type("Usage", (), {"free": needed - 1})
    monkeypatch.setattr("pipeline.live.start.shutil.disk_usage", lambda _path: usage)
    with pytest.raises(Refused) as refused:
        start.refuse_full(station.settings.folders.recordings, plan)
    assert refused.value.code == "live.disk"


def test_a_second_broadcast_is_refused(station: LoadedStation, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.live import air

    monkeypatch.setattr(start, "SLATE_S", 0.3)

    work = station.settings.folders.work
    first = air.lock(work)
    assert first.acquire()
    try:
        with pytest.raises(Refused) as refused:
            start.begin(station, "muzyka", Wishes(), SYSTEM)
    finally:
        first.release()
    assert refused.value.code == "live.already"


def test_that_minors_keep_it_from_the_public_is_told(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.live.start.platform.spawn_detached", lambda argv, log, **_: 1)
    air = start.begin(own_class(station, "dzieci", minors="yes"), "dzieci", Wishes(), SYSTEM)
    told = [json.loads(line) for line in air.journal.read_text(encoding="utf-8").splitlines()][-1]
    assert (told["what"], told["code"], told["level"]) == ("finding", "live.consents", "warning")


def test_the_journal_begins_before_anything_else_and_holds_no_secret(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        "pipeline.live.start.platform.spawn_detached", lambda argv, log, **_: started.append(argv) or 1
    )
    air = start.begin(station, "muzyka", Wishes(title="Rytmika", consents="Anna Nowak"), SYSTEM)
    lines = [json.loads(line) for line in air.journal.read_text(encoding="utf-8").splitlines()]
    assert [line["what"] for line in lines] == ["begin", "consents"]
    assert lines[1]["name"] == "Anna Nowak"
    hub_key = plans.load(air.plan).hub_key
    for text in (air.journal.read_text(encoding="utf-8"), json.dumps(started), air.guard.read_text()):
        assert "token-that-nobody-may-see" not in text
        assert hub_key not in text
    for path in air.private.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_folder_that_cannot_be_written_to_is_refused(station: LoadedStation) -> None:
    station.settings.folders.recordings.rmdir()
    station.settings.folders.recordings.write_text("in the way", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        start.begin(station, "muzyka", Wishes(), SYSTEM)
    assert refused.value.code == "live.not-writable"
    assert refused.value.fields["folder"] == str(station.settings.folders.recordings)


def test_a_network_share_is_no_work_folder(station: LoadedStation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.live.start.platform.on_network_folder", lambda _path: True)
    with pytest.raises(Refused, match=r"store\.network-folder"):
        start.begin(station, "muzyka", Wishes(), SYSTEM)
