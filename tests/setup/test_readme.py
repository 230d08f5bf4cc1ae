"""The two READMEs name commands, options and files that exist, and the same ones in both languages."""

import re
import shlex
from pathlib import Path

import click
import pytest
from bootstrap.verbs import VERBS

from pipeline.cli.root import root as program

READMES = ("README.md", "README.pl.md")


def shell_lines(path: Path) -> list[list[str]]:
    """The words of every line in the shell blocks, comments left out."""
    blocks = re.findall(r"^```sh\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [words for block in blocks for line in block.splitlines() if (words := shlex.split(line, comments=True))]


def command_lines(path: Path) -> list[list[str]]:
    """Those that call the program, without its name."""
    lines = [line[1:] if line[0] == "./run" else line for line in shell_lines(path)]
    return [line[1:] for line in lines if line[0] == "ekultura"]


def test_they_open_with_the_two_commands(root: Path) -> None:
    for name in READMES:
        assert [line[:2] for line in shell_lines(root / name)[:2]] == [["./run", "demo"], ["./run", "test"]]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(root: Path, name: str) -> None:
    for line in command_lines(root / name):
        command: click.Command = program
        words = list(line)
        while isinstance(command, click.Group):
            word = words.pop(0)
            found = command.get_command(click.Context(command), word)
            assert found is not None, " ".join(line)
            command = found
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= options, " ".join(line)


def test_both_languages_show_the_same_commands(root: Path) -> None:
    english, polish = ([line[:2] for line in command_lines(root / name)] for name in READMES)
    assert [line[0] for line in english] == [line[0] for line in polish]
    assert len(english) > 15


@pytest.mark.parametrize("name", READMES)
def test_every_verb_of_run_exists(root: Path, name: str) -> None:
    verbs = re.findall(r"\./run ([a-z-]+)", (root / name).read_text("utf-8"))
    assert set(verbs) <= VERBS.keys()


@pytest.mark.parametrize(
    "name", [*READMES, *(f"docs/{page}" for page in ("setup.md", "setup.pl.md", "windows.md", "windows.pl.md"))]
)
def test_every_link_leads_somewhere(root: Path, name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (root / name).read_text("utf-8"))
    for link in links:
        if "://" not in link:
            assert ((root / name).parent / link).exists(), link


def test_the_named_classes_are_those_that_are_shipped(root: Path) -> None:
    shipped = {path.stem for path in (root / "presets" / "classes").glob("*.yaml")}
    for name in READMES:
        named = set(re.findall(r"`([a-z-]+)`", (root / name).read_text("utf-8")))
        assert shipped <= named
