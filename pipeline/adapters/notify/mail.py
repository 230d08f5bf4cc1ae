"""Notices by e-mail: one message for all that is to be told, over verified TLS."""

import logging
import smtplib
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.model.config import LOOPBACK, EmailNotify
from pipeline.model.notice import Notice

log = logging.getLogger(__name__)

TIMEOUT_S = 15.0
SUBJECT_LETTERS = 120


class MailNotifier:
    """Sends from the station's own mailbox. `send` is one attempt.

    Temporary: no network, the server is busy. Fatal: its certificate is not to be trusted, it offers no TLS, it
    refuses login, sender or recipients. Refused: without TLS only this machine's own server is spoken to.
    """

    name = "email"

    def __init__(self, settings: EmailNotify, *, timeout_s: float = TIMEOUT_S) -> None:
        if settings.security == "none" and settings.host not in LOOPBACK:
            raise Refused("notify.mail-not-private", host=settings.host)
        self._settings, self._timeout_s = settings, timeout_s

    def send(self, notices: Sequence[Notice]) -> None:
        """Send one message about all `notices`, the gravest in the subject."""
        message = written(notices, self._settings)
        failure: PipelineError
        try:
            with self._server() as server:
                if self._settings.user:
                    server.login(self._settings.user, self._settings.password.get_secret_value())
                server.send_message(message, self._settings.sender, list(self._settings.to))
                return
        except ssl.SSLCertVerificationError:
            failure = Fatal("notify.mail-certificate", host=self._settings.host)
        except smtplib.SMTPAuthenticationError:
            failure = Fatal("notify.mail-login", host=self._settings.host, user=self._settings.user)
        except smtplib.SMTPNotSupportedError:
            failure = Fatal("notify.mail-no-tls", host=self._settings.host)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPResponseException) as error:
            status = _status(error)
            kind = Temporary if 400 <= status < 500 else Fatal
            failure = kind("notify.mail-refused", host=self._settings.host, status=status)
        except (OSError, smtplib.SMTPException) as error:
            failure = Temporary("notify.mail-failed", host=self._settings.host, why=type(error).__name__)
        raise failure  # outside the handler: smtplib's error may quote what was sent

    def _server(self) -> smtplib.SMTP:
        one = self._settings
        if one.security == "tls":
            return smtplib.SMTP_SSL(one.host, one.port, timeout=self._timeout_s, context=self._context())
        server = smtplib.SMTP(one.host, one.port, timeout=self._timeout_s)
        if one.security == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._settings.tls_ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def written(notices: Sequence[Notice], settings: EmailNotify) -> EmailMessage:
    """The message itself: plain text, a paragraph a notice."""
    first = max(notices, key=lambda one: (one.state != "over", one.level == "alarm"))
    message = EmailMessage()
    message["From"] = Address(_line(first.station), addr_spec=settings.sender)
    message["To"] = ", ".join(settings.to)
    message["Subject"] = _line(f"[{first.broadcast}] {first.text}")[:SUBJECT_LETTERS]
    message["Date"] = format_datetime(notices[-1].utc)
    message["Message-ID"] = make_msgid(domain=settings.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    body = [f"{one.utc:%Y-%m-%d %H:%M:%S} UTC  {one.text}" for one in notices]
    message.set_content("\n\n".join([f"{first.station}: {first.broadcast}", *body]) + "\n")
    return message


def _line(text: str) -> str:
    """Text for a header: a title may hold anything, a header no line's end."""
    return " ".join(text.split())


def _status(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=550)
    return int(getattr(error, "smtp_code", 500))
