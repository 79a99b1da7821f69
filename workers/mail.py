"""Sending e-mail by SMTP."""

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from orchestrator.database.models import Mail
from orchestrator.database.notices import (
    find_mail,
    note_failed,
    note_sent,
    unsent,
)
from orchestrator.jobs import SEND_MAIL, Jobs

DAY_US = 24 * 3600 * 1_000_000

#: Seconds that a mail server may take for each step.
TIMEOUT_S = 20.0

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


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

    def send(self, mail: Mail) -> None:
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

    def _message(self, mail: Mail) -> EmailMessage:
        """The same message has the same id at each try, so that one sent twice is shown once."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.recipient, mail.subject
        message["Date"] = formatdate(mail.created / 1e6)
        name = hashlib.sha256(f"{mail.tenant}\n{mail.key}\n{mail.recipient}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def post_letter(postman: Postman, id_: int, now: int) -> None:
    """Send a message unless that is done; what goes wrong is noted and raised, for another try."""
    mail = find_mail(id_)
    if mail is None or mail.sent is not None:
        return
    try:
        postman.send(mail)
    except (smtplib.SMTPException, OSError) as error:
        note_failed(mail, repr(error))
        raise
    note_sent(mail, now)


def send_later(jobs: Jobs, now: int) -> None:
    """Enqueue what no server has taken yet, each once as long as its job is there; a day later it is no news."""
    for tenant, id_ in unsent(now - DAY_US):
        jobs.add(SEND_MAIL, tenant, id_, job_id=f"mail_{id_}")
