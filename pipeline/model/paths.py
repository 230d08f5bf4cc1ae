"""Relative paths of the settings count from config.yaml: here they become absolute."""

from pathlib import Path

from pipeline.model.config import Settings, Slice, Source


def made_absolute(settings: Settings, base: Path) -> Settings:
    """The same settings with every path absolute; `~` is the user's folder."""

    def absolute(path: Path | None) -> Path | None:
        return None if path is None else base / path.expanduser()

    def of(part: Slice, *names: str) -> dict[str, Path | None]:
        return {name: absolute(getattr(part, name)) for name in names if hasattr(part, name)}

    def source(one: Source | None) -> Source | None:
        return None if one is None else one.model_copy(update=of(one, "media", "image"))

    station = settings.station
    funding = tuple(one.model_copy(update=of(one, "logo")) for one in station.funding)
    captions = settings.captions
    if "/" in captions.model or "\\" in captions.model or captions.model.endswith(".pt"):
        captions = captions.model_copy(update={"model": str(absolute(Path(captions.model)))})
    return settings.model_copy(
        update={
            "station": station.model_copy(update={"funding": funding}),
            "folders": settings.folders.model_copy(update=of(settings.folders, "recordings", "archive", "work")),
            "sources": {name: source(one) for name, one in settings.sources.items()},
            "destinations": {
                name: one.model_copy(update=of(one, "tls_ca")) for name, one in settings.destinations.items()
            },
            "captions": captions,
            "archive": settings.archive.model_copy(
                update={
                    "copies": tuple(one.model_copy(update=of(one, "folder")) for one in settings.archive.copies)
                }
            ),
            "notify": settings.notify.model_copy(
                update={
                    name: one.model_copy(update=of(one, "tls_ca"))
                    for name in ("email", "webhook")
                    if (one := getattr(settings.notify, name)) is not None
                }
            ),
        }
    )


def missing_files(settings: Settings) -> list[tuple[str, Path]]:
    """The files that the settings name and that are not there, each with its key: for the pre-flight check."""
    named: list[tuple[str, Path | None]] = []
    for at, funder in enumerate(settings.station.funding):
        named.append((f"station.funding[{at}].logo", funder.logo))
    for name, one in settings.sources.items():
        if one is not None:
            named += [(f"sources.{name}.media", one.media), (f"sources.{name}.image", one.image)]
    for name, destination in settings.destinations.items():
        named.append((f"destinations.{name}.tls_ca", getattr(destination, "tls_ca", None)))
    return [(key, path) for key, path in named if path is not None and not path.is_file()]
