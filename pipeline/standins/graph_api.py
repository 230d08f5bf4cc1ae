"""The stand-in Graph API's calls: path and parameters to the platform's Page, and its answers back. No sockets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.standins import graph_params as params
from pipeline.standins.graph_faults import (
    Envelope,
    GraphFault,
    bad_parameter,
    missing_permission,
    named,
    unknown_object,
)
from pipeline.standins.graph_live import Live, Stream
from pipeline.standins.graph_world import READ, WRITE, World

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, its token set apart."""

    method: str
    path: str
    token: str = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


class GraphApi:
    """Answers calls, or raises GraphFault."""

    def __init__(self, world: World, version: str = "v26.0") -> None:
        self.world = world
        self.version = version

    def answer(self, call: Call) -> Answer:
        version, _, path = call.path.strip("/").partition("/")
        if version != self.version:
            raise GraphFault(Envelope(400, 2635, f"(#2635) You are calling {version}; it is not there any more"))
        self._authorise(call.token)
        if call.method not in ("GET", "POST"):
            raise bad_parameter(f"Unsupported {call.method.lower()} request")
        identifier, _, edge = path.partition("/")
        if call.files and edge != "captions":
            raise bad_parameter("No file is expected here")
        if identifier in ("me", self.world.page_id):
            return self._page(call, edge)
        if not re.fullmatch(r"[0-9]+", identifier):
            raise GraphFault(Envelope(404, 803, f"(#803) Some of the aliases do not exist: {identifier}"))
        if identifier in self.world.videos:
            return self._video(call, identifier, edge)
        return self._live(call, identifier, edge)

    def _authorise(self, token: str) -> None:
        if not token:
            raise GraphFault(Envelope(400, 104, "An access token is required to request this resource."))
        if self.world.token_fault is not None:
            raise named(self.world.token_fault)
        if token != self.world.token:
            raise named("token-malformed")

    def _reading(self) -> None:
        self.world.require(READ, lambda: missing_permission(READ, writing=False))

    def _writing(self) -> None:
        self.world.require(WRITE, lambda: missing_permission(WRITE, writing=True))

    def _page(self, call: Call, edge: str) -> Answer:
        world = self.world
        if edge == "" and call.method == "GET":
            fields = self._fields(call, params.PAGE_FIELDS, "Page", "id,name")
            page = {"id": world.page_id, "name": world.page_name, "followers_count": world.followers}
            return params.pick(page, fields)
        if edge == "live_videos" and call.method == "POST":
            self._writing()
            live = world.create(params.read_params(call.given, params.CREATE_LIVE))
            return self._made(live)
        if edge == "live_videos":
            self._reading()
            fields = self._fields(call, params.LIVE_FIELDS, "LiveVideo", "id,status", also={"limit"})
            return {"data": [self._live_node(live, fields) for live in reversed(world.lives.values())]}
        raise bad_parameter(f"Unknown path components: /{edge}")

    def _made(self, live: Live) -> Answer:
        primary = self.world.ingest + live.streams[0].key
        answer: Answer = {"id": live.id, "stream_url": primary, "secure_stream_url": primary}
        if len(live.streams) > 1:
            second = [self.world.backup_ingest + stream.key for stream in live.streams[1:]]
            answer |= {"stream_secondary_urls": second, "secure_stream_secondary_urls": second}
        return answer

    def _live(self, call: Call, identifier: str, edge: str) -> Answer:
        live = self.world.live(identifier)
        if call.method == "POST":
            if edge:
                raise bad_parameter(f"Unknown path components: /{edge}")
            self._writing()
            self.world.update(identifier, params.read_params(call.given, params.UPDATE_LIVE))
            return {"id": identifier, "success": True}
        self._reading()
        if edge == "":
            return self._live_node(live, self._fields(call, params.LIVE_FIELDS, "LiveVideo", "id,status"))
        if edge == "input_streams":
            fields = self._fields(call, params.STREAM_FIELDS, "LiveVideoInputStream", "id")
            return {"data": [self._stream_node(stream, fields) for stream in live.streams]}
        if edge == "errors":
            fields = self._fields(call, params.TROUBLE_FIELDS, "LiveVideoError", "id")
            return {"data": [params.pick(trouble, fields) for trouble in live.troubles]}
        raise unknown_object(f"{identifier}/{edge}")

    def _live_node(self, live: Live, fields: Mapping[str, str]) -> Answer:
        live.settle(self.world.now())
        stream_url = self.world.ingest + live.streams[0].key
        on_air = live.state == "LIVE"
        stream_fields = params.read_fields(
            fields.get("ingest_streams") or "id", params.STREAM_FIELDS, "LiveVideoInputStream"
        )
        video_fields = params.read_fields(fields.get("video") or "id", params.VIDEO_FIELDS, "Video")
        node: Answer = {
            "id": live.id,
            "status": live.state,
            "title": live.title,
            "description": live.description,
            "live_views": self.world.viewers if on_air else 0,
            "total_views": str(self.world.viewers * 3 if live.media_us is not None else 0),
            "permalink_url": f"/{self.world.page_id}/videos/{live.video_id}/",
            "seconds_left": live.seconds_left(self.world.now()),
            "planned_start_time": live.planned_start,
            "secure_stream_url": stream_url,
            "stream_url": stream_url,
            "embed_html": "<iframe></iframe>",
            "video": params.pick({"id": live.video_id, "title": live.title}, video_fields),
            "ingest_streams": [self._stream_node(stream, stream_fields) for stream in live.streams],
        }
        return params.pick(node, fields)

    def _stream_node(self, stream: Stream, fields: Mapping[str, str]) -> Answer:
        url = self.world.ingest + stream.key
        node: Answer = {
            "id": stream.id,
            "stream_id": stream.id,
            "is_master": stream.master,
            "stream_health": stream.health or None,
            "secure_stream_url": url,
            "stream_url": url,
        }
        return params.pick(node, fields)

    def _video(self, call: Call, identifier: str, edge: str) -> Answer:
        video = self.world.video(identifier)
        if edge == "" and call.method == "GET":
            self._reading()
            fields = self._fields(call, params.VIDEO_FIELDS, "Video", "id")
            return params.pick({"id": video.id, "title": video.live.title}, fields)
        if edge != "captions":
            raise bad_parameter(f"Unknown path components: /{edge}")
        if call.method == "GET":
            self._reading()
            fields = self._fields(call, params.CAPTION_FIELDS, "VideoCaption", "locale,locale_name")
            return {"data": [params.pick(entry, fields) for entry in video.captions.values()]}
        self._writing()
        read = params.read_params(call.given, params.CAPTIONS)
        if set(call.files) - {"captions_file"} or not (call.files or "locales_to_delete" in read):
            raise bad_parameter("captions_file or locales_to_delete is required")
        delete = read.get("locales_to_delete", [])
        assert isinstance(delete, list)
        self.world.drop_captions(identifier, delete)
        for name, body in call.files.values():
            default = read.get("default_locale")
            self.world.add_captions(identifier, name, body, None if default is None else str(default))
        return {"success": True}

    def _fields(
        self,
        call: Call,
        allowed: frozenset[str],
        node: str,
        default: str,
        also: frozenset[str] | set[str] = frozenset(),
    ) -> dict[str, str]:
        for name in call.given:
            if name != "fields" and name not in also:
                raise bad_parameter(f"Param {name} is not supported by this call")
        return params.read_fields(call.given.get("fields", default), allowed, node)
