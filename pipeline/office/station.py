"""A new station in a folder: commented settings, a private secrets file, folders, presets as patterns."""

import json
import os
import re
import secrets as random
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import Refused
from pipeline.model.document import read_document
from pipeline.model.faults import Faults
from pipeline.model.load import CONFIG, load_station
from pipeline.model.secrets_file import NAME as SECRETS
from pipeline.model.shipped import shipped_config, shipped_presets
from pipeline.store.files import write_whole

PATTERN = ".wzor"
_README = """\
Tu leżą wzory: rodzaje wydarzeń (classes), jakość obrazu (encoders), postać sygnału dla kablówki
(destinations), wygląd napisów (captions) i plansz (cards). Program używa własnych; żeby coś zmienić,
zmień nazwę wzoru tak, by kończyła się na .yaml (na przykład koncert.yaml.wzor na koncert.yaml),
i popraw go. Taki plik zastępuje w całości ten, który ma program. Sprawdzenie: ekultura check
"""
_SECRETS = """\
# Hasła i klucze tego stanowiska: NAZWA=wartość. Ten plik może czytać tylko jego właściciel.
# W config.yaml stoi zamiast nich ${NAZWA}. Nie wysyłaj go nikomu i nie wkładaj do kopii ogólnych.
"""


def create_station(
    folder: Path, edits: Mapping[str, object] | None = None, secrets: Mapping[str, str] | None = None
) -> Path:
    """Make `folder` a station and return it (absolute). Nothing that is there is overwritten.

    `edits` sets keys of config.yaml by their path (`station.name`, `destinations.cable`), with plain values,
    lists and dicts; comments stay. `secrets` go into secrets.env, for `${NAME}` in the settings.

    config.yaml comes last and whole: a folder that has it is a whole station. Refused: `station.exists`,
    `station.not-writable`, and `config.faults` where the edits make no right station (nothing is left then).
    """
    folder = folder.expanduser().absolute()
    if (folder / CONFIG).exists():
        raise Refused("station.exists", path=str(folder))
    stage = folder.with_name(f".{folder.name}.{random.token_hex(3)}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir()
        _fill(stage, edits or {}, {"OBS_PASSWORD": "", **(secrets or {})})
        _checked(stage, folder)
        _move(stage, folder)
    except OSError as error:
        raise Refused("station.not-writable", path=str(folder), detail=error.strerror or "") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return folder


def make_station(folder: Path, name: str, language: str = "pl") -> Path:
    """A new station of the centre `name` with everything else as it comes; see `create_station`."""
    return create_station(folder, {"station.name": name, "station.language": language})


def edited(text: str, edits: Mapping[str, object], path: Path) -> str:
    """The YAML `text` with keys set; every other line stays as it is, comments too.

    A key that is there must hold a value of one line; one that is not there is put first in its section.
    ValueError where the section is not there either. `path` is a scratch file.
    """
    for key, value in edits.items():
        parts = key.split(".")
        path.write_text(text, encoding="utf-8")
        document = read_document(path, Faults(), None)
        if document is None:
            raise ValueError(key)
        lines = text.splitlines()
        at = document.line(parts) - 1
        indent = "  " * (len(parts) - 1)
        fresh = _yaml(parts[-1], value, indent)
        if document.raw(parts[:-1]) is None and len(parts) > 1:
            raise ValueError(key)
        if re.match(rf"{indent}{re.escape(parts[-1])}:", lines[at]):
            lines[at : at + 1] = fresh
        else:
            lines[at + 1 : at + 1] = fresh
        text = "\n".join(lines) + "\n"
    return text


def _yaml(key: str, value: object, indent: str) -> list[str]:
    """`key: value` in lines; JSON's scalars and lists are YAML 1.2, and quoted text needs no thought."""
    if isinstance(value, Mapping):
        return [
            f"{indent}{key}:",
            *(line for name, one in value.items() for line in _yaml(name, one, indent + "  ")),
        ]
    return [f"{indent}{key}: {json.dumps(value, ensure_ascii=False, default=str)}"]


def _fill(stage: Path, edits: Mapping[str, object], secrets: Mapping[str, str]) -> None:
    names = "".join(f"{name}={value}\n" for name, value in secrets.items())
    write_whole(stage / SECRETS, _SECRETS + names, private=True)
    for preset in sorted(shipped_presets().glob("*/*.yaml")):
        target = stage / "presets" / preset.parent.name / f"{preset.name}{PATTERN}"
        write_whole(target, preset.read_bytes())
    write_whole(stage / "presets" / "CZYTAJ.txt", _README)
    template = shipped_config().read_text(encoding="utf-8")
    write_whole(stage / CONFIG, edited(template, edits, stage / f".{CONFIG}"))
    (stage / f".{CONFIG}").unlink(missing_ok=True)


def _checked(stage: Path, folder: Path) -> None:
    """Load the station as it will be; a fault is told with the path that it would have had."""
    try:
        settings = load_station(stage, env=os.environ).settings
    except Refused as error:
        faults = error.fields.get("faults")
        if isinstance(faults, list):
            told = [{**one, "file": str(one["file"]).replace(str(stage), str(folder))} for one in faults]
            raise Refused(error.code, **{**error.fields, "faults": told}) from None
        raise
    for place in (settings.folders.recordings, settings.folders.archive, settings.folders.work):
        place.mkdir(parents=True, exist_ok=True)


def _move(stage: Path, folder: Path) -> None:
    """Put everything in its place, config.yaml last."""
    if not folder.exists():
        stage.rename(folder)
        return
    files = sorted(path for path in stage.rglob("*") if path.is_file())
    for path in (one for one in stage.rglob("*") if one.is_dir()):
        (folder / path.relative_to(stage)).mkdir(parents=True, exist_ok=True)
    for path in sorted(files, key=lambda one: one == stage / CONFIG):
        target = folder / path.relative_to(stage)
        if not target.exists():
            path.rename(target)
