"""Every answer that the far end may give on failure, and what it becomes."""

import pytest

from pipeline.adapters.facebook import FacebookPage
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_faults import ENVELOPES, WIRE
from pipeline.standins.graph_world import World

EXPECTED: dict[str, tuple[type[PipelineError], str]] = {
    "token-malformed": (Fatal, "facebook.token-expired"),
    "token-app-removed": (Fatal, "facebook.token-needs-owner"),
    "token-checkpoint": (Fatal, "facebook.token-needs-owner"),
    "token-password-changed": (Fatal, "facebook.token-expired"),
    "token-expired": (Fatal, "facebook.token-expired"),
    "token-unconfirmed": (Fatal, "facebook.token-needs-owner"),
    "token-invalid": (Fatal, "facebook.token-expired"),
    "token-no-role": (Fatal, "facebook.token-needs-owner"),
    "unknown": (Temporary, "facebook.temporary"),
    "service": (Temporary, "facebook.temporary"),
    "app-limit": (Temporary, "facebook.rate-limited"),
    "user-limit": (Temporary, "facebook.rate-limited"),
    "action-limit": (Temporary, "facebook.rate-limited"),
    "blocked": (Temporary, "facebook.rate-limited"),
    "page-limit": (Temporary, "facebook.rate-limited"),
    "permission-write": (Fatal, "facebook.permission-missing"),
    "permission-read": (Fatal, "facebook.permission-missing"),
    "too-young": (Fatal, "facebook.page-too-young"),
    "too-few-followers": (Fatal, "facebook.too-few-followers"),
    "bad-parameter": (Fatal, "facebook.bad-parameter"),
    "gone": (Fatal, "facebook.live-gone"),
    "duplicate": (Refused, "facebook.duplicate"),
    "captions-format": (Fatal, "facebook.captions-format"),
    "captions-file-name": (Fatal, "facebook.captions-file-name"),
    "captions-upload": (Temporary, "facebook.captions-upload-failed"),
    "captions-locale": (Temporary, "facebook.captions-locale-there"),
    "unheard-of": (Fatal, "facebook.unknown-error"),
    "html-502": (Temporary, "facebook.temporary"),
    "bad-json": (Temporary, "facebook.temporary"),
    "no-type": (Temporary, "facebook.temporary"),
    "redirect": (Temporary, "facebook.temporary"),
    "empty-500": (Temporary, "facebook.temporary"),
    "cut": (Temporary, "facebook.temporary"),
    "hang": (Temporary, "facebook.unreachable"),
}


def failure(page: FacebookPage, graph: GraphStandIn, fault: str) -> PipelineError:
    graph.fail_next("*/live_videos", fault, method="POST")
    with pytest.raises(PipelineError) as caught:
        page.create("Koncert", "")
    return caught.value


def test_no_fault_is_forgotten() -> None:
    assert set(EXPECTED) == set(ENVELOPES) | WIRE


@pytest.mark.parametrize("fault", sorted(EXPECTED))
def test_each_fault_has_its_error(
    page: FacebookPage, graph: GraphStandIn, world: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "hang":
        monkeypatch.setattr(page._graph, "timeout", (1.0, 0.3))
    error = failure(page, graph, fault)
    kind, code = EXPECTED[fault]
    assert (type(error), error.code) == (kind, code)
    assert error.__context__ is None, "the SDK's own error would carry the request and its header"
    assert not world.lives, "one attempt, nothing made"
    requests = graph.report()["requests"]
    assert isinstance(requests, list)
    assert len(requests) == 1, "retry is the supervisor's"


def test_fields_say_what_a_person_needs(page: FacebookPage, graph: GraphStandIn) -> None:
    def fields(fault: str) -> dict[str, object]:
        return failure(page, graph, fault).fields

    assert fields("permission-write") == {"permission": "pages_manage_posts"}
    assert fields("permission-read") == {"permission": "pages_read_engagement"}
    assert fields("user-limit") == {"retry_after": 30}
    assert fields("page-limit") == {"retry_after": 7 * 60}
    assert fields("app-limit") == {"retry_after": 300}
    assert fields("html-502")["number"] == 502
    assert fields("unheard-of")["number"] == 987654


def test_rights_that_the_token_lacks(page: FacebookPage, world: World) -> None:
    world.permissions = {"pages_read_engagement"}
    with pytest.raises(Fatal) as writing:
        page.create("Koncert", "")
    assert writing.value.fields == {"permission": "pages_manage_posts"}
    world.permissions = {"pages_manage_posts"}
    with pytest.raises(Fatal) as reading:
        page.check()
    assert reading.value.fields == {"permission": "pages_read_engagement"}
