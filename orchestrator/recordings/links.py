"""Signed links to recordings: whoever holds one may listen for some minutes, to this recording of this tenant only."""

import hmac
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

#: How long a link works, seconds. Pages ask for another when theirs is over.
LINK_S = 600


class Purpose(StrEnum):
    """What a link is for: each has a permission of its own."""

    LISTEN = "listen"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a link grants until `expires` (seconds since 1970)."""

    tenant: str
    recording: str
    purpose: Purpose
    expires: int


class Links:
    """Signs and checks."""

    def __init__(self, secret: str) -> None:
        """`secret` is the installation's own, for nothing else."""
        self._secret = secret.encode()

    def sign(self, grant: Grant) -> str:
        """Return the signature of a grant (64 hex digits)."""
        told = "\n".join((grant.tenant, grant.recording, grant.purpose.value, str(grant.expires)))
        return hmac.new(self._secret, told.encode(), sha256).hexdigest()

    def holds(self, grant: Grant, signature: str, now_s: float) -> bool:
        """Tell whether a grant is ours and not over."""
        ours = hmac.compare_digest(self.sign(grant).encode(), signature.encode())
        return ours and now_s < grant.expires
