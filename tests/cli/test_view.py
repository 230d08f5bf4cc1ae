"""The view of a broadcast: what a terminal is told that comes later, and how it asks in the reader's language."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli import view as module
from pipeline.cli.output import Output
from pipeline.cli.view import View
from pipeline.live.air import Air
from pipeline.store.journal import Journal


@pytest.fixture
def air(tmp_path: Path) -> Air:
    made = Air(tmp_path / "recordings" / "x")
    made.make()
    journal = Journal(made.journal, "broadcast")
    journal.append("begin", title="Koncert")
    journal.append("marker", text="Chopin")
    return made


def told(air: Air, tmp_path: Path, *, joining: bool) -> str:
    out = Output()
    page = io.StringIO()
    out.console = Console(file=page, width=100)
    view = View(out, air, tmp_path, joining=joining)
    Journal(air.journal, "broadcast").append("marker", text="Liszt")
    view._tell()
    return page.getvalue()


def test_who_comes_later_is_told_only_what_is_new(air: Air, tmp_path: Path) -> None:
    assert "Chopin" not in told(air, tmp_path, joining=True)


def test_who_began_it_is_told_everything(air: Air, tmp_path: Path) -> None:
    page = told(air, tmp_path, joining=False)
    assert "Chopin" in page
    assert "Liszt" in page


@pytest.mark.parametrize(("given", "ends"), [("t", True), ("TAK", True), ("y", True), ("n", False), ("", False)])
def test_the_question_takes_the_readers_letters(
    air: Air, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, ends: bool
) -> None:
    asked: list[str] = []
    polish = {"y": "t", "yes": "tak"}
    monkeypatch.setattr(module, "_", lambda text: polish.get(text, text))
    monkeypatch.setattr("click.prompt", lambda _text, default: given or default)
    view = View(Output(), air, tmp_path)
    monkeypatch.setattr(view._client, "ask", lambda do, **_: asked.append(do))
    assert view._ended_by_person() is ends
    assert asked == (["stop"] if ends else [])
