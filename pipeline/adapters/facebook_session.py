"""The HTTP session that facebook-sdk is given: own base address, token in a header, no redirects, last reply kept.

The SDK (3.1.0) puts a token that it knows into the URL and has its base address in a module global. So it gets
no token, and this session adds the header and swaps the address; other users of the module notice nothing.
That the Graph API takes `Authorization: Bearer` is documented by Meta for uploads and business messaging;
for Pages it is *inferred*.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class LastReply:
    """The HTTP status of this thread's last reply (None: none came) and its headers, lower case."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def retry_after_s(self) -> int | None:
        """How long the far end asks us to wait (seconds), or None where it does not say.

        Read from `Retry-After` and from `X-Business-Use-Case-Usage`, which counts in minutes.
        """
        plain = self.headers.get("retry-after", "")
        if plain.isdecimal():
            return int(plain)
        try:
            usage = json.loads(self.headers.get("x-business-use-case-usage", "{}"))
            minutes = [
                int(entry.get("estimated_time_to_regain_access", 0))
                for entries in usage.values()
                for entry in entries
            ]
        except (ValueError, AttributeError, TypeError):
            return None
        longest = max(minutes, default=0)
        return longest * _MINUTE_S if longest > 0 else None


class _Bearer(AuthBase):
    """Adds the token to requests for one host only. Being set, it also keeps `.netrc` out."""

    def __init__(self, token: str, host: str | None) -> None:
        self._token = token
        self._host = host

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if urlsplit(request.url or "").hostname == self._host:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class PageSession(requests.Session):
    """`sdk_base` is the address that the SDK writes before each path; `base` the one that is meant.

    `tls_ca` is a file of certificates to trust instead of the system's.
    """

    def __init__(self, *, base: str, sdk_base: str, token: str, tls_ca: Path | None) -> None:
        super().__init__()
        self._base = base.rstrip("/") + "/"
        self._sdk_base = sdk_base
        self._seen = threading.local()
        self._ca = str(tls_ca) if tls_ca is not None else None
        # A proxy that the environment names cannot reach this machine's own loopback.
        self.trust_env = urlsplit(base).hostname not in LOOPBACK
        self.auth = _Bearer(token, urlsplit(base).hostname)
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    @property
    def last(self) -> LastReply:
        reply = getattr(self._seen, "reply", None)
        return reply if isinstance(reply, LastReply) else LastReply()

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """One attempt; a redirect comes back as it is. Raises what requests raises."""
        self._seen.reply = LastReply()
        if isinstance(url, str) and url.startswith(self._sdk_base):
            url = self._base + url.removeprefix(self._sdk_base)
        kwargs["allow_redirects"] = False
        if self._ca is not None:
            kwargs["verify"] = self._ca  # as an argument: a setting of the session loses to the environment's
        response = super().request(method, url, *args, **kwargs)
        # The SDK reads this header without asking whether it is there.
        response.headers.setdefault("content-type", "application/octet-stream")
        headers = {name.lower(): value for name, value in response.headers.items()}
        self._seen.reply = LastReply(response.status_code, headers)
        return response
