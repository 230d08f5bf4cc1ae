"""Reads what the Graph API answers into our records; an answer of another shape is an error, never a guess."""

from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import urlsplit

from pydantic import SecretStr

from pipeline.errors import Fatal
from pipeline.model.platform_live import LiveState

PERMALINKS = "https://www.facebook.com"
STATE_FIELDS = "id,status,live_views,permalink_url,seconds_left,video{id},ingest_streams{is_master,stream_health}"

TROUBLE_FIELDS = "error_code,error_type,error_message"  # *inferred*: the guide names no fields


def unexpected(field: str) -> NoReturn:
    raise Fatal("facebook.answer-unexpected", field=field)


def as_object(result: object) -> Mapping[str, object]:
    if not isinstance(result, Mapping):
        unexpected("(answer)")
    return result


def text(result: Mapping[str, object], field: str) -> str:
    value = result.get(field)
    if not isinstance(value, str) or not value:
        unexpected(field)
    return value


def split_ingest(url: str) -> tuple[str, SecretStr]:
    """The address up to its last slash (that slash included), and the stream key with its query.

    Only RTMPS counts: the far end takes nothing else.
    """
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    if parts.scheme != "rtmps" or not parts.hostname or not name:
        unexpected("secure_stream_url")
    key = f"{name}?{parts.query}" if parts.query else name
    return f"rtmps://{parts.netloc}{folder}/", SecretStr(key)


def permalink(result: Mapping[str, object]) -> str | None:
    """The public address: the API gives a path only."""
    value = result.get("permalink_url")
    if not isinstance(value, str) or not value:
        return None
    return PERMALINKS + value if value.startswith("/") else value


def video_id(result: Mapping[str, object]) -> str | None:
    video = result.get("video")
    value = video.get("id") if isinstance(video, Mapping) else video
    return value if isinstance(value, str) and value else None


def live_state(result: Mapping[str, object]) -> LiveState:
    return LiveState(
        status=text(result, "status"),
        viewers=_integer(result.get("live_views")),
        health=_health(result.get("ingest_streams")),
        permalink=permalink(result),
        video_id=video_id(result),
        seconds_left=_integer(result.get("seconds_left")),
    )


def locales(result: Mapping[str, object]) -> list[str]:
    """The locales of a video's captions, in the far end's order."""
    data = result.get("data")
    if not isinstance(data, list):
        unexpected("data")
    return [text(as_object(entry), "locale") for entry in data]


def troubles(result: Mapping[str, object]) -> list[str]:
    """One line for each error of a live video: its type and text, as far as they are given."""
    data = result.get("data")
    if not isinstance(data, list):
        unexpected("data")
    lines = []
    for entry in map(as_object, data):
        words = [str(entry[key]) for key in ("error_type", "error_message") if entry.get(key)]
        lines.append(": ".join(words) or str(entry.get("error_code", "?")))
    return lines


def _integer(value: object) -> int | None:
    """Counts come as numbers or, some of them, as strings."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _health(streams: object) -> str | None:
    """The master stream's health as `name=value` pairs in the far end's own words."""
    if isinstance(streams, Mapping):
        streams = streams.get("data")
    if not isinstance(streams, list):
        return None
    entries = [entry for entry in streams if isinstance(entry, Mapping)]
    for entry in sorted(entries, key=lambda one: one.get("is_master") is not True):
        health = entry.get("stream_health")
        if isinstance(health, Mapping) and health:
            return ", ".join(f"{key}={value}" for key, value in health.items())
    return None
