"""The whole of the stand-in Facebook: Page, Graph API and ingest under one certificate authority.

with FacebookStandIn(folder) as far:
    far.settings()            # for config.yaml; the token goes into secrets.env
    ...
    far.write_report(folder / "facebook.json")
    far.snapshot(folder / "facebook.png")
"""

import json
from pathlib import Path

from pipeline.clock import SYSTEM, Clock
from pipeline.model.config import FacebookDestination
from pipeline.standins.certificates import make_certificates
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_live import Limits
from pipeline.standins.graph_world import World
from pipeline.standins.ingest import CAP_BYTES, Ingest
from pipeline.store.files import write_whole


class FacebookStandIn:
    """Start it in a thread that lives as long as it: the RTMP server dies with that thread."""

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits | None = None,
        clock: Clock = SYSTEM,
        cap_bytes: int = CAP_BYTES,
        idle_s: int = 15,
    ) -> None:
        self.certificates = make_certificates(folder / "tls")
        self.world = World(clock=clock, limits=limits)
        self.graph = GraphStandIn(self.world, self.certificates)
        self.ingest = Ingest(
            self.world, self.certificates, folder / "ingest", clock=clock, cap_bytes=cap_bytes, idle_s=idle_s
        )

    def __enter__(self) -> "FacebookStandIn":
        self.ingest.__enter__()
        self.world.ingest = self.world.backup_ingest = self.ingest.url
        self.graph.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.graph.stop()
        self.ingest.stop()

    def settings(self) -> dict[str, object]:
        """The destination as config.yaml holds it, without the token (`far.world.token`: for secrets.env)."""
        return {
            "kind": "facebook",
            "page_id": self.world.page_id,
            "graph_url": self.graph.url,
            "tls_ca": str(self.certificates.ca),
        }

    def destination(self) -> FacebookDestination:
        """The same, read, with the token."""
        return FacebookDestination.model_validate(self.settings() | {"token": self.world.token})

    def pasted(self) -> FacebookDestination:
        """A destination with a key pasted from Live Producer: a live video made there by hand."""
        live = self.world.create({"status": "LIVE_NOW", "title": "Live Producer"})
        return FacebookDestination.model_validate(
            {
                "kind": "facebook",
                "stream_key": live.streams[0].key,
                "ingest_url": self.ingest.url,
                "tls_ca": self.certificates.ca,
            }
        )

    def report(self) -> dict[str, object]:
        """What both doors saw; neither token nor key is in it."""
        return {"graph": self.graph.report(), "ingest": self.ingest.report()}

    def write_report(self, target: Path) -> None:
        write_whole(target, json.dumps(self.report(), indent=1, ensure_ascii=False) + "\n")

    def snapshot(self, target: Path) -> bool:
        """The last picture that came in, as a PNG; False when none came."""
        return self.ingest.snapshot(target)
