"""Names that point from one place of the configuration to another: each must point at something."""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.model import folders
from pipeline.model.document import Document
from pipeline.model.faults import Faults, dotted, nearest
from pipeline.model.library import Library
from pipeline.model.presets import ClassPreset, seconds

Place = Sequence[str | int]


def check(config: Document | None, library: Library, faults: Faults) -> None:
    """Add a fault for every name in config.yaml and in the classes that points at nothing.

    What cannot be read (None) is left out; its own faults are told already. config.yaml is looked at as it was
    read, so that a fault elsewhere in it hides none of these.
    """
    for name, klass in library.classes.items():
        _within(library.documents[name], klass, faults)
        _presets(library.documents[name], klass, library, faults)
    if config is not None:
        _classes(config, library, faults)
        _names_in(config, library, faults)
        folders.check(config, faults)


def _classes(config: Document, library: Library, faults: Faults) -> None:
    """The names in the classes that point into config.yaml."""
    sources, destinations = _names(config, "sources"), _names(config, "destinations")
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, klass in library.classes.items():
        document = library.documents[name]
        for place, section, pointed in _outward(klass):
            known = sources if section == "sources" else destinations
            if pointed in known:
                continue
            if name in library.own:
                faults.add(
                    document.path,
                    document.line(place),
                    dotted(place),
                    "unknown-name",
                    pointed,
                    nearest(pointed, known),
                )
            elif name not in wanted[section, pointed]:
                wanted[section, pointed].append(name)
    # A shipped class is not the technician's to mend: the place is config.yaml, where `NAME: null` is enough.
    for (section, pointed), classes in wanted.items():
        faults.add(
            config.path, config.line([section]), f"{section}.{pointed}", "named-by-class", ", ".join(classes),
            f"{pointed}: null",
        )  # fmt: skip


def _names(config: Document, section: str) -> set[str]:
    """The names under a section of the file, those that are `null` among them."""
    tree = config.raw([section])
    return {str(name) for name in tree} if isinstance(tree, dict) else set()


def _names_in(config: Document, library: Library, faults: Faults) -> None:
    def refuse(place: Place, code: str, given: str, allowed: Iterable[str]) -> None:
        faults.add(config.path, config.line(place), dotted(place), code, given, nearest(given, allowed))

    zone = config.at(["station", "timezone"])
    if isinstance(zone, str) and zone not in zoneinfo.available_timezones():
        area = zone.split("/")[0] + "/"
        near = [one for one in zoneinfo.available_timezones() if one.startswith(area)]
        refuse(["station", "timezone"], "wrong-value", zone, near or ["Europe/Warsaw"])
    style = config.at(["captions", "style"])
    if isinstance(style, str) and not library.knows("captions", style):
        refuse(["captions", "style"], "unknown-preset", style, library.captions)
    destinations = config.at(["destinations"])
    for name, one in destinations.items() if isinstance(destinations, dict) else ():
        preset = one.get("preset") if isinstance(one, dict) and one.get("kind") == "cable" else None
        if isinstance(preset, str) and not library.knows("destinations", preset):
            refuse(["destinations", name, "preset"], "unknown-preset", preset, library.cables)


def _within(document: Document, klass: ClassPreset, faults: Faults) -> None:
    """The names that a class gives to its own scenes."""
    pointers: list[tuple[Place, str, set[str]]] = [(["opening"], klass.opening, set(klass.scenes))]
    for at, cue in enumerate(klass.run_sheet):
        pointers.append((["run_sheet", at, "scene"], cue.scene, {*klass.scenes, "stop"}))
    for place, scene, allowed in pointers:
        if scene not in allowed:
            given = nearest(scene, allowed)
            faults.add(document.path, document.line(place), dotted(place), "unknown-name", scene, given)
    _order(document, klass, faults)
    for name, one in klass.scenes.items():
        if one.kind == "card" and one.card is None:
            place = ["scenes", name, "card"]
            faults.add(
                document.path, document.line(place), dotted(place), "missing-choice", "", "title, break, closing"
            )


def _order(document: Document, klass: ClassPreset, faults: Faults) -> None:
    """A run sheet's times must follow one another, those counted from the end last; nothing follows `stop`."""

    def refuse(at: int, key: str, code: str, given: str, before: str) -> None:
        place: Place = ["run_sheet", at, key]
        faults.add(document.path, document.line(place), dotted(place), code, given, before)

    after, before_end, stopped = "", "", False
    for at, cue in enumerate(klass.run_sheet):
        if stopped:
            refuse(at, "scene", "after-stop", cue.scene, "")
        stopped = cue.scene == "stop"
        if cue.before_end is not None:
            if before_end and seconds(cue.before_end) >= seconds(before_end):
                refuse(at, "before_end", "out-of-order", cue.before_end, before_end)
            before_end = cue.before_end
        elif before_end:
            refuse(at, "after" if cue.after else "at", "out-of-order", cue.after or cue.at or "", "before_end")
        elif cue.after is not None:
            if after and seconds(cue.after) <= seconds(after):
                refuse(at, "after", "out-of-order", cue.after, after)
            after = cue.after


def _presets(document: Document, klass: ClassPreset, library: Library, faults: Faults) -> None:
    checks = [("encoder", "encoders", klass.encoder, library.encoders)]
    if klass.caption_style is not None:
        checks.append(("caption_style", "captions", klass.caption_style, library.captions))  # type: ignore[arg-type]
    for key, folder, name, held in checks:
        if not library.knows(folder, name):
            faults.add(document.path, document.line([key]), key, "unknown-preset", name, nearest(name, held))


def _outward(klass: ClassPreset) -> list[tuple[Place, str, str]]:
    """Every name of a class that points into config.yaml: (its place, the section there, the name)."""
    found: list[tuple[Place, str, str]] = []
    for name, scene in klass.scenes.items():
        found += [(["scenes", name, "sources", at], "sources", one) for at, one in enumerate(scene.sources)]
    found += [(["microphones", at], "sources", one) for at, one in enumerate(klass.microphones)]
    found += [(["destinations", at], "destinations", one) for at, one in enumerate(klass.destinations)]
    return found
