"""What the Graph API accepts: each call's parameters and fields, with their types; an unknown one is an error."""

import json
from collections.abc import Callable, Mapping

from pipeline.standins.graph_faults import bad_parameter

Reader = Callable[[str, str], object]


def _text(name: str, value: str) -> str:
    return value


def _title(name: str, value: str) -> str:
    if len(value) > 254:
        raise bad_parameter(f"Param {name} must be no longer than 254 characters")
    return value


def _bool(name: str, value: str) -> bool:
    if value not in ("true", "false", "1", "0"):
        raise bad_parameter(f"Param {name} must be a boolean")
    return value in ("true", "1")


def _number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise bad_parameter(f"Param {name} must be an integer")
    return int(value)


def _object(name: str, value: str) -> dict[str, object]:
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise bad_parameter(f"Param {name} must be a JSON object")
    return read


def _texts(name: str, value: str) -> list[str]:
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, list) or not all(isinstance(entry, str) for entry in read):
        raise bad_parameter(f"Param {name} must be an array")
    return read


def _one_of(*allowed: str) -> Reader:
    def read(name: str, value: str) -> str:
        if value not in allowed:
            raise bad_parameter(f"Param {name} must be one of {{{', '.join(allowed)}}}")
        return value

    return read


STATUS = _one_of("LIVE_NOW", "SCHEDULED_CANCELED", "SCHEDULED_LIVE", "SCHEDULED_UNPUBLISHED", "UNPUBLISHED")

_BOTH: dict[str, Reader] = {
    "title": _title,
    "description": _text,
    "status": STATUS,
    "privacy": _object,
    "published": _bool,
    "event_params": _object,
    "stop_on_delete_stream": _bool,
    "is_audio_only": _bool,
    "targeting": _object,
    "content_tags": _texts,
    "custom_labels": _texts,
    "crossposting_actions": _text,
    "schedule_custom_profile_image": _text,
}

CREATE_LIVE: dict[str, Reader] = _BOTH | {
    "enable_backup_ingest": _bool,
    "stream_type": _one_of("AMBIENT", "REGULAR"),
    "is_spherical": _bool,
    "projection": _one_of("CUBEMAP", "EQUIRECTANGULAR", "HALF_EQUIRECTANGULAR"),
    "stereoscopic_mode": _one_of("LEFT_RIGHT", "MONO", "TOP_BOTTOM"),
    "spatial_audio_format": _one_of("ambiX_4"),
    "original_fov": _number,
    "front_z_rotation": _number,
    "fisheye_video_cropped": _bool,
    "encoding_settings": _text,
    "game_show": _object,
}

UPDATE_LIVE: dict[str, Reader] = _BOTH | {
    "end_live_video": _bool,
    "planned_start_time": _number,
    "embeddable": _bool,
    "master_ingest_stream_id": _text,
    "place": _text,
}

CAPTIONS: dict[str, Reader] = {"default_locale": _text, "locales_to_delete": _texts}

LIVE_FIELDS = frozenset(
    [
        "broadcast_start_time",
        "creation_time",
        "description",
        "embed_html",
        "id",
        "ingest_streams",
        "live_views",
        "permalink_url",
        "planned_start_time",
        "seconds_left",
        "secure_stream_url",
        "status",
        "stream_url",
        "title",
        "total_views",
        "video",
    ]
)
STREAM_FIELDS = frozenset(["id", "is_master", "secure_stream_url", "stream_health", "stream_id", "stream_url"])
PAGE_FIELDS = frozenset(["id", "name", "link", "about", "category", "followers_count", "fan_count", "username"])
TROUBLE_FIELDS = frozenset(["id", "creation_time", "error_code", "error_type", "error_message"])
CAPTION_FIELDS = frozenset(["create_time", "is_auto_generated", "is_default", "locale", "locale_name"])
VIDEO_FIELDS = frozenset(["id", "title", "description", "length", "permalink_url", "created_time"])


def read_params(given: Mapping[str, str], accepted: Mapping[str, Reader]) -> dict[str, object]:
    """Each parameter by its type; the first one that is unknown or wrong is error 100."""
    for name in given:
        if name not in accepted:
            raise bad_parameter(f"Param {name} is not supported by this call")
    return {name: accepted[name](name, value) for name, value in given.items()}


def read_fields(text: str, allowed: frozenset[str], node: str) -> dict[str, str]:
    """A `fields` parameter such as `id,video{id}` → name → inner fields ("" where none)."""
    fields: dict[str, str] = {}
    name, inner, depth = "", "", 0
    for letter in f"{text},":
        if letter == "{" and depth == 0:
            depth = 1
        elif letter == "," and depth == 0:
            if name not in allowed:
                raise bad_parameter(f"Tried accessing nonexisting field ({name}) on node type ({node})")
            fields[name] = inner
            name, inner = "", ""
        elif depth:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            inner += letter if depth else ""
        else:
            name += letter
    if depth:
        raise bad_parameter(f"Syntax error in fields: {text}")
    return fields


def pick(node: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """The asked fields of `node`; a field without a value is left out, as the far end does."""
    return {name: node[name] for name in fields if node.get(name) is not None}
