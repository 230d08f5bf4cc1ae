"""The token and the stream key stay where they belong, on every path that fails."""

import itertools
import json
import logging
import pickle
import traceback
from pathlib import Path

import facebook
import pytest

from pipeline.adapters.facebook import FacebookPage
from pipeline.adapters.redact import HIDDEN, Redactor
from pipeline.errors import PipelineError
from pipeline.model.config import FacebookDestination
from pipeline.standins.certificates import Certificates
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_faults import ENVELOPES, WIRE
from pipeline.standins.graph_live import Live
from pipeline.standins.graph_world import World


def everything_about(error: BaseException) -> str:
    """What logs, reports and pickles could hold of an error, its context and locals of no frame included."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    if isinstance(error, PipelineError):
        shown += json.dumps(error.fields, default=repr) + repr(pickle.dumps(error))
    chained = error.__cause__ or error.__context__
    return shown + (everything_about(chained) + repr(vars(chained)) if chained is not None else "")


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_secret_on_any_path(
    page: FacebookPage,
    graph: GraphStandIn,
    world: World,
    finished: Live,
    srt: Path,
    heard: pytest.LogCaptureFixture,
    destination: FacebookDestination,
) -> None:
    made = page.create("Koncert", "")
    shown = [repr(page), repr(made), repr(destination), repr(vars(page)), repr(page.state(made.id))]
    acts = (
        ("GET", lambda: page.check()),
        ("GET", lambda: page.state(made.id)),
        ("POST", lambda: page.create("x", "")),
        ("POST", lambda: page.end(made.id)),
        ("POST", lambda: page.upload_captions(finished.video_id, srt)),
    )
    faults = sorted((ENVELOPES.keys() | WIRE) - {"hang"})
    pairs = list(zip(faults, itertools.cycle(acts), strict=False))
    pairs += [(fault, act) for fault in ("token-malformed", "cut") for act in acts]
    for fault, (method, act) in pairs:
        graph.fail_next("*", fault, method=method)
        with pytest.raises(PipelineError) as caught:
            act()
        shown.append(everything_about(caught.value))
    shown += [repr(record.__dict__) for record in heard.records]
    shown.append(json.dumps(graph.report()))
    everything = "\n".join(shown)
    assert "facebook.token-expired" in everything
    for secret in world.secrets():
        assert secret not in everything


def test_the_far_ends_own_text_is_redacted(page: FacebookPage, graph: GraphStandIn, world: World) -> None:
    malformed = ENVELOPES["token-malformed"]
    assert "{token}" in malformed.message
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            ENVELOPES, "unheard-of", type(malformed)(400, 987, "What is {token} supposed to be, {token}?")
        )
        graph.fail_next("*", "unheard-of")
        with pytest.raises(PipelineError) as caught:
            page.check()
    assert caught.value.fields["detail"] == f"What is {HIDDEN} supposed to be, {HIDDEN}?"


def test_the_token_never_travels_in_an_address(page: FacebookPage, graph: GraphStandIn) -> None:
    page.check()
    made = page.create("Koncert", "")
    page.end(made.id)
    assert graph.report()["faults"] == []


def test_the_stand_in_does_notice_a_token_in_an_address(
    graph: GraphStandIn, world: World, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = facebook.GraphAPI(access_token=world.token, timeout=3)
    sdk.version = "v26.0"
    sdk.session.trust_env = False
    sdk.session.verify = str(certificates.ca)
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", f"{graph.url}/")
    sdk.get_object("me")
    assert graph.report()["faults"] == ["token in the address"]
    assert world.token not in json.dumps(graph.report())


def test_the_redactor_knows_encoded_forms_and_leaves_words() -> None:
    redactor = Redactor(["ab/cd ef+gh", "tok"])
    assert redactor.text("x ab/cd ef+gh ab%2Fcd%20ef%2Bgh ab%2Fcd+ef%2Bgh token") == (
        f"x {HIDDEN} {HIDDEN} {HIDDEN} token"
    )
    assert "ab/cd" not in repr(redactor)
