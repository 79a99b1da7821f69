"""Sending e-mail by SMTP."""

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from rq.timeouts import JobTimeoutException

#: Seconds that a mail server may take for each step.
TIMEOUT_S = 20.0

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one address; one of the same `name` is the same message. `at` is us UTC."""

    name: str
    recipient: str
    subject: str
    text: str
    html: str
    at: int
    attachment: Attachment | None = None


class Postman:
    """Brings messages to a mail server."""

    def __init__(self, url: str, sender: str) -> None:
        """`url` is `smtp+starttls://USER:PASSWORD@HOST:PORT`, `smtps://...` or, without TLS, `smtp://...`.

        Raises ValueError for another one, or without a sender.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
            raise ValueError("ZUOXI_SMTP_URL or ZUOXI_MAIL_FROM make no sense: see docs/operations.md")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def send(self, mail: Message) -> None:
        """Hand a message over; raises smtplib.SMTPException or OSError when the server didn't take it."""
        with self._connect() as server:
            if self._scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            server.send_message(self._message(mail))

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)

    def _message(self, mail: Message) -> EmailMessage:
        """The same message has the same id at each try, so that one sent twice is shown once."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.recipient, mail.subject
        message["Date"] = formatdate(mail.at / 1e6)
        name = hashlib.sha256(f"{mail.name}\n{mail.recipient}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        if mail.attachment:
            main, _, sub = mail.attachment.type.partition("/")
            message.add_attachment(mail.attachment.content, main, sub, filename=mail.attachment.name)
        return message


def failure_of(error: BaseException) -> str:
    """Return an id for why a server didn't take a message.

    One of login, tls, recipient, sender, refused, timeout, connection.
    """
    match error:
        case smtplib.SMTPAuthenticationError():
            return "login"
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return "tls"
        case smtplib.SMTPRecipientsRefused():
            return "recipient"
        case smtplib.SMTPSenderRefused():
            return "sender"
        case smtplib.SMTPResponseException():
            return "refused"
        case TimeoutError() | JobTimeoutException():
            return "timeout"
        case smtplib.SMTPServerDisconnected() if "timed out" in str(error):
            return "timeout"  # what smtplib makes of a server that connects and says nothing
        case _:
            return "connection"
