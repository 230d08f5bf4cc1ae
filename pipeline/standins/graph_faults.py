"""The Graph API's errors, as the stand-in answers them: one table of named faults, and the envelope."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Envelope:
    """One error answer: HTTP status, codes, text, and extra headers."""

    status: int
    code: int
    message: str
    subcode: int = 0
    kind: str = "OAuthException"
    transient: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        error: dict[str, object] = {
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": "AStandInTrace",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        return {"error": error}


class GraphFault(Exception):
    """Raised inside the stand-in: the request gets this envelope."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        super().__init__(envelope.message)


def bad_parameter(message: str) -> GraphFault:
    return GraphFault(Envelope(400, 100, f"(#100) {message}"))


def unknown_object(identifier: str) -> GraphFault:
    text = (
        f"Unsupported get request. Object with ID '{identifier}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return GraphFault(Envelope(400, 100, text, subcode=33, kind="GraphMethodException"))


def missing_permission(permission: str, *, writing: bool) -> GraphFault:
    if writing:
        text = f"(#200) Subject does not have permission to post live videos: {permission} is required"
        return GraphFault(Envelope(403, 200, text))
    return GraphFault(Envelope(403, 10, f"(#10) This endpoint requires the '{permission}' permission"))


def _token(subcode: int, text: str) -> Envelope:
    return Envelope(401, 190, f"Error validating access token: {text}", subcode=subcode)


def _limit(code: int, text: str, **headers: str) -> Envelope:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Envelope(400, code, f"(#{code}) {text}", headers=named)


_USAGE = '{"1000": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 7}]}'

# What `GraphStandIn.fail_next` takes by name. `{token}` in a text becomes the caller's own token:
# the far end is known to quote a malformed one.
ENVELOPES: dict[str, Envelope] = {
    "token-malformed": Envelope(401, 190, "Malformed access token {token}"),
    "token-app-removed": _token(458, "The user has not authorized the application."),
    "token-checkpoint": _token(459, "You cannot access the app till you log in and follow the instructions."),
    "token-password-changed": _token(460, "The session has been invalidated: the password was changed."),
    "token-expired": _token(463, "Session has expired."),
    "token-unconfirmed": _token(464, "Sessions for the user are not allowed: not a confirmed user."),
    "token-invalid": _token(467, "The session is invalid because the user logged out."),
    "token-no-role": _token(492, "The user must be an administrator, editor, or moderator of the page."),
    "unknown": Envelope(500, 1, "An unknown error occurred", transient=True),
    "service": Envelope(503, 2, "Service temporarily unavailable", transient=True),
    "app-limit": _limit(4, "Application request limit reached"),
    "user-limit": _limit(17, "User request limit reached", retry_after="30"),
    "action-limit": _limit(341, "Application limit reached"),
    "blocked": _limit(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    "page-limit": _limit(80001, "There have been too many calls", x_business_use_case_usage=_USAGE),
    "permission-write": missing_permission("pages_manage_posts", writing=True).envelope,
    "permission-read": missing_permission("pages_read_engagement", writing=False).envelope,
    "too-young": Envelope(403, 200, "(#200) Account is too young to go live", subcode=1363120),
    "too-few-followers": Envelope(403, 200, "(#200) Too few followers to go live", subcode=1363144),
    "bad-parameter": bad_parameter("Invalid parameter").envelope,
    "gone": unknown_object("0").envelope,
    "duplicate": Envelope(400, 506, "(#506) Duplicate status message"),
    "captions-format": Envelope(400, 385, "(#385) The captions file has a wrong format"),
    "captions-file-name": Envelope(400, 386, "(#386) The captions file name is wrong"),
    "captions-upload": Envelope(400, 387, "(#387) Failed to upload the captions file"),
    "captions-locale": Envelope(400, 482, "(#482) The locale has captions already"),
    "unheard-of": Envelope(400, 987654, "(#987654) Something nobody has documented"),
}

# Faults that are no envelope: what gateways and broken networks do.
WIRE: frozenset[str] = frozenset({"html-502", "bad-json", "no-type", "redirect", "hang", "cut", "empty-500"})


def named(fault: str) -> GraphFault:
    return GraphFault(ENVELOPES[fault])
