"""Notices as JSON to an address of the station's choice, signed so that its owner knows who sent them."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from pipeline.clock import SYSTEM, Clock, utc_text
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.model.config import LOOPBACK, WebhookNotify
from pipeline.model.notice import Notice

TIMEOUT_S = (5.0, 10.0)
SIGNATURE, TIMESTAMP = "X-Ekultura-Signature", "X-Ekultura-Timestamp"


class WebhookNotifier:
    """POSTs to an https address (plain http to this machine alone); `send` is one attempt, redirects are refused.

    Temporary: no network, 429, 5xx. Fatal: certificate, any other answer than 2xx. The address may hold a secret:
    errors name its host alone.
    """

    name = "webhook"

    def __init__(self, settings: WebhookNotify, clock: Clock = SYSTEM) -> None:
        self._url, self._secret = settings.url.get_secret_value(), settings.secret
        self._ca, self._clock = settings.tls_ca, clock
        address = urlsplit(self._url)
        self._host = address.hostname or ""
        if address.scheme != "https" and not (address.scheme == "http" and self._host in LOOPBACK):
            raise Refused("notify.hook-not-private", host=self._host)

    def send(self, notices: Sequence[Notice]) -> None:
        """POST one object with all `notices`."""
        body = json.dumps({"version": 1, "notices": [plain(one) for one in notices]}, ensure_ascii=False).encode()
        failure: PipelineError
        try:
            with requests.Session() as session:
                session.trust_env = self._host not in LOOPBACK
                session.auth = _NoAuth()
                with session.post(
                    self._url,
                    data=body,
                    headers=self._headers(body),
                    timeout=TIMEOUT_S,
                    allow_redirects=False,
                    verify=True if self._ca is None else str(self._ca),
                    stream=True,  # what it answers is not read
                ) as answer:
                    status = answer.status_code
            if 200 <= status < 300:
                return
            kind = Temporary if status == 429 or status >= 500 else Fatal
            failure = kind("notify.hook-refused", host=self._host, status=status)
        except requests.exceptions.SSLError:
            failure = Fatal("notify.hook-certificate", host=self._host)
        except (requests.RequestException, OSError) as error:
            failure = Temporary("notify.hook-failed", host=self._host, why=type(error).__name__)
        raise failure  # outside the handler: the library's error holds the whole address

    def _headers(self, body: bytes) -> Mapping[str, str]:
        stamp = str(int(self._clock.utc().timestamp()))
        headers = {"Content-Type": "application/json; charset=utf-8", TIMESTAMP: stamp}
        if self._secret is not None:
            headers[SIGNATURE] = "sha256=" + signature(self._secret.get_secret_value(), stamp, body)
        return headers


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA-256 over the time stamp, a dot and the body: an old message cannot be sent again as a new one."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def plain(notice: Notice) -> dict[str, object]:
    """A notice as JSON values."""
    return {
        "utc": utc_text(notice.utc),
        "station": notice.station,
        "broadcast": notice.broadcast,
        "code": notice.code,
        "level": notice.level,
        "state": notice.state,
        "text": notice.text,
        "fields": {
            key: value if isinstance(value, int | float | str) else str(value)
            for key, value in notice.fields.items()
        },
    }


class _NoAuth(AuthBase):
    """Keeps `.netrc` out."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
