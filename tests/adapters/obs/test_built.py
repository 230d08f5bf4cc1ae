"""Who changed what: our own doing, a person's, or a building that was broken off."""

import stat
from pathlib import Path

from pipeline.adapters.obs.built import NAME, Built

KEY = "item:Kamera:camera-main:transform"


def _done(work: Path, wanted: object = "a", read: object = "a") -> None:
    built = Built(work, "zajęcia")
    built.begin()
    built.record(KEY, wanted, read)
    built.finish()


def test_what_we_left_follows_the_plan(tmp_path: Path) -> None:
    _done(tmp_path)
    built = Built(tmp_path, "zajęcia")
    assert not built.may_write(KEY, "a", "a")
    assert built.may_write(KEY, "b", "a")
    assert built.kept == set()


def test_what_a_person_changed_stays_even_when_the_plan_changes(tmp_path: Path) -> None:
    _done(tmp_path)
    built = Built(tmp_path, "zajęcia")
    assert not built.may_write(KEY, "a", "ręcznie")
    assert not built.may_write(KEY, "b", "ręcznie")
    assert built.kept == {KEY}


def test_another_events_words_replace_words_typed_in_by_hand(tmp_path: Path) -> None:
    key = "input:lower-third:text"
    built = Built(tmp_path, "zajęcia")
    built.record(key, "Anna", "Anna")
    built.finish()
    built = Built(tmp_path, "zajęcia")
    assert not built.may_write(key, "Anna", "Hanna")
    assert built.may_write(key, "Piotr", "Hanna")


def test_obs_rounds_to_single_precision(tmp_path: Path) -> None:
    _done(tmp_path, {"x": 32.1}, {"x": 32.0999985})
    assert not Built(tmp_path, "zajęcia").may_write(KEY, {"x": 32.1}, {"x": 32.1})


def test_found_without_a_journal_is_left_alone(tmp_path: Path) -> None:
    built = Built(tmp_path, "zajęcia")
    assert not built.may_write(KEY, "a", "ręcznie")


def test_after_a_broken_off_building_the_unknown_is_ours(tmp_path: Path) -> None:
    Built(tmp_path, "zajęcia").begin()
    assert Built(tmp_path, "zajęcia").may_write(KEY, "a", "pół")


def test_a_new_collection_is_built_anew_and_others_are_kept(tmp_path: Path) -> None:
    _done(tmp_path)
    other = Built(tmp_path, "koncert")
    other.record("scene:Scena", True, True)
    other.finish()
    built = Built(tmp_path, "zajęcia")
    built.forget_all()
    assert not built.knows(KEY)
    built.finish()
    assert Built(tmp_path, "koncert").knows("scene:Scena")


def test_no_value_and_no_stranger_in_the_file(tmp_path: Path) -> None:
    _done(tmp_path, "rtsp://ala:tajne@kamera/", "rtsp://ala:tajne@kamera/")
    path = tmp_path / NAME
    assert "tajne" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("{", encoding="utf-8")
    assert not Built(tmp_path, "zajęcia").knows(KEY)
