"""What one cable feed is: the preset's figures and the destination's names, read from a leg's options."""

import dataclasses
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pipeline.errors import Refused
from pipeline.hub.spec import LegSpec


@dataclass(frozen=True, slots=True)
class CableFeed:
    """The keys of `pipeline.model.presets.CablePreset`, the destination's own, and `source_fps` (the encoder's).
    `teletext` is a file of cues in hub time (JSON lines, see `cable_teletext`) for page `teletext_page`.

    Kilobits a second, decibels; `aspect` as W:H. `loudness_gain_db` is where the slow gain begins.
    """

    width: int
    height: int
    video_codec: str
    video_kbps: int
    mux_kbps: int
    fps: int = 25
    interlaced: bool = True
    aspect: str = "16:9"
    gop: int = 12
    x264_preset: str = "superfast"
    audio_codec: str = "mp2"
    audio_kbps: int = 192
    loudness_lufs: float = -23.0
    true_peak_dbtp: float = -1.0
    loudness_gain_db: float = 0.0
    mux_delay_ms: int = 700
    service_type: str = "digital_tv"
    service_id: int = 101
    transport_stream_id: int = 1
    original_network_id: int = 0xFF01
    pmt_pid: int = 0x100
    first_pid: int = 0x101
    service_name: str = "e-kultura"
    service_provider: str = "e-kultura"
    interface: str | None = None
    ttl: int = 1
    source_fps: int = 25
    teletext: str | None = None
    teletext_page: int = 777

    @property
    def teletext_pid(self) -> int:
        return self.first_pid + 2

    @property
    def mux_rate(self) -> int:
        """Bits a second on the wire, without UDP and IP."""
        return self.mux_kbps * 1000


def feed_of(spec: LegSpec) -> CableFeed:
    """The feed that a leg's options describe; Refused `leg.bad-options` for a key unknown, missing or wrong."""
    known = {item.name: item for item in dataclasses.fields(CableFeed)}
    for key, value in spec.options.items():
        if key not in known:
            raise Refused("leg.bad-options", leg=spec.name, key=key)
        if not _fits(value, known[key].type):
            raise Refused("leg.bad-options", leg=spec.name, key=key)
    missing = [
        item.name
        for item in known.values()
        if item.default is dataclasses.MISSING and item.name not in spec.options
    ]
    if missing:
        raise Refused("leg.bad-options", leg=spec.name, key=missing[0])
    return CableFeed(**spec.options)  # type: ignore[arg-type]  # checked just above


def _fits(value: object, kind: Any) -> bool:
    """Whether a value from JSON is of a field's type; whole numbers are numbers, True is none."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a feed goes. `query` holds an SRT address's options; it may hold secrets and is not for logs."""

    scheme: str
    host: str
    port: int
    query: dict[str, str]


def address_of(spec: LegSpec) -> Address:
    """The parts of udp://, rtp:// or srt://HOST:PORT; Refused `leg.bad-address` where it is none of these."""
    try:
        parts = urlsplit(spec.url)
        port = parts.port
    except ValueError as error:
        raise Refused("leg.bad-address", leg=spec.name) from error
    if parts.scheme not in ("udp", "rtp", "srt") or not parts.hostname or not port:
        raise Refused("leg.bad-address", leg=spec.name)
    return Address(parts.scheme, parts.hostname, port, dict(parse_qsl(parts.query)))
