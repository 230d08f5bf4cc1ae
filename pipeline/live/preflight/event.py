"""The class itself and its destinations: who may see it, what would be sent, and whether it would be taken."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pipeline.live.ports import Page
from pipeline.live.preflight import reach, rules
from pipeline.live.preflight.check import Check, Outcome, ok, tried, warning
from pipeline.model.load import LoadedStation
from pipeline.model.paths import missing_files
from pipeline.model.presets import ClassPreset, seconds
from pipeline.model.rules import participants_allowed, public_allowed


def length(klass: ClassPreset) -> timedelta:
    return timedelta(seconds=seconds(klass.length))


def class_checks(name: str, klass: ClassPreset) -> Iterator[Check]:
    """Who may see it, where it would go, and what captions would hear."""

    def line(what: str, outcome: Outcome) -> Check:
        return Check("class", what, outcome)

    if klass.minors and not public_allowed(klass, None):
        yield line("audience", warning("live.consents", klass=name))
    else:
        seen = "check.public" if klass.audience == "public" else "check.participants"
        yield line("audience", ok(seen if participants_allowed(klass) else "check.nobody"))
    if not klass.destinations:
        yield line("sent-to", warning("live.no-destinations", klass=name))
    else:
        yield line("sent-to", ok("check.sent-to", names=", ".join(klass.destinations), length=klass.length))
    if not klass.microphones:
        yield line("heard-by", warning("live.no-microphone", klass=name))


def files(station: LoadedStation) -> Outcome:
    """Files that config.yaml names."""
    for key, path in missing_files(station.settings):
        return warning("check.named-file", key=key, file=str(path))
    return ok()


def rule_checks(station: LoadedStation, klasses: Mapping[str, ClassPreset]) -> Iterator[Check]:
    """What each destination asks of picture and sound, for every class that goes there; each fault once."""
    seen: set[tuple[str, str, str]] = set()
    for klass in klasses.values():
        encoder = station.encoder(klass.encoder)
        for name in klass.destinations:
            destination = station.settings.destinations[name]
            preset = getattr(destination, "preset", None)
            cable = station.cable(preset) if preset else None
            for one in rules.outcomes(destination, encoder, length(klass), cable):
                key = (name, one.state, one.code if one.state != "ok" else "")
                if key not in seen:
                    seen.add(key)
                    yield Check("destinations", "rules", one, name)


def door_checks(station: LoadedStation, names: list[str], pages: Mapping[str, Page]) -> Iterator[Check]:
    """Whether each destination would take us: its page and token, or its ingest's door."""
    for name in names:
        page = pages.get(name)
        if page is not None:
            yield Check("destinations", "page", tried(lambda at=page: _page(at)), name)  # type: ignore[misc]
        else:
            destination = station.settings.destinations[name]
            yield Check("destinations", "door", tried(lambda at=destination: reach.reach(at)), name)  # type: ignore[misc]


def _page(page: Page) -> Outcome:
    page.check()
    return ok("check.page")
