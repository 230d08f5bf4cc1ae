"""What a hub is told at its start: a file of mode 0600, for it holds the keys of the legs. Plain data only."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline.store.files import write_whole


@dataclass(frozen=True, slots=True)
class LegSpec:
    """One destination's leg. `name` is the destination's, the only thing about it that may be logged.

    kind `rtmp`: `url` is rtmp(s)://HOST/APP without the key, `secret` the stream key, options `tls_ca` (path).
    kind `cable`: `url` udp://, rtp:// or srt://; options are the fields of the cable preset and
    `service_name`, `service_provider`, `interface`, `ttl`.

    `spare_url` and `spare_secret` are tried in turn with the first pair when that fails. `tag` tells two keys of
    one destination apart without being one (the live video's id). `uplink`: it goes out through the station's
    up-link; `backup`: a second copy for a platform that has the first, the first to go when room is short.
    `keep_size`: the picture's size may not change on air. `refusals`: after so many in a row it knocks no more.
    """

    name: str
    kind: str
    url: str
    secret: str = field(default="", repr=False)
    options: dict[str, object] = field(default_factory=dict)
    spare_url: str = ""
    spare_secret: str = field(default="", repr=False)
    tag: str = ""
    uplink: bool = False
    backup: bool = False
    keep_size: bool = False
    refusals: int | None = None


@dataclass(frozen=True, slots=True)
class HubSpec:
    """One hub: where it listens, the local stream key, where it records, and its first legs.

    `record` is the final name of the feed's master (it grows as `NAME.part`); a second piece after a restart
    is NAME-2. `control` is where the hub writes its port and token (0600). `slate` is a loop that OBS's own
    encoder made, or None. `uplink_kbps` is what the station's up-link carries, None where nobody knows; legs fill
    `uplink_share` of it.
    """

    host: str
    port: int
    app: str
    key: str = field(repr=False)
    journal: str = ""
    record: str = ""
    control: str = ""
    slate: str | None = None
    slate_after_ms: int = 400
    uplink_kbps: int | None = None
    uplink_share: float = 0.8
    legs: tuple[LegSpec, ...] = ()


def save(spec: HubSpec, path: Path) -> None:
    write_whole(path, json.dumps(asdict(spec)), private=True)


def load(path: Path) -> HubSpec:
    raw = json.loads(path.read_text(encoding="utf-8"))
    legs = tuple(LegSpec(**leg) for leg in raw.pop("legs"))
    return HubSpec(**raw, legs=legs)
