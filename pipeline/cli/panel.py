"""How a broadcast looks in a terminal: one panel, made from one status answer."""

from gettext import gettext as _

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from pipeline.cli.legs_table import legs_table, state_words
from pipeline.cli.output import told

Answer = dict[str, object]


def panel(answer: Answer) -> RenderableType:
    """NA ŻYWO, the title, a row for each destination, the recording, and what is wrong."""
    hub = _part(answer, "hub")
    parts: list[RenderableType] = [
        _head(answer, hub),
        _scenes(answer),
        *_cues(answer),
        *_legs(answer, hub),
        _masters(answer, hub),
    ]
    parts += [_wrapped("⚠ " + line, style) for line, style in _findings(answer)]
    return Panel(Group(*parts), title=escape(str(answer.get("title", ""))), border_style="red", padding=(1, 2))


def plain(answer: Answer) -> str:
    """The same in one line, for logs and pipes."""
    hub = _part(answer, "hub")
    legs = ", ".join(f"{name} {state_words(row)}" for name, row in _part(hub, "legs").items())
    return " · ".join(
        part
        for part in (_phase(answer), _slate(hub), clock(hub.get("hub_us")), str(answer.get("scene") or ""), legs)
        if part
    )


def clock(hub_us: object) -> str:
    """Hub time as H:MM:SS; dashes before the hub has a time."""
    if not isinstance(hub_us, int):
        return "-:--:--"
    seconds = hub_us // 1_000_000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _head(answer: Answer, hub: Answer) -> Text:
    style = "bold white on red" if answer.get("phase") == "on-air" else "bold black on yellow"
    text = Text(f" ● {_phase(answer)} ", style=style)
    slate = _slate(hub)
    if slate:
        text.append("  ", style="not bold default on default").append(f" {slate} ", style="bold black on yellow")
    return text.append(f"  {clock(hub.get('hub_us'))}", style="not bold default on default")


def _phase(answer: Answer) -> str:
    phase = answer.get("phase")
    if phase == "on-air":
        if answer.get("rehearse"):
            return _("REHEARSAL")
        return _("ON AIR") if answer.get("wanted") else _("RECORDING")
    return _("PREPARING") if phase == "preparing" else _("ENDING")


def _slate(hub: Answer) -> str:
    """What the viewers see when it is not the programme, and why."""
    if hub.get("on_air") != "slate":
        return ""
    if _part(hub, "slate").get("manual"):
        return _("SLATE (switched on by hand: ekultura slate off)")
    return _("SLATE (no picture from OBS)")


def _wrapped(text: str = "", style: str = "") -> Text:
    """Text that goes on in the next line: the terminal's own setting would cut what does not fit."""
    return Text(text, style=style, no_wrap=False, overflow="fold")


def _scenes(answer: Answer) -> Text:
    text = _wrapped()
    scenes, current = _part(answer, "scenes"), answer.get("scene")
    for name, label in scenes.items():
        text.append(f" {label} ", style="reverse" if name == current else "dim").append(" ")
    return text


def _cues(answer: Answer) -> list[Text]:
    line = sheet_line(_part(answer, "sheet"), _part(answer, "scenes"))
    return [_wrapped(line)] if line and answer.get("phase") == "on-air" else []


def sheet_line(sheet: Answer, labels: Answer) -> str:
    """The run sheet in one line: what holds, what comes next and when; empty where there is no sheet."""
    if not sheet.get("cues"):
        return ""
    parts = [_("Run sheet: {scene}").format(scene=scene_label(sheet.get("scene"), labels))]
    if sheet.get("by_hand"):
        parts.append(_("by hand: {scene}").format(scene=scene_label(sheet["by_hand"], labels)))
    coming = _part(sheet, "next")
    if coming and sheet.get("held"):
        parts.append(_("HELD before: {scene}").format(scene=scene_label(coming.get("scene"), labels)))
    elif coming:
        label = scene_label(coming.get("scene"), labels)
        parts.append(_("next: {scene} in {time}").format(scene=label, time=countdown(coming.get("in_s"))))
    else:
        parts.append(_("nothing more comes"))
    return " · ".join(parts)


def scene_label(name: object, labels: Answer) -> str:
    """A scene's label, or the word for the end."""
    return _("end of the broadcast") if name == "stop" else str(labels.get(str(name), name))


def countdown(seconds: object) -> str:
    """Seconds as M:SS or H:MM:SS, never below zero."""
    left = max(0, round(seconds)) if isinstance(seconds, int | float) else 0
    hours, minutes, rest = left // 3600, left // 60 % 60, left % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _legs(answer: Answer, hub: Answer) -> list[RenderableType]:
    wanted, rows, pages = answer.get("wanted"), _part(hub, "legs"), _part(answer, "platforms")
    names = [str(name) for name in wanted] if isinstance(wanted, list) else []
    return legs_table(
        names, {name: _part(rows, name) for name in rows}, {name: _part(pages, name) for name in pages}
    )


def _masters(answer: Answer, hub: Answer) -> Text:
    feed, studio = _part(hub, "record"), _part(answer, "studio")
    size = _mb(feed.get("bytes")) + _mb(studio.get("record_bytes"))
    text = _("recorded {mb} MB").format(mb=size)
    lost = studio.get("lost_frames")
    return Text(text + (_(", {n} frames lost in OBS").format(n=lost) if lost else ""), style="dim")


LEVEL_STYLES = {"alarm": "bold red", "warning": "bold yellow"}


def _findings(answer: Answer) -> list[tuple[str, str]]:
    """What is wrong now, in words, the gravest first, each with its colour."""
    findings = answer.get("findings")
    lines = []
    for finding in findings if isinstance(findings, list) else []:
        about = finding.get("about")
        text = " ".join(told(str(finding.get("code")), dict(about) if isinstance(about, dict) else {}))
        lines.append((text, LEVEL_STYLES.get(str(finding.get("level")), "default")))
    return lines


def _mb(size: object) -> int:
    return size // 1024**2 if isinstance(size, int) else 0


def _part(answer: Answer, name: str) -> Answer:
    part = answer.get(name)
    return dict(part) if isinstance(part, dict) else {}
