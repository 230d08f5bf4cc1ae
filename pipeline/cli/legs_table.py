"""The health of the legs in words: a row for each destination, and its last error below."""

from gettext import gettext as _

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.cli.output import told

Row = dict[str, object]
COLOURS = {"up": "green", "starting": "yellow", "waiting": "yellow", "down": "red", "stopped": "red"}


def legs_table(wanted: list[str], rows: dict[str, Row], pages: dict[str, Row]) -> list[RenderableType]:
    """The table, backups of the platforms after what was wanted, and a line for each error that stands."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    heads = (_("destination"), _("state"), "kb/s", _("sent"), _("lost"), _("again"), _("delay"), _("viewers"))
    for head in heads:
        table.add_column(head)
    names = list(dict.fromkeys([*wanted, *rows]))
    for name in names:
        row = rows.get(name, {})
        viewers = pages.get(name, {}).get("viewers")
        state = str(row.get("state", "waiting"))
        table.add_row(
            escape(name),
            Text(
                state_words(row), style="yellow" if row.get("lowered_kbps") else COLOURS.get(state, "default")
            ).append(checked_words(row), style="dim"),
            str(row.get("bitrate_kbps", "")),
            str(row.get("frames_sent", "")),
            str(row.get("frames_dropped", "")),
            str(row.get("reconnects", "")),
            delay_words(row.get("delay_ms")),
            "" if viewers is None else str(viewers),
        )
    return [
        table,
        *(Text(f"  {name}: {text}", style="red") for name in names if (text := error_words(rows.get(name)))),
    ]


def state_words(row: object) -> str:
    """A leg's state, what it was lowered to, and the address in use where that is the spare one."""
    row = row if isinstance(row, dict) else {}
    states = {
        "waiting": _("waiting"),
        "starting": _("connecting"),
        "up": _("on air"),
        "down": _("lost, trying again"),
        "stopped": _("refused, waits for you"),
        "parked": _("silent, no room in the up-link"),
    }
    words = [states.get(str(row.get("state")), _("waiting"))]
    kbps = row.get("lowered_kbps")
    if isinstance(kbps, int):
        words.append(_("lowered to {kbps} kb/s").format(kbps=kbps))
    if row.get("address") == "spare":
        words.append(_("spare address"))
    return ", ".join(words)


def checked_words(row: Row) -> str:
    """What a cable feed's own check found, in a few words; nothing for other legs."""
    check = row.get("check")
    if not isinstance(check, dict) or not check:
        return ""
    first, second = check.get("priority_1"), check.get("priority_2")
    if not first and not second:
        return " · " + _("feed checked: clean")
    return " · " + _("feed checked: faults {first} + {second} (TR 101 290)").format(first=first, second=second)


def error_words(row: object) -> str:
    """What went wrong last, empty when nothing stands."""
    code = row.get("error") if isinstance(row, dict) else None
    return told(str(code), {})[0] if code else ""


def delay_words(delay_ms: object) -> str:
    """Seconds, to a tenth."""
    return _("{seconds:.1f} s").format(seconds=delay_ms / 1000) if isinstance(delay_ms, int) else ""


def leg_line(fields: Row) -> str:
    """A journal's line about a leg; empty for what nobody needs to read while it happens."""
    name, state = fields.get("destination"), str(fields.get("state"))
    if state == "lowered":
        busy = fields.get("reason") == "busy"
        text = (
            _("{name}: this computer is too busy, lowered to {kbps} kb/s")
            if busy
            else _("{name}: weak connection, lowered to {kbps} kb/s")
        )
        return text.format(name=name, kbps=fields.get("kbps"))
    if state == "address":
        spare = fields.get("address") == "spare"
        return (_("{name}: now by the spare address") if spare else _("{name}: now by the first address")).format(
            name=name
        )
    states = {
        "up": _("{name}: on air"),
        "down": _("{name}: connection lost"),
        "ended": _("{name}: ended"),
        "whole": _("{name}: full quality again"),
        "stopped": _("{name}: refused, no more tries by itself"),
        "parked": _("{name}: silent, for the up-link is full"),
    }
    return states.get(state, "").format(name=name)


def in_words(answer: dict[str, object]) -> dict[str, object]:
    """A status answer for programs: each leg's row with `error_text` and `state_text` in the reader's language."""
    hub = answer.get("hub")
    legs = hub.get("legs") if isinstance(hub, dict) else None
    if not isinstance(hub, dict) or not isinstance(legs, dict):
        return answer
    rows = {
        name: {**row, "state_text": state_words(row), "error_text": error_words(row) or None}
        for name, row in legs.items()
        if isinstance(row, dict)
    }
    return {**answer, "hub": {**hub, "legs": rows}}
