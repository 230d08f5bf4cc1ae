"""A Facebook Page through facebook-sdk: makes a live video, reads it, ends it, and puts captions under it.

Each call is one attempt that raises; trying again is the caller's. No token and no stream key leaves this
module except as `LiveVideo.key`. The only file that imports the untyped `facebook`.
"""

import json
import logging
import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from pipeline.adapters import facebook_answers as answers
from pipeline.adapters import facebook_errors as errors
from pipeline.adapters.facebook_errors import Asking
from pipeline.adapters.facebook_session import LOOPBACK, PageSession
from pipeline.adapters.redact import Redactor
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.model.config import FacebookDestination
from pipeline.model.platform_live import LiveState, LiveVideo
from pipeline.store.files import plain_name

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the SDK's regular expressions hold escapes that Python calls invalid
    import facebook

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 20.0)  # to connect, and between two pieces of an answer
MAX_AHEAD = timedelta(days=7)
MAX_CAPTIONS_BYTES = 200_000
MIN_FOLLOWERS = 100
ENDED = frozenset({"LIVE_STOPPED", "PROCESSING", "VOD"})

Params = Mapping[str, object]


def event_params(start: datetime) -> dict[str, int]:
    """When a scheduled live video begins. *Inferred*: Meta's guide shows a bare number, its reference an object."""
    return {"start_time": int(start.timestamp())}


class FacebookPage:
    """The platform port for Facebook, by Page token. Safe to call from several threads.

    Every call may raise `Temporary` (network, far end's own trouble, rate limit) or `Fatal` (token, permission,
    eligibility, a defect of ours). `timeout_s` is (connect, between two pieces of the answer).
    """

    def __init__(
        self,
        destination: FacebookDestination,
        *,
        clock: Clock = SYSTEM,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        if destination.token is None or destination.page_id is None:
            raise Refused("facebook.no-token")
        address = urlsplit(destination.graph_url)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise Refused("facebook.address-not-private", host=address.hostname or "")
        if destination.tls_ca is not None and not destination.tls_ca.is_file():
            raise Refused("facebook.tls-ca-missing", file=str(destination.tls_ca))
        token = destination.token.get_secret_value()
        self._page = destination.page_id
        self._backup = destination.backup_ingest
        self._token_ends = destination.token_ends
        self._clock = clock
        self._redactor = Redactor([token])
        self._session = PageSession(
            base=destination.graph_url,
            sdk_base=facebook.FACEBOOK_GRAPH_URL,
            token=token,
            tls_ca=destination.tls_ca,
        )
        # Without a token the SDK cannot put one into a URL: the session adds the header.
        self._graph = facebook.GraphAPI(access_token=None, timeout=timeout_s, session=self._session)
        self._graph.version = destination.api_version  # the constructor knows only versions of 2018

    def __repr__(self) -> str:
        return f"FacebookPage({self._page})"

    def check(self) -> None:
        """Whether the token is this Page's, alive, and the Page may be read and has enough followers."""
        me = self._get("me", Asking.PAGE, fields="id,name")
        if answers.text(me, "id") != self._page:
            raise Fatal("facebook.not-this-page", page=self._page)
        page = self._get(self._page, Asking.PAGE, fields="id,followers_count")
        followers = page.get("followers_count")
        if isinstance(followers, int) and followers < MIN_FOLLOWERS:
            raise Fatal("facebook.too-few-followers")
        self._get(f"{self._page}/live_videos", Asking.PAGE, fields="id", limit=1)

    def create(
        self, title: str, description: str, *, private: bool = False, scheduled: datetime | None = None
    ) -> LiveVideo:
        """Make a live video that waits for its stream: at once, unpublished (`private`), or announced.

        `scheduled` (aware) lies ahead by at most 7 days, else `Refused`. Not repeatable: when the answer was
        lost, a second call makes a second live video (the first, never streamed to, is shown to nobody).
        """
        params: dict[str, object] = {
            "title": title,
            "description": description,
            "status": self._status(private, scheduled),
        }
        if scheduled is not None:
            params["event_params"] = event_params(scheduled)
        if self._backup:
            params["enable_backup_ingest"] = True
        made = self._post(f"{self._page}/live_videos", Asking.LIVE, params)
        live_id = answers.text(made, "id")
        ingest, key = self._secret_address(answers.text(made, "secure_stream_url"))
        seconds = made.get("secure_stream_secondary_urls")
        backup = self._secret_address(str(seconds[0])) if isinstance(seconds, list) and seconds else (None, None)
        more = self._look(live_id)
        return LiveVideo(
            id=live_id,
            ingest=ingest,
            key=key,
            permalink=more.permalink if more else None,
            video_id=more.video_id if more else None,
            backup_ingest=backup[0],
            backup_key=backup[1],
        )

    def state(self, live_id: str) -> LiveState:
        """What the platform sees now; `facebook.live-gone` when it has no such live video any more."""
        return answers.live_state(self._get(_node(live_id), Asking.LIVE, fields=answers.STATE_FIELDS))

    def go_live(self, live_id: str) -> LiveState:
        """Show a private or scheduled live video to everybody, from now or from its first picture on."""
        self._post(_node(live_id), Asking.LIVE, {"status": "LIVE_NOW"})
        return self.state(live_id)

    def end(self, live_id: str) -> LiveState:
        """End the live video; repeatable: one that has already ended is only read."""
        try:
            self._post(_node(live_id), Asking.LIVE, {"end_live_video": True})
        except Fatal as error:
            if error.code != "facebook.bad-parameter":
                raise
            state = self.state(live_id)
            if state.status not in ENDED:
                raise
            return state
        return self.state(live_id)

    def troubles(self, live_id: str) -> list[str]:
        """What the platform holds against the live video, in its own words (`COPYRIGHT__…`), oldest first."""
        found = self._get(f"{_node(live_id)}/errors", Asking.LIVE, fields=answers.TROUBLE_FIELDS)
        return [self._redactor.text(trouble) for trouble in answers.troubles(found)]

    def token_ends(self) -> datetime | None:
        """When the token ends, as the settings say: asking the far end would put the token into an address."""
        day = self._token_ends
        return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)

    def captions(self, video_id: str) -> list[str]:
        """The locales that the finished video has captions in."""
        found = self._get(f"{_node(video_id)}/captions", Asking.CAPTIONS, fields="locale")
        return answers.locales(found)

    def upload_captions(self, video_id: str, srt: Path, locale: str = "pl_PL") -> None:
        """Put `srt` under the finished video as its captions in `locale`, replacing what is there.

        Repeatable: the far end is asked first, and afterwards, so that success means that they are there.
        """
        if not re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", locale):
            raise Refused("facebook.captions-locale", locale=locale)
        body = srt.read_bytes()
        if not body.strip():
            raise Refused("facebook.captions-empty", file=srt.name)
        if len(body) > MAX_CAPTIONS_BYTES:
            raise Fatal("facebook.captions-too-large", file=srt.name, size=len(body), limit=MAX_CAPTIONS_BYTES)
        edge = f"{_node(video_id)}/captions"
        if locale in self.captions(video_id):
            self._post(edge, Asking.CAPTIONS, {"locales_to_delete": [locale]})
        name = f"{plain_name(srt.name.split('.')[0])}.{locale}.srt"
        answer = self._post(
            edge, Asking.CAPTIONS, {"default_locale": locale}, files={"captions_file": (name, body)}
        )
        if answer.get("success") is not True or locale not in self.captions(video_id):
            raise Temporary("facebook.captions-upload-failed", detail="")

    def _status(self, private: bool, scheduled: datetime | None) -> str:
        if scheduled is None:
            return "UNPUBLISHED" if private else "LIVE_NOW"
        if scheduled.tzinfo is None:
            raise ValueError("scheduled: no time zone")
        now = self._clock.utc()
        if scheduled <= now:
            raise Refused("facebook.schedule-past", start=scheduled.astimezone(UTC).isoformat())
        if scheduled - now > MAX_AHEAD:
            raise Refused("facebook.schedule-too-far", days=MAX_AHEAD.days)
        return "SCHEDULED_UNPUBLISHED" if private else "SCHEDULED_LIVE"

    def _secret_address(self, url: str) -> tuple[str, SecretStr]:
        ingest, key = answers.split_ingest(url)
        self._redactor.add(key.get_secret_value())
        return ingest, key

    def _look(self, live_id: str) -> LiveState | None:
        """Permalink and video of a live video just made; its failure must not lose the live video."""
        try:
            return self.state(live_id)
        except PipelineError as error:
            log.warning("live video made, its permalink not read yet: %s", error)
            return None

    def _get(self, path: str, asking: Asking, **params: object) -> Mapping[str, object]:
        return self._ask(path, asking, args=_plain(params))

    def _post(
        self, path: str, asking: Asking, params: Params, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Mapping[str, object]:
        return self._ask(path, asking, post_args=_plain(params), files=files)

    def _ask(self, path: str, asking: Asking, **request: object) -> Mapping[str, object]:
        """One request. Ours is raised outside the handler: the SDK's error, chained, would carry the header."""
        failure: PipelineError
        try:
            result = self._graph.request(f"{self._graph.version}/{path}", **request)
            if (self._session.last.status or 0) < 400:
                return answers.as_object(result)
            failure = errors.not_json(self._session.last)
        except facebook.GraphAPIError as error:
            envelope = errors.Envelope.read(error.result, self._redactor)
            last = self._session.last
            failure = (
                errors.not_json(last)
                if envelope is None
                else errors.from_envelope(envelope, last, asking, writing="post_args" in request)
            )
        except requests.exceptions.JSONDecodeError:
            failure = errors.not_json(self._session.last)
        except requests.RequestException as error:
            failure = errors.from_transport(error)
        log.info("facebook: %s: %s", asking, failure.code)
        raise failure


def _node(identifier: str) -> str:
    """An id as a piece of a path; anything else is refused before it could become another path."""
    if not re.fullmatch(r"[0-9]+(_[0-9]+)?", identifier):
        raise Refused("facebook.not-an-id", id=identifier[:40])
    return identifier


def _plain(params: Params) -> dict[str, str]:
    """Parameters as the far end reads them: JSON for all but text (the SDK corrupts a dictionary)."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in params.items()
    }
