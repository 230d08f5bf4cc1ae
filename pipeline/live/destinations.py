"""From a destination of the settings to the leg that the hub is to run for it."""

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


def leg(
    name: str, destination: Destination, *, live: LiveVideo | None = None, cable: CablePreset | None = None
) -> LegSpec:
    """The leg for one destination; `live` where a platform made a live video, `cable` for a cable feed.

    The address and the key stay apart, and only the key's field is secret.
    """
    if isinstance(destination, CableDestination):
        if cable is None:
            raise Fatal("live.no-cable-preset", destination=name)
        options: dict[str, object] = {
            **cable.model_dump(),
            "interface": destination.interface,
            "ttl": destination.ttl,
            "service_name": destination.service_name,
            "service_provider": destination.service_provider,
        }
        return LegSpec(name, "cable", destination.url, options=options)
    if isinstance(destination, NowhereDestination):
        return LegSpec(name, "nowhere", "nowhere:")
    if isinstance(destination, RtmpDestination):
        return LegSpec(name, "rtmp", destination.url, destination.key.get_secret_value(), _tls(destination.tls_ca))
    if live is not None:
        return LegSpec(name, "rtmp", live.ingest, live.key.get_secret_value(), _tls(destination.tls_ca))
    if destination.stream_key is not None:
        key = destination.stream_key.get_secret_value()
        return LegSpec(name, "rtmp", destination.ingest_url, key, _tls(destination.tls_ca))
    raise Fatal("live.no-live-video", destination=name)


def needs_live_video(destination: Destination) -> bool:
    """Whether a platform must make a live video before the leg can start."""
    return isinstance(destination, FacebookDestination) and destination.token is not None


def _tls(ca: Path | None) -> dict[str, object]:
    return {"tls_ca": str(ca)} if ca else {}
