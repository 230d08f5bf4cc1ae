"""E-mail and webhook against strict far ends: verified TLS, a signature, no secret in any error."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.adapters.notify.mail import MailNotifier
from pipeline.adapters.notify.webhook import SIGNATURE, TIMESTAMP, WebhookNotifier, signature
from pipeline.errors import Fatal, PipelineError, Temporary
from pipeline.model.config import EmailNotify, WebhookNotify
from pipeline.model.notice import Notice
from pipeline.standins.certificates import Certificates, make_certificates
from pipeline.standins.hook import Hook
from pipeline.standins.mailbox import Mailbox

PASSWORD = "haslo-ktorego-nikt-nie-widzi"
BLACK = Notice(
    datetime(2026, 11, 27, 17, 0, tzinfo=UTC), "Dom Kultury w Żółwinie", "Koncert\nBcc: x@y.z",
    "watch.picture-black", "alarm", "begins", "Obraz jest czarny od 5 s.", {"seconds": 5},
)  # fmt: skip


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mailbox(certificates: Certificates) -> Iterator[Mailbox]:
    with Mailbox(certificates, "stacja", PASSWORD) as box:
        yield box


@pytest.fixture
def hook(certificates: Certificates) -> Iterator[Hook]:
    with Hook(certificates) as one:
        yield one


def mail(box: Mailbox, ca: Path | None, password: str = PASSWORD) -> MailNotifier:
    settings = EmailNotify.model_validate(
        {
            "host": "localhost",
            "port": box.port,
            "user": "stacja",
            "password": password,
            "from": "stacja@dom.test",
            "to": ["technik@dom.test", "dyrekcja@dom.test"],
            "tls_ca": ca,
        }
    )
    return MailNotifier(settings, timeout_s=20)


def failed(notifier: MailNotifier | WebhookNotifier) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        notifier.send([BLACK])
    assert PASSWORD not in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


def test_one_message_about_all_without_injection(mailbox: Mailbox, certificates: Certificates) -> None:
    mail(mailbox, certificates.ca).send([BLACK, BLACK])
    [message] = mailbox.messages
    assert message["To"] == "technik@dom.test, dyrekcja@dom.test"
    assert message["Bcc"] is None
    assert str(message["Subject"]).endswith("Obraz jest czarny od 5 s.")
    assert "Dom Kultury w Żółwinie" in str(message["From"])
    assert message.get_content().count("Obraz jest czarny") == 2
    assert not mailbox.faults


def test_a_server_that_is_not_trusted_gets_no_password(mailbox: Mailbox) -> None:
    error = failed(mail(mailbox, None))
    assert (type(error), error.code) == (Fatal, "notify.mail-certificate")
    assert not mailbox.messages


def test_a_server_without_tls_gets_no_password(certificates: Certificates) -> None:
    with Mailbox(certificates, "stacja", PASSWORD, tls=False) as open_box:
        assert failed(mail(open_box, certificates.ca)).code == "notify.mail-no-tls"
        assert not open_box.messages


def test_a_wrong_login_and_a_busy_server_are_told_apart(mailbox: Mailbox, certificates: Certificates) -> None:
    assert failed(mail(mailbox, certificates.ca, "inne-haslo")).code == "notify.mail-login"
    mailbox.busy = True
    busy = failed(mail(mailbox, certificates.ca))
    assert (type(busy), busy.code) == (Temporary, "notify.mail-refused")


def webhook(hook: Hook, ca: Path | None) -> WebhookNotifier:
    return WebhookNotifier(WebhookNotify(url=SecretStr(hook.url), secret=SecretStr(PASSWORD), tls_ca=ca))


def test_a_webhook_gets_signed_json(hook: Hook, certificates: Certificates) -> None:
    webhook(hook, certificates.ca).send([BLACK])
    [(headers, body)] = hook.calls
    assert headers[SIGNATURE.lower()] == "sha256=" + signature(PASSWORD, headers[TIMESTAMP.lower()], body)
    [notice] = hook.bodies()[0]["notices"]
    assert (notice["code"], notice["state"], notice["fields"]) == ("watch.picture-black", "begins", {"seconds": 5})
    assert PASSWORD.encode() not in body


@pytest.mark.parametrize(("answer", "kind"), [(500, Temporary), (429, Temporary), (404, Fatal), (302, Fatal)])
def test_what_a_webhook_answers_decides(
    hook: Hook, certificates: Certificates, answer: int, kind: type[PipelineError]
) -> None:
    hook.answer = answer
    error = failed(webhook(hook, certificates.ca))
    assert (type(error), error.fields["status"]) == (kind, answer)
    assert len(hook.calls) == 1


def test_a_webhook_that_is_not_trusted_or_not_there(hook: Hook) -> None:
    assert failed(webhook(hook, None)).code == "notify.hook-certificate"
    gone = WebhookNotifier(WebhookNotify(url=SecretStr("http://127.0.0.1:9/geheim")))
    assert failed(gone).code == "notify.hook-failed"


@pytest.mark.parametrize("raw", [{"url": "http://dom.test/x"}, {"url": "ftp://127.0.0.1/x"}])
def test_an_open_address_is_no_webhook(raw: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="https"):
        WebhookNotify.model_validate(raw)
