"""A real mail server that keeps what it is brought, or refuses it as told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.support.redis_server import free_port


class MailServer:
    """Takes messages; refuses as many as told first."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = 0
        self.url = ""

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.messages.append(message_from_bytes(bytes(envelope.content or b""), policy=policy.default))
        return "250 taken"


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A running server; `url` is for the settings."""
    box = MailServer()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.url = f"smtp://127.0.0.1:{server.port}"
    yield box
    server.stop()
