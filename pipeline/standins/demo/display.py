"""How the demo looks while it runs: a screen that is drawn again and again, plain lines, or nothing."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text


@dataclass(slots=True)
class Step:
    """One part of the demo; `seconds` once it is over, `failed` when it ended by an error."""

    text: str
    begun: float
    seconds: float | None = None
    failed: bool = False
    note: str = ""


@dataclass(slots=True)
class OnAir:
    """What is shown while the class is on air; `planned_s` is how long that will be."""

    since: float
    planned_s: float
    scene: str = ""
    rows: list[tuple[str, str, str]] = field(default_factory=list)


class Display(Protocol):
    """Who shows the demo's progress. Everything is called from the demo's one thread."""

    def step(self, text: str) -> contextlib.AbstractContextManager[Step]:
        """A part of the demo, for as long as the context lasts."""

    def say(self, text: str) -> None:
        """A line of what is being done."""

    def on_air(self, state: OnAir | None) -> None:
        """The class is on air (called again and again), or not any more."""

    def progress(self, share: float, text: str) -> None:
        """The after-work: 0 to 1 of the whole, and what is being done."""


class Silent:
    """Shows nothing: for --json."""

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[Step]:
        yield Step(text, time.monotonic())

    def say(self, text: str) -> None: ...

    def on_air(self, state: OnAir | None) -> None: ...

    def progress(self, share: float, text: str) -> None: ...


class Lines:
    """A line an event, for logs and pipes; on air one every five seconds."""

    EVERY_S = 5.0

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told = 0.0
        self._last = ""

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[Step]:
        one = Step(text, time.monotonic())
        self._print(f"… {text}")
        with _timed(one):
            yield one
        self._print(f"✓ {text}  {one.seconds:.1f} s  {one.note}".rstrip())

    def say(self, text: str) -> None:
        self._print(f"    {text}")

    def on_air(self, state: OnAir | None) -> None:
        if state is None or time.monotonic() - self._told < self.EVERY_S:
            return
        self._told = time.monotonic()
        parts = [f"{name}: {got}" for name, got, _faults in state.rows]
        lamp = f"● {_on_air()} {_clock(time.monotonic() - state.since)}"
        self._print(" · ".join([lamp, state.scene, *parts]))

    def progress(self, share: float, text: str) -> None:
        line = f"    {share:4.0%}  {text}"
        if text != self._last:
            self._last = text
            self._print(line)

    def _print(self, text: str) -> None:
        self._console.print(escape(text))


class Screen:
    """One picture that is drawn four times a second until the demo is over; it then stays where it is."""

    KEPT = 4  # lines of what is being done

    def __init__(self, console: Console) -> None:
        self._begun = time.monotonic()
        self._steps: list[Step] = []
        self._said: list[str] = []
        self._air: OnAir | None = None
        self._share: tuple[float, str] | None = None
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._picture)

    def __enter__(self) -> "Screen":
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._said.clear()
        self._live.__exit__(None, None, None)

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[Step]:
        one = Step(text, time.monotonic())
        self._steps.append(one)
        with _timed(one):
            yield one
        self._share = None

    def say(self, text: str) -> None:
        self._said = [*self._said, text][-self.KEPT :]

    def on_air(self, state: OnAir | None) -> None:
        self._air = state

    def progress(self, share: float, text: str) -> None:
        self._share = (share, text)

    def _picture(self) -> RenderableType:
        parts: list[RenderableType] = [self._table()]
        if self._air is not None:
            parts.append(_air_panel(self._air))
        if self._share is not None:
            parts.append(_work_line(*self._share))
        parts += [Text(f"  {line}", style="dim") for line in self._said]
        clock = _clock(time.monotonic() - self._begun)
        return Panel(Group(*parts), title=f"[bold]e-kultura · {_name()}[/] · {clock}", padding=(1, 2))

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=2)
        table.add_column(ratio=1)
        table.add_column(justify="right")
        for one in self._steps:
            mark: RenderableType = Text("✓", style="bold green")
            if one.failed:
                mark = Text("✗", style="bold red")
            elif one.seconds is None:
                mark = self._spinner
            text = Text(one.text, style="bold" if one.seconds is None else "")
            if one.note:
                text.append(f"  {one.note}", style="dim not bold")
            seconds = one.seconds if one.seconds is not None else time.monotonic() - one.begun
            table.add_row(mark, text, Text(f"{seconds:.1f} s", style="dim"))
        return table


def _air_panel(air: OnAir) -> Panel:
    elapsed = time.monotonic() - air.since
    lamp = "bold white on red" if int(elapsed * 2) % 2 == 0 else "bold white on dark_red"
    head = Table.grid(padding=(0, 2))
    head.add_row(
        Text(f" ● {_on_air()} ", style=lamp),
        Text(_clock(elapsed), style="bold"),
        ProgressBar(total=air.planned_s, completed=min(elapsed, air.planned_s), width=24, complete_style="red"),
        Text(air.scene, style="bold cyan"),
    )
    rows = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    for name in (_("destination"), _("the far end has received"), _("faults")):
        rows.add_column(name)
    for name, got, faults in air.rows:
        calm = faults in ("0", "")
        rows.add_row(Text(name, style="bold"), got, Text(faults or "…", style="green" if calm else "bold red"))
    return Panel(Group(head, Text(), rows), border_style="red", padding=(1, 2))


def _work_line(share: float, text: str) -> Table:
    line = Table.grid(padding=(0, 2))
    line.add_row(
        Text("  "), ProgressBar(total=1.0, completed=share, width=32), Text(f"{share:.0%}"), Text(text, style="dim")
    )
    return line


@contextlib.contextmanager
def _timed(one: Step) -> Iterator[None]:
    try:
        yield
    except BaseException:
        one.failed = True
        raise
    finally:
        one.seconds = time.monotonic() - one.begun


def _on_air() -> str:
    return _("ON AIR")


def _name() -> str:
    return _("demo")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
