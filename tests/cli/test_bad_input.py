"""What a person gets wrong at the command line: told in sentences, with the right exit code, never a trace."""

from pathlib import Path

import click
import pytest

from captions.errors import CaptionError
from pipeline.archive.verify import verify
from pipeline.cli.commands import archive_verify, captions
from pipeline.cli.common import Context, guarded
from pipeline.cli.output import Output
from pipeline.errors import Refused
from tests.cli.test_output import run
from tests.support.stations import CONFIG, station


def test_a_defect_shows_no_trace_and_quotes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> int:
        raise ValueError("sekret")

    assert guarded(Context(None, Output(), False), broken) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "sekret" not in told
    assert "test_bad_input.py" in told
    guarded(Context(None, Output(), True), broken)
    assert "Traceback" in capsys.readouterr().err


def test_clicks_own_errors_pass() -> None:
    def wrong() -> int:
        raise click.UsageError("x")

    with pytest.raises(click.UsageError):
        guarded(Context(None, Output(), False), wrong)


def test_an_unknown_format_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    def wrong() -> int:
        raise CaptionError("captions.unknown-format", format="png", known="srt")

    assert guarded(Context(None, Output(), False), wrong) == 2
    assert "srt" in capsys.readouterr().err


def test_the_output_folder_is_looked_at_before_the_listening(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(Refused, match=r"usage\.output"):
        captions._folder(tmp_path / "taken")


def test_a_glossary_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_bytes(b"\x89PNG\xff")
    with pytest.raises(Refused, match=r"usage\.glossary"):
        captions._prompt(tmp_path / "g.txt")
    (tmp_path / "g.txt").write_bytes("\ufeffChopin\r\n\r\nŻeromski\r\n".encode())
    assert captions._prompt(tmp_path / "g.txt") == "Chopin, Żeromski"


def test_what_is_wrong_with_a_package_is_told_in_words(tmp_path: Path) -> None:
    (problem,) = verify(tmp_path).problems
    assert not archive_verify._worded(problem).startswith("no-bag")


@pytest.mark.parametrize(
    "argv", [["status", "--nosuch"], ["status", "a", "b"], ["slate", "maybe"], ["extend", "x"]]
)
def test_wrong_usage_is_polish_to_the_last_word(tmp_path: Path, argv: list[str]) -> None:
    told = run(*argv, cwd=tmp_path, language="pl")
    assert told.returncode == 2
    for english in ("No such", "is not", "integer", "unexpected", "Try "):
        assert english not in told.stderr


@pytest.mark.parametrize("argv", [["stop"], ["stop", "--now"], ["status"], ["scene", "main"], ["next"]])
def test_a_mistake_in_the_settings_takes_no_command_of_a_broadcast_away(tmp_path: Path, argv: list[str]) -> None:
    folder = station(tmp_path, CONFIG + "hbu: {}\n")
    told = run(*argv, "--json", cwd=folder)
    assert "live.none" in told.stderr


def test_an_empty_name_is_no_consent(tmp_path: Path) -> None:
    told = run("live", "muzyka", "--consents-checked", " ", cwd=station(tmp_path, CONFIG))
    assert told.returncode == 2
    assert "--consents-checked" in told.stderr
