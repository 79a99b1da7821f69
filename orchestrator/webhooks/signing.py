"""How webhooks are signed: as the Standard Webhooks specification says, so its libraries verify them.

The secret of a webhook is made of the installation's own and the webhook's salt: no database holds it.
"""

import base64
import hmac
import secrets
from hashlib import sha256

PREFIX = "whsec_"


def new_salt() -> str:
    """Return what makes a secret: another salt, another secret."""
    return secrets.token_hex(16)


def secret_of(installation: str, salt: str) -> str:
    """Return a webhook's secret: `whsec_` and 32 bytes in base64."""
    key = hmac.new(installation.encode(), salt.encode(), sha256).digest()
    return PREFIX + base64.b64encode(key).decode()


def signed_headers(secret: str, message: str, at_s: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message: its id, the time of this try (s since 1970), `v1,` and HMAC-SHA256 in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{message}.{at_s}.".encode() + body
    signature = base64.b64encode(hmac.new(key, told, sha256).digest()).decode()
    return {"webhook-id": message, "webhook-timestamp": str(at_s), "webhook-signature": f"v1,{signature}"}
