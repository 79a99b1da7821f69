"""A mail server that keeps what it gets, for tests: plain, with STARTTLS, or TLS from the first byte."""

import ssl
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class Box:
    """Takes messages; refuses as many as told first."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = 0

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.messages.append(message_from_bytes(bytes(envelope.content or b""), policy=policy.default))
        return "250 taken"


def known_only(_: object, __: object, ___: object, mechanism: str, data: object) -> AuthResult:  # noqa: ARG001
    """Let `zuoxi` in with the password `pass/word`."""
    fits = isinstance(data, LoginPassword) and (data.login, data.password) == (b"zuoxi", b"pass/word")
    return AuthResult(success=fits, handled=fits)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for localhost; returns what a server presents, and the file that trusts it."""
    key, made = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, *names, "-keyout", key, "-out", made], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, made
