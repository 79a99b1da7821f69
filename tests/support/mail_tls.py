"""What a mail server needs for TLS in tests: a certificate, and a password."""

import ssl
import subprocess
from pathlib import Path

from aiosmtpd.smtp import AuthResult, LoginPassword


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
