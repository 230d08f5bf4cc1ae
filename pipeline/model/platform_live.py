"""A live video on a platform, as the adapter made or found it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class LiveVideo:
    """`ingest` is the address without the key, `key` the stream key: only the leg may ever see it.

    `id` is the live video's, `video_id` the finished video's (None until the platform names it).
    The backup pair is there when a backup ingest was asked for and given.
    """

    id: str
    ingest: str
    key: SecretStr
    permalink: str | None = None
    video_id: str | None = None
    backup_ingest: str | None = None
    backup_key: SecretStr | None = None

    def revealed(self) -> dict[str, str | None]:
        """Plain values with the keys in clear: for private files alone."""
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in ((name, getattr(self, name)) for name in self.__slots__)
        }

    @classmethod
    def from_revealed(cls, raw: Mapping[str, str | None]) -> "LiveVideo":
        """The inverse of `revealed`."""
        keys = {name: SecretStr(value) for name in ("key", "backup_key") if (value := raw[name]) is not None}
        return cls(**{**raw, **keys})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class LiveState:
    """What the platform sees: `status` is its own word, `viewers` now, health one line of its own words."""

    status: str
    viewers: int | None = None
    health: str | None = None
    permalink: str | None = None
    video_id: str | None = None
    seconds_left: int | None = None
