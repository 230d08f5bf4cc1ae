"""A mail server of this machine for tests: STARTTLS before anything else, login before mail, lines by the book."""

import base64
import socket
import ssl
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage

from pipeline.standins.certificates import Certificates

LINE = 1000  # RFC 5321, 4.5.3.1.6: with its end
CONVERSATION_S = 20.0


class Mailbox:
    """Enter it to listen on `port`. `messages` are those that were taken whole, `faults` what a client did wrong.

    `busy` answers the next MAIL with 451; `tls` False offers no STARTTLS.
    """

    def __init__(self, certificates: Certificates, user: str, password: str, *, tls: bool = True) -> None:
        self._context, self._tls = certificates.server_context(), tls
        self._login = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.messages: list[EmailMessage] = []
        self.faults: list[str] = []
        self.busy = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="mailbox", daemon=True)

    def __enter__(self) -> "Mailbox":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            caller.settimeout(CONVERSATION_S)
            try:
                _Conversation(self, caller).run(self._context, self._login, offer_tls=self._tls)
            except (OSError, ssl.SSLError, EOFError) as error:
                self.faults.append(type(error).__name__)
            finally:
                caller.close()


class _Conversation:
    def __init__(self, box: Mailbox, caller: socket.socket) -> None:
        self._box, self._caller, self._held = box, caller, b""

    def run(self, context: ssl.SSLContext, login: str, *, offer_tls: bool) -> None:
        secure = known = False
        sender, recipients = "", list[str]()
        self._say("220 mailbox.test ESMTP")
        while True:
            verb, _, rest = self._line().decode("ascii").partition(" ")
            match verb.upper():
                case "EHLO":
                    self._say(
                        "250-mailbox.test",
                        "250 AUTH PLAIN" if secure else "250 STARTTLS" if offer_tls else "250 OK",
                    )
                case "STARTTLS" if offer_tls and not secure:
                    self._say("220 go on")
                    self._caller = context.wrap_socket(self._caller, server_side=True)
                    secure, self._held = True, b""
                case "AUTH" if secure and rest.startswith("PLAIN "):
                    known = rest.removeprefix("PLAIN ") == login
                    self._say("235 welcome" if known else "535 wrong")
                case "MAIL" if known and self._box.busy:
                    self._box.busy = False
                    self._say("451 later")
                case "MAIL" if known:
                    sender = rest
                    self._say("250 OK")
                case "RCPT" if sender:
                    recipients.append(rest)
                    self._say("250 OK")
                case "DATA" if recipients:
                    self._say("354 go on")
                    self._box.messages.append(self._message())
                    self._say("250 taken")
                case "RSET" | "NOOP":
                    self._say("250 OK")
                case "QUIT":
                    self._say("221 goodbye")
                    return
                case _:
                    self._box.faults.append(verb)
                    self._say("503 not now")

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self._line()) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        parsed = message_from_bytes(b"\r\n".join(lines), policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def _line(self) -> bytes:
        """One line without its CRLF; a bare line feed or a line too long is a fault."""
        while b"\n" not in self._held:
            more = self._caller.recv(4096)
            if not more:
                raise EOFError
            self._held += more
        line, self._held = self._held.split(b"\n", 1)
        if not line.endswith(b"\r") or len(line) + 1 > LINE:
            self._box.faults.append("bad line")
        return line.removesuffix(b"\r")

    def _say(self, *lines: str) -> None:
        self._caller.sendall("".join(f"{line}\r\n" for line in lines).encode("ascii"))
