import stat
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.model.load import load_station
from pipeline.model.shipped import shipped_config, shipped_presets
from pipeline.office.station import create_station, edited, make_station

FACEBOOK = {"kind": "facebook", "page_id": "0012", "token": "${FACEBOOK_TOKEN}"}


def test_a_new_station_is_whole_and_loads(tmp_path: Path) -> None:
    made = make_station(tmp_path / "nowe" / "dk", "Dom Kultury „Żuraw”: filia nr 2", "pl")
    loaded = load_station(made, env={})
    assert loaded.settings.station.name == "Dom Kultury „Żuraw”: filia nr 2"
    assert loaded.settings.folders.recordings.is_dir()
    assert stat.S_IMODE((made / "secrets.env").stat().st_mode) == 0o600
    shipped = {path.name for path in shipped_presets().glob("*/*.yaml")}
    assert {path.name.removesuffix(".wzor") for path in made.glob("presets/*/*.wzor")} == shipped
    assert not list((tmp_path / "nowe").glob(".*"))


def test_a_pattern_renamed_is_the_stations_own_preset(tmp_path: Path) -> None:
    made = make_station(tmp_path / "dk", "DK")
    pattern = made / "presets" / "classes" / "koncert.yaml.wzor"
    pattern.write_text(pattern.read_text().replace("title: Koncert", "title: Recital"))
    pattern.rename(pattern.with_suffix(""))
    assert load_station(made, env={}).klass("koncert").title == "Recital"


def test_settings_and_secrets_are_put_in_and_comments_stay(tmp_path: Path) -> None:
    made = create_station(
        tmp_path / "dk",
        {
            "destinations.facebook": FACEBOOK,
            "destinations.youtube": {"kind": "rtmp", "url": "rtmps://a/live2", "key": "${YT}"},
            "sources.camera-main": {"media": "film ż.mp4"},
            "obs.port": 4460,
            "station.funding": [{"sentence": "Dofinansowano: „tak”", "logo": None}],
        },
        {"FACEBOOK_TOKEN": "abc", "YT": "klucz"},
    )
    settings = load_station(made, env={}).settings
    assert set(settings.destinations) == {"facebook", "youtube"}
    facebook = settings.destinations["facebook"]
    assert facebook.kind == "facebook"
    assert facebook.page_id == "0012"
    camera = settings.sources["camera-main"]
    assert camera
    assert camera.media == made / "film ż.mp4"
    assert settings.obs.port == 4460
    assert settings.station.funding[0].sentence == "Dofinansowano: „tak”"
    comments = [line for line in shipped_config().read_text().splitlines() if line.strip().startswith("#")]
    text = (made / "config.yaml").read_text()
    assert [line for line in text.splitlines() if line.strip().startswith("#")] == comments
    assert "abc" not in text


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").touch(mode=0o600)
    (tmp_path / "secrets.env").write_text("OBS_PASSWORD=moje\n")
    (tmp_path / "recordings").mkdir()
    make_station(tmp_path, "DK")
    assert load_station(tmp_path, env={}).settings.obs.password.get_secret_value() == "moje"
    before = (tmp_path / "config.yaml").read_bytes()
    with pytest.raises(Refused, match=r"station\.exists"):
        make_station(tmp_path, "Inny")
    assert (tmp_path / "config.yaml").read_bytes() == before


def test_wrong_answers_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        create_station(tmp_path / "dk", {"obs.port": 99999999})
    faults = caught.value.fields["faults"]
    assert isinstance(faults, list)
    assert faults[0]["file"] == str(tmp_path / "dk" / "config.yaml")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match=r"station\.not-writable"):
        make_station(tmp_path / "file" / "dk", "DK")


def test_a_section_that_is_not_there_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nothing\.key"):
        edited("a: 1\n", {"nothing.key": 2}, tmp_path / "scratch.yaml")
