"""The settings of a station: the schema of config.yaml with its defaults, in one place.

Reading the file, merging secrets and naming faults with their lines is `pipeline.model.load`'s work.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class Slice(BaseModel):
    """A frozen part of the settings that forbids unknown keys."""

    # Inputs stay out of an error's text: they may be keys and passwords.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class Funding(Slice):
    """One funder, as shown on cards and pages."""

    logo: Path | None = None
    sentence: str = ""
    since: str | None = None
    until: str | None = None


class Station(Slice):
    """The centre, its language for people, and its time zone (an IANA name)."""

    name: str = Field(min_length=1)
    language: Literal["pl", "en"] = "pl"
    timezone: str = "Europe/Warsaw"
    funding: tuple[Funding, ...] = ()


class Folders(Slice):
    """Where things lie; relative paths count from config.yaml. `work` must be on a local disk."""

    recordings: Path = Path("recordings")
    archive: Path = Path("archive")
    work: Path = Path("work")


class Obs(Slice):
    """OBS Studio on this machine; `launch` is the command line that starts it when it does not run."""

    host: str = "127.0.0.1"
    port: int = Field(4455, ge=1, le=65535)
    password: SecretStr = SecretStr("")
    launch: str | None = None


class Source(Slice):
    """What a scene shows or hears: exactly one of camera, media, screen, image, url, audio."""

    camera: str | None = None
    media: Path | None = None
    screen: int | None = Field(None, ge=1)
    image: Path | None = None
    url: SecretStr | None = None
    audio: str | None = None
    role: Literal["speech", "music", "room"] | None = None
    offset_ms: int = Field(0, ge=-20000, le=20000)

    @model_validator(mode="after")
    def _exactly_one(self) -> "Source":
        given = [
            name
            for name in ("camera", "media", "screen", "image", "url", "audio")
            if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError("exactly one of camera, media, screen, image, url, audio")
        return self


class Hub(Slice):
    """The local fan-out; `listen` is HOST:PORT for OBS's stream.

    `uplink_kbps` is what the building's up-link carries (None: unknown), `uplink_share` how much of it the legs
    may fill together.
    """

    listen: str = Field(
        "127.0.0.1:1936",
        pattern=r"^[^\s:]+:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$",
    )
    slate_after_ms: int = Field(400, ge=100, le=5000)
    uplink_kbps: int | None = Field(None, ge=100, le=10_000_000)
    uplink_share: float = Field(0.8, ge=0.1, le=1.0)


class FacebookDestination(Slice):
    """A Facebook Page: by Page token, or by a stream key pasted from Live Producer.

    `token_ends`: the first day (UTC) on which the token no longer works, where its owner knows one.
    """

    kind: Literal["facebook"]
    page_id: str | None = None
    token: SecretStr | None = None
    token_ends: date | None = None
    stream_key: SecretStr | None = None
    ingest_url: str = "rtmps://live-api-s.facebook.com:443/rtmp/"
    graph_url: str = "https://graph.facebook.com"
    api_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$")
    tls_ca: Path | None = None
    backup_ingest: bool = False

    @model_validator(mode="after")
    def _token_or_key(self) -> "FacebookDestination":
        if self.stream_key is None and (self.page_id is None or self.token is None):
            raise ValueError("page_id and token, or stream_key")
        if self.stream_key is not None and self.token is not None:
            raise ValueError("page_id and token, or stream_key, not both")
        return self


class CableDestination(Slice):
    """The cable headend: MPEG-TS at a constant bitrate over udp://, rtp:// or srt://, and a spare address."""

    kind: Literal["cable"]
    url: str = Field(pattern=r"^(udp|rtp|srt)://[^\s:/]+:\d{1,5}(\?.*)?$")
    spare_url: str | None = Field(None, pattern=r"^(udp|rtp|srt)://[^\s:/]+:\d{1,5}(\?.*)?$")
    interface: str | None = None
    ttl: int = Field(1, ge=0, le=255)
    preset: str = "cable-576i25"
    service_name: str = "e-kultura"
    service_provider: str = "e-kultura"


class RtmpDestination(Slice):
    """Any RTMP(S) ingest: address and key apart, so that the key is never shown with the address.

    `spare_url` is tried when the first does not answer; without `spare_key` it takes the same key.
    """

    kind: Literal["rtmp"]
    url: str = Field(pattern=r"^rtmps?://\S+$")
    key: SecretStr
    spare_url: str | None = Field(None, pattern=r"^rtmps?://\S+$")
    spare_key: SecretStr | None = None
    tls_ca: Path | None = None

    @model_validator(mode="after")
    def _spare_key_with_its_address(self) -> "RtmpDestination":
        if self.spare_key is not None and self.spare_url is None:
            raise ValueError("spare_url, to which spare_key belongs")
        return self


class NowhereDestination(Slice):
    """Nowhere: what would be sent is counted. What a rehearsal has in the place of every other destination."""

    kind: Literal["nowhere"]


Destination = Annotated[
    FacebookDestination | CableDestination | RtmpDestination | NowhereDestination, Field(discriminator="kind")
]


class Captions(Slice):
    """How captions are made; `model` is a size, a path, `demo` (the miniature) or `auto`; `language` is a code."""

    engine: Literal["auto", "openai-whisper", "faster-whisper"] = "auto"
    model: str = "auto"
    language: str = Field("pl", pattern=r"^[a-z]{2,3}$")
    style: str = "sdh-adult"
    while_live: Literal["auto", "off"] = "auto"


class SecondArchive(Slice):
    """A copy of the archive: `folder` is where it is when it is there, `label` what is written on it."""

    label: str = Field(pattern=r"^\w[\w .-]{0,39}$")
    folder: Path


class Archive(Slice):
    """The archive's policy: how often packages are read again (days), and its copies."""

    creator: str | None = None
    rights: str | None = None
    check_every_days: int = Field(91, ge=1, le=3650)
    copies: tuple[SecondArchive, ...] = ()

    @model_validator(mode="after")
    def _labels_differ(self) -> "Archive":
        if len({one.label for one in self.copies}) != len(self.copies):
            raise ValueError("copies: each label once")
        return self


class Console(Slice):
    """The web console's address; loopback unless told otherwise."""

    host: str = "127.0.0.1"
    port: int = Field(8765, ge=1, le=65535)


class Agenda(Slice):
    """The calendar of planned events."""

    ics_url: SecretStr | None = None


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Mailbox = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


class EmailNotify(Slice):
    """The mailbox that sends notices, and those who get them. `security: none` is for this machine's own server."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Mailbox = Field(alias="from")
    to: tuple[Mailbox, ...] = Field(min_length=1)
    tls_ca: Path | None = None

    @model_validator(mode="after")
    def _private(self) -> "EmailNotify":
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security: starttls or tls")
        return self


class WebhookNotify(Slice):
    """An https address that gets notices as JSON; `secret` signs them."""

    url: SecretStr
    secret: SecretStr | None = None
    tls_ca: Path | None = None

    @model_validator(mode="after")
    def _private(self) -> "WebhookNotify":
        address = urlsplit(self.url.get_secret_value())
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
            raise ValueError("url: https://…")
        return self


class Notify(Slice):
    """Who is told of what goes wrong on air, and from which level on."""

    email: EmailNotify | None = None
    webhook: WebhookNotify | None = None
    from_level: Literal["notice", "warning", "alarm"] = "alarm"


class Settings(Slice):
    """All of config.yaml, checked; every relative path is made absolute by the loader."""

    station: Station
    folders: Folders = Folders()
    database: SecretStr | None = None
    obs: Obs = Obs()
    sources: dict[str, Source | None] = {}
    hub: Hub = Hub()
    destinations: dict[str, Destination] = {}
    captions: Captions = Captions()
    archive: Archive = Archive()
    console: Console = Console()
    agenda: Agenda = Agenda()
    notify: Notify = Notify()
