from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Refused
from pipeline.model.load import find_station, load_station, work_of
from tests.support.stations import CONFIG, preset, station

CLASS = """\
title: Koncert
section: Koncerty
scenes:
  start: {kind: card, label: Plansza, card: title}
  main: {kind: main, label: Scena, sources: [camera-main]}
opening: start
encoder: 360p25
destinations: [cable]
"""


def faults(folder: Path) -> list[dict[str, Any]]:
    with pytest.raises(Refused) as caught:
        load_station(folder, env={})
    assert caught.value.code == "config.faults"
    found = caught.value.fields["faults"]
    assert isinstance(found, list)
    return found


def only(folder: Path) -> tuple[int, str, str, str, str]:
    (fault,) = faults(folder)
    return fault["line"], fault["key"], fault["code"], fault["given"], fault["nearest"]


def spoiled(tmp_path: Path, old: str, new: str) -> Path:
    assert old in CONFIG
    return station(tmp_path, CONFIG.replace(old, new))


def test_a_right_station_is_loaded_with_absolute_paths_and_secrets(tmp_path: Path) -> None:
    loaded = load_station(station(tmp_path), env={})
    assert loaded.settings.folders.recordings == tmp_path / "recordings"
    facebook = loaded.settings.destinations["facebook"]
    assert facebook.kind == "facebook"
    assert facebook.page_id == "1234567890"
    assert facebook.token
    assert facebook.token.get_secret_value() == "tajny-zeton"
    assert "tajny" not in repr(loaded)


def test_the_environment_comes_before_the_secrets_file(tmp_path: Path) -> None:
    facebook = load_station(station(tmp_path), env={"FACEBOOK_TOKEN": "inny"}).settings.destinations["facebook"]
    assert facebook.kind == "facebook"
    assert facebook.token
    assert facebook.token.get_secret_value() == "inny"


def test_a_secrets_file_open_to_others_is_refused(tmp_path: Path) -> None:
    (station(tmp_path) / "secrets.env").chmod(0o640)
    with pytest.raises(Refused, match=r"config\.secrets-wide"):
        load_station(tmp_path, env={})


def test_the_station_is_the_nearest_folder_upward(tmp_path: Path) -> None:
    inner = station(tmp_path) / "recordings" / "deep"
    inner.mkdir(parents=True)
    assert find_station(inner) == tmp_path


def test_without_a_station_upward_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"config\.no-station"):
        find_station(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  cable:\n", "  cable:\n    tll: 2\n", (16, "destinations.cable.tll", "unknown-key", "tll", "ttl")),
        ("sources:", "sorces: {}\nsources:", (3, "sorces", "unknown-key", "sorces", "sources")),
        ("kind: cable", "kind: kabel", (16, "destinations.cable.kind", "wrong-value", "kabel", "cable")),
        ("    kind: cable\n", "",
         (15, "destinations.cable.kind", "missing-choice", "", "facebook, cable, rtmp, nowhere")),
        ("  name: Dom Kultury w Żółwinie", "  language: pl", (1, "station.name", "missing-key", "", "")),
        ("udp://239.10.10.10:5000", "udp:/239.10.10.10",
         (17, "destinations.cable.url", "wrong-form", "udp:/239.10.10.10", "udp://239.10.10.10:5000")),
        ("sources:", "obs: {port: 99999}\nsources:", (3, "obs.port", "wrong-value", "99999", "≤ 65535")),
        ("sources:", "obs: {port: abc}\nsources:", (3, "obs.port", "wrong-type", "abc", "number")),
        ("${FACEBOOK_TOKEN}", "${FACEBOOK_TOKN}",
         (14, "destinations.facebook.token", "undefined-name", "FACEBOOK_TOKN", "FACEBOOK_TOKEN")),
        ("{screen: 1}", "{screen: 1, media: a.mp4}",
         (6, "sources.slides", "wrong-together", "", "exactly one of camera, media, screen, image, url, audio")),
        ("w Żółwinie", "w Żółwinie\n  timezone: Europe/Warszawa",
         (3, "station.timezone", "wrong-value", "Europe/Warszawa", "Europe/Warsaw")),
        ("  cable:\n", "  cable:\n    preset: cabel-576i25\n",
         (16, "destinations.cable.preset", "unknown-preset", "cabel-576i25", "cable-576i25")),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_line_key_and_nearest(
    tmp_path: Path, old: str, new: str, expected: tuple[object, ...]
) -> None:
    assert only(spoiled(tmp_path, old, new)) == expected


def test_every_fault_is_told_in_one_go_across_files(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "kind: cable", "kind: cable\n    tll: 2")
    preset(folder, "classes/koncert", CLASS.replace("opening: start", "opening: stat"))
    preset(folder, "encoders/moj", "width: 641\nheight: 360\nvideo_kbps: 700\n")
    found = {(Path(fault["file"]).name, fault["key"], fault["nearest"]) for fault in faults(folder)}
    assert found == {
        ("config.yaml", "destinations.cable.tll", "ttl"),
        ("koncert.yaml", "opening", "start"),
        ("moj.yaml", "width", "× 2"),
    }


def test_a_fault_elsewhere_hides_no_wrong_name(tmp_path: Path) -> None:
    """Time zone, caption style and cable preset are told beside a fault that keeps the settings from being read."""
    folder = spoiled(tmp_path, "kind: cable", "kind: cable\n    tll: 2\n    preset: cabel-576i25")
    path = folder / "config.yaml"
    text = path.read_text(encoding="utf-8") + "captions: {style: sdh-adlut}\n"
    path.write_text(text.replace("Żółwinie\n", "Żółwinie\n  timezone: Europe/Warszawa\n", 1), encoding="utf-8")
    assert {(one["key"], one["nearest"]) for one in faults(folder)} == {
        ("destinations.cable.tll", "ttl"),
        ("destinations.cable.preset", "cable-576i25"),
        ("captions.style", "sdh-adult"),
        ("station.timezone", "Europe/Warsaw"),
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{recordings: ""}', ("folders.recordings", "wrong-value", "recordings")),
        ("{archive: ., work: praca}", ("folders.archive", "wrong-value", "archive")),
        ("{archive: ..}", ("folders.archive", "wrong-value", "archive")),
        ("{recordings: work}", ("folders.work", "wrong-together", "folders.work ≠ folders.recordings")),
        (
            "{archive: nagrania/, recordings: ./nagrania}",
            ("folders.archive", "wrong-together", "folders.archive ≠ folders.recordings"),
        ),
    ],
)
def test_folders_lie_apart(tmp_path: Path, given: str, expected: tuple[str, str, str]) -> None:
    [fault] = faults(spoiled(tmp_path, "sources:", f"folders: {given}\nsources:"))
    assert (fault["key"], fault["code"], fault["nearest"]) == expected


def test_names_that_repeat_each_other_without_end_are_refused_at_once(tmp_path: Path) -> None:
    bomb = 'a0: &a0 ["ha", "ha"]\n' + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    for text in (bomb, "a: " + "x" * 300_000):
        assert [fault["code"] for fault in faults(station(tmp_path, text))] == ["too-large"]
    assert faults(station(tmp_path, "a: &a [*a]\n")), "a name inside itself"


def test_broken_yaml_is_told_with_its_line_and_does_not_hide_the_presets(tmp_path: Path) -> None:
    folder = station(tmp_path, "station:\n  name: X\n  language: [pl\nsources: {}\n")
    preset(folder, "classes/zle", CLASS + "length: long\n")
    assert [(Path(one["file"]).name, one["line"], one["code"]) for one in faults(folder)] == [
        ("config.yaml", 4, "broken-yaml"),
        ("zle.yaml", 9, "wrong-form"),
    ]


def test_brackets_nested_too_deep_are_a_fault(tmp_path: Path) -> None:
    folder = station(tmp_path, "a: " + "[" * 3000)
    assert [fault["code"] for fault in faults(folder)] == ["broken-yaml"]


@pytest.mark.parametrize("listen", ["127.0.0.1:99999", "127.0.0.1:65536", "127.0.0.1:0"])
def test_a_port_that_is_none_is_a_fault(tmp_path: Path, listen: str) -> None:
    folder = station(tmp_path, CONFIG + f"hub:\n  listen: {listen}\n")
    assert [fault["code"] for fault in faults(folder)] == ["wrong-form"]


def test_a_key_given_twice_is_a_fault(tmp_path: Path) -> None:
    assert only(spoiled(tmp_path, "sources:", "station: {name: Y}\nsources:"))[:3] == (3, "", "broken-yaml")


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_lacks_the_station(tmp_path: Path, text: str) -> None:
    found = faults(station(tmp_path, text))
    assert ("station", "missing-key") in {(fault["key"], fault["code"]) for fault in found}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[camera-main]", "[camera-man]",
         (5, "scenes.main.sources[0]", "unknown-name", "camera-man", "camera-main")),
        ("[cable]", "[kable]", (8, "destinations[0]", "unknown-name", "kable", "cable")),
        ("360p25", "360p52", (7, "encoder", "unknown-preset", "360p52", "360p25")),
        (", card: title", "", (4, "scenes.start.card", "missing-choice", "", "title, break, closing")),
        ("kind: main", "kind: maine", (5, "scenes.main.kind", "wrong-value", "maine", "main")),
        ("opening:", "run_sheet:\n  - {after: 2m, scene: main}\n  - {after: 1m, scene: start}\nopening:",
         (8, "run_sheet[1].after", "out-of-order", "1m", "2m")),
        ("opening:", "run_sheet:\n  - {before_end: 2m, scene: main}\n  - {at: '18:45', scene: start}\nopening:",
         (8, "run_sheet[1].at", "out-of-order", "18:45", "before_end")),
        ("opening:", "run_sheet:\n  - {after: 2m, scene: stop}\n  - {after: 3m, scene: start}\nopening:",
         (8, "run_sheet[1].scene", "after-stop", "start", "")),
        ("opening:", "run_sheet: [{at: '25:10', scene: main}]\nopening:",
         (6, "run_sheet[0].at", "wrong-form", "25:10", "18:45")),
        ("opening:", "run_sheet: [{scene: main}]\nopening:",
         (6, "run_sheet[0]", "wrong-together", "", "exactly one of after, at, before_end")),
        ("opening:", "run_sheet: [{after: 2m, scene: mein}]\nopening:",
         (6, "run_sheet[0].scene", "unknown-name", "mein", "main")),
        ("section:", "minors: perhaps\nsection:", (2, "minors", "wrong-type", "perhaps", "yes/no")),
    ],
)  # fmt: skip
def test_a_class_that_points_at_nothing(tmp_path: Path, old: str, new: str, expected: tuple[object, ...]) -> None:
    preset(station(tmp_path), "classes/moja", CLASS.replace(old, new))
    assert only(tmp_path) == expected


def test_a_source_that_shipped_classes_name_is_told_once_at_the_settings(tmp_path: Path) -> None:
    line, key, code, given, nearest = only(spoiled(tmp_path, "  sound-desk: null\n", ""))
    assert (line, key, code, nearest) == (3, "sources.sound-desk", "named-by-class", "sound-desk: null")
    assert "koncert" in given


def test_secrets_are_never_shown_in_a_fault(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "token: ${FACEBOOK_TOKEN}", "token: [tajny-zeton]")
    (folder / "secrets.env").write_text("tajny-zeton-bez-nazwy\n")
    with pytest.raises(Refused) as caught:
        load_station(folder, env={})
    assert {fault["code"] for fault in faults(folder)} == {"wrong-type", "broken-secret"}
    assert "tajny" not in str(caught.value)


def test_a_missing_destination_is_left_out_of_the_class(tmp_path: Path) -> None:
    config = CONFIG[: CONFIG.index("  facebook:")] + "  facebook: null\n  cable: null\n"
    klass = load_station(station(tmp_path, config), env={}).klass("koncert")
    assert klass.destinations == ()
    assert klass.microphones == ("microphone",)


def test_a_null_source_falls_back_to_the_main_camera(tmp_path: Path) -> None:
    loaded = load_station(station(tmp_path), env={})
    source = loaded.source("camera-second")
    assert source
    assert source.camera == "BRIO"


def test_the_stations_preset_replaces_the_shipped_one_whole(tmp_path: Path) -> None:
    preset(station(tmp_path), "classes/koncert", CLASS)
    klass = load_station(tmp_path, env={}).klass("koncert")
    assert set(klass.scenes) == {"start", "main"}
    assert klass.length == "60m"


def test_an_unknown_class_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        load_station(station(tmp_path), env={}).klass("muzyak")
    assert caught.value.fields["nearest"] == "muzyka"


def test_misplaced_presets_are_told(tmp_path: Path) -> None:
    folder = station(tmp_path)
    (folder / "presets" / "klasses").mkdir(parents=True)
    (folder / "presets" / "classes").mkdir()
    (folder / "presets" / "classes" / "moja.yml").write_text(CLASS)
    assert [(one["code"], one["nearest"]) for one in faults(folder)] == [
        ("wrong-ending", "moja.yaml"),
        ("unknown-folder", "classes"),
    ]


def test_faults_of_the_stations_own_caption_styles_are_told_with_the_others(tmp_path: Path) -> None:
    preset(station(tmp_path), "captions/moj", "lines: 2\nchars_per_lin: 30\nfps: abc\n")
    assert [(one["line"], one["key"], one["code"], one["given"], one["nearest"]) for one in faults(tmp_path)] == [
        (2, "chars_per_lin", "unknown-key", "chars_per_lin", "chars_per_line"),
        (3, "fps", "wrong-value", "abc", "10–60"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    token: ${FACEBOOK_TOKEN}", "    token: tajny1\n    token: tajny2"),
        ("token: ${FACEBOOK_TOKEN}", "token: *tajny"),
        ("token: ${FACEBOOK_TOKEN}", "token: !tajny {tajny"),
        ("token: ${FACEBOOK_TOKEN}", "token: {tajny: tajny}"),
        ("kind: facebook", "kind: facebook\n    stream_key: tajny"),
    ],
)
def test_no_fault_quotes_a_secret(tmp_path: Path, old: str, new: str) -> None:
    assert "tajny" not in str(faults(spoiled(tmp_path, old, new)))


def test_what_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    folder = station(tmp_path)
    (folder / "secrets.env").write_bytes(b"FACEBOOK_TOKEN=\xb3\n")
    (folder / "presets" / "classes" / "folder.yaml").mkdir(parents=True)
    preset(folder, "encoders/zle", "").write_bytes(b"width: 640\n# \xb3\n")
    found = {(Path(one["file"]).name, one["line"], one["code"]) for one in faults(folder)}
    assert found >= {("secrets.env", 1, "not-utf8"), ("folder.yaml", 1, "unreadable"), ("zle.yaml", 2, "not-utf8")}


@pytest.mark.parametrize("spoil", ["hbu: {listen: 127.0.0.1:1}\n", "hub: [\n"])
def test_the_work_folder_is_found_whatever_else_is_wrong(tmp_path: Path, spoil: str) -> None:
    folder = station(tmp_path, CONFIG + spoil)
    assert len(faults(folder)) >= 1
    assert work_of(folder) == tmp_path / "work"


def test_a_work_folder_elsewhere_is_found_beside_a_fault(tmp_path: Path) -> None:
    folder = station(tmp_path, CONFIG + "folders: {work: robocze}\nhbu: {}\n")
    assert work_of(folder) == tmp_path / "robocze"
