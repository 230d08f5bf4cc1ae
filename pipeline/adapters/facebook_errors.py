"""What the Graph API's error envelope means for us: one table from its codes to ours.

`code`, `error_subcode` and the texts come from the envelope, the HTTP status and the usage headers from the
session, for facebook-sdk's own exception carries only a part of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import requests

from pipeline.adapters.facebook_session import LastReply
from pipeline.adapters.redact import Redactor
from pipeline.errors import Fatal, PipelineError, Refused, Temporary


class Asking(StrEnum):
    """What a request was about: the same far-end code means different things to a person."""

    PAGE = "page"
    LIVE = "live"
    CAPTIONS = "captions"


READ, WRITE = "pages_read_engagement", "pages_manage_posts"
DEFAULT_RETRY_S = 300  # when the far end limits us and does not say for how long

_NEEDS_OWNER = {458, 459, 464, 492}  # app removed, checkpoint, unconfirmed, no role on the Page any more
_RATE = {4, 17, 32, 341, 368, 613, 80001}
_TEMPORARY = {1, 2}
_CAPTIONS: dict[int, tuple[type[PipelineError], str]] = {
    385: (Fatal, "facebook.captions-format"),
    386: (Fatal, "facebook.captions-file-name"),
    387: (Temporary, "facebook.captions-upload-failed"),
    482: (Temporary, "facebook.captions-locale-there"),
}
_DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Envelope:
    """The far end's `error` object, with secrets taken out of its text."""

    code: int
    subcode: int
    message: str
    transient: bool

    @classmethod
    def read(cls, result: object, redactor: Redactor) -> "Envelope | None":
        """None where `result` is no error envelope."""
        error = result.get("error") if isinstance(result, Mapping) else None
        if not isinstance(error, Mapping):
            return None
        words = [str(error[key]) for key in ("message", "error_user_msg") if error.get(key)]
        return cls(
            code=_number(error.get("code")),
            subcode=_number(error.get("error_subcode")),
            message=redactor.text(" ".join(words))[:_DETAIL_LENGTH],
            transient=error.get("is_transient") is True,
        )


def from_envelope(envelope: Envelope, reply: LastReply, asking: Asking, *, writing: bool) -> PipelineError:
    """The error to raise for one answer of the far end."""
    code, subcode = envelope.code, envelope.subcode
    if code in (190, 102):
        name = "facebook.token-needs-owner" if subcode in _NEEDS_OWNER else "facebook.token-expired"
        return Fatal(name, subcode=subcode)
    if subcode == 1363120:
        return Fatal("facebook.page-too-young")
    if subcode == 1363144:
        return Fatal("facebook.too-few-followers")
    if code in _RATE:
        return Temporary("facebook.rate-limited", retry_after=reply.retry_after_s() or DEFAULT_RETRY_S)
    if code in _TEMPORARY or envelope.transient or (reply.status or 0) >= 500:
        return Temporary("facebook.temporary", number=code, detail=envelope.message)
    if code in _CAPTIONS:
        kind, name = _CAPTIONS[code]
        return kind(name, detail=envelope.message)
    if code == 10 or 200 <= code <= 299:
        named = re.search(r"\bpages_[a-z_]+", envelope.message)
        return Fatal("facebook.permission-missing", permission=named[0] if named else WRITE if writing else READ)
    if code == 803 or (code == 100 and subcode == 33):
        gone = {
            Asking.PAGE: "facebook.page-unknown",
            Asking.LIVE: "facebook.live-gone",
            Asking.CAPTIONS: "facebook.video-gone",
        }
        return Fatal(gone[asking])
    if code == 506:
        return Refused("facebook.duplicate")
    # 100 is a defect of ours; so is every number that the table does not know.
    name = "facebook.bad-parameter" if code == 100 else "facebook.unknown-error"
    return Fatal(name, number=code, subcode=subcode, detail=envelope.message)


def from_transport(error: requests.RequestException) -> PipelineError:
    """The error for a request that got no answer. The text of `error` is not used: it holds the address."""
    if isinstance(error, requests.exceptions.SSLError):
        return Fatal("facebook.tls-untrusted") if "CERTIFICATE" in str(error).upper() else _unreachable("tls")
    if isinstance(error, requests.exceptions.ProxyError):
        return _unreachable("proxy")
    if isinstance(error, requests.exceptions.Timeout):
        return _unreachable("timeout")
    if isinstance(error, requests.exceptions.ConnectionError):
        resolving = re.search(r"NameResolution|getaddrinfo|Name or service", str(error))
        return _unreachable("name" if resolving else "connection")
    return Temporary("facebook.temporary", number=0, detail=type(error).__name__)


def _unreachable(reason: str) -> PipelineError:
    return Temporary("facebook.unreachable", reason=reason)


def not_json(reply: LastReply) -> PipelineError:
    """The error for an answer that is no JSON: gateways of the far end answer in HTML."""
    return Temporary("facebook.temporary", number=reply.status or 0, detail="not JSON")


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
