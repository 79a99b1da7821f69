"""SIP messages as text (RFC 3261) and digest answers (RFC 2617), as much as a test phone needs."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

MAGIC = "z9hG4bK"


@dataclass
class SipMessage:
    """A request or a response: first line, headers in order, body."""

    first: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def parse(cls, data: bytes) -> "SipMessage":
        """Read one datagram; folded header lines are joined."""
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(first, [(name.strip(), value.strip()) for name, _, value in pairs], body)

    def encode(self) -> bytes:
        """The datagram, with Content-Length."""
        body = self.body.encode()
        lines = [f"{name}: {value}" for name, value in [*self.headers, ("Content-Length", str(len(body)))]]
        return "\r\n".join([self.first, *lines, "", ""]).encode() + body

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str) -> str:
        """The first value of a header, empty if it is missing."""
        return next(iter(self.all(name)), "")

    @property
    def status(self) -> int:
        """Status code of a response, 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """The request's method; for a response the one it answers."""
        return self.get("CSeq").split()[-1] if self.status else self.first.split()[0]

    @property
    def branch(self) -> str:
        """Transaction id from the topmost Via."""
        found = re.search(r"branch=([^;,\s]+)", self.get("Via"))
        return found[1] if found else ""

    @property
    def contact(self) -> str:
        """The URI in Contact, without brackets."""
        found = re.search(r"<([^>]+)>", self.get("Contact"))
        return found[1] if found else self.get("Contact").partition(";")[0]

    def tag(self, header: str) -> str:
        """The tag parameter of From or To, empty if there is none."""
        found = re.search(r";tag=([^;\s]+)", self.get(header))
        return found[1] if found else ""

    def answer(self, code: int, phrase: str, extra: Iterable[tuple[str, str]] = (), body: str = "") -> "SipMessage":
        """A response to this request, without a To tag."""
        kept = [(name, value) for name, value in self.headers if name in ("Via", "From", "To", "Call-ID", "CSeq")]
        return SipMessage(f"SIP/2.0 {code} {phrase}", [*kept, *extra], body)


def new_branch() -> str:
    """A fresh transaction id."""
    return MAGIC + secrets.token_hex(8)


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


def a1_hash(user: str, domain: str, password: str) -> str:
    """What FreeSWITCH's directory calls a1-hash."""
    return _md5(user, domain, password)


def authorization(challenge: str, user: str, password: str, method: str, uri: str) -> str:
    """Value of Authorization for a Digest challenge with qop=auth."""
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
    nonce, realm, cnonce = given["nonce"], given["realm"], secrets.token_hex(4)
    answer = _md5(a1_hash(user, realm, password), nonce, "00000001", cnonce, "auth", _md5(method, uri))
    return (
        f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{answer}", '
        f'algorithm=MD5, cnonce="{cnonce}", qop=auth, nc=00000001'
    )
