"""From a destination of the settings to the leg that the hub is to run for it."""

from dataclasses import replace
from pathlib import Path

from pipeline.errors import Fatal
from pipeline.hub.spec import LegSpec
from pipeline.model.config import (
    CableDestination,
    Destination,
    FacebookDestination,
    NowhereDestination,
    RtmpDestination,
)
from pipeline.model.platform_live import LiveVideo
from pipeline.model.presets import CablePreset

REFUSALS = 2  # in a row: then the platform is asked whether its live video still is
PASTED_REFUSALS = 6  # in a row: nobody can be asked about a pasted key


def leg(
    name: str,
    destination: Destination,
    *,
    live: LiveVideo | None = None,
    cable: CablePreset | None = None,
    spare: bool = True,
) -> LegSpec:
    """The leg for one destination; `live` where a platform made a live video, `cable` for a cable feed.

    The address and the key stay apart, and only the keys' fields are secret. `spare=False`: the platform's backup
    ingest is busy with a leg of its own.
    """
    if isinstance(destination, CableDestination):
        return _cable(name, destination, cable)
    if isinstance(destination, NowhereDestination):
        return LegSpec(name, "nowhere", "nowhere:")
    if isinstance(destination, RtmpDestination):
        return LegSpec(
            name,
            "rtmp",
            destination.url,
            destination.key.get_secret_value(),
            _tls(destination.tls_ca),
            spare_url=destination.spare_url or "",
            spare_secret=(destination.spare_key or destination.key).get_secret_value(),
            uplink=True,
        )
    if live is not None:
        first = LegSpec(
            name,
            "rtmp",
            live.ingest,
            live.key.get_secret_value(),
            _tls(destination.tls_ca),
            tag=live.id,
            uplink=True,
            keep_size=True,
            refusals=REFUSALS,
        )
        if not spare or live.backup_ingest is None or live.backup_key is None:
            return first
        return replace(first, spare_url=live.backup_ingest, spare_secret=live.backup_key.get_secret_value())
    if destination.stream_key is not None:
        key = destination.stream_key.get_secret_value()
        options = _tls(destination.tls_ca)
        address = destination.ingest_url
        return LegSpec(name, "rtmp", address, key, options, uplink=True, keep_size=True, refusals=PASTED_REFUSALS)
    raise Fatal("live.no-live-video", destination=name)


def backup(name: str, destination: Destination, live: LiveVideo | None) -> LegSpec | None:
    """A second copy for the platform's backup ingest, where there is one."""
    if live is None or live.backup_ingest is None or live.backup_key is None:
        return None
    first = leg(name, destination, live=live, spare=False)
    return replace(
        first,
        name=f"{name}-backup",
        url=live.backup_ingest,
        secret=live.backup_key.get_secret_value(),
        backup=True,
    )


def _cable(name: str, destination: CableDestination, cable: CablePreset | None) -> LegSpec:
    if cable is None:
        raise Fatal("live.no-cable-preset", destination=name)
    options: dict[str, object] = {
        **cable.model_dump(),
        "interface": destination.interface,
        "ttl": destination.ttl,
        "service_name": destination.service_name,
        "service_provider": destination.service_provider,
    }
    return LegSpec(name, "cable", destination.url, options=options, spare_url=destination.spare_url or "")


def through_the_uplink(destination: Destination) -> bool:
    """Whether it goes out of the building: the cable headend has a line of its own."""
    return not isinstance(destination, CableDestination | NowhereDestination)


def needs_live_video(destination: Destination) -> bool:
    """Whether a platform must make a live video before the leg can start."""
    return isinstance(destination, FacebookDestination) and destination.token is not None


def _tls(ca: Path | None) -> dict[str, object]:
    return {"tls_ca": str(ca)} if ca else {}
