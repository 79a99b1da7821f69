"""PINs by which agents prove who they are on the telephone, and what of them is kept.

The call path checks them, so the check must be cheap: PBKDF2-HMAC-SHA256 with ITERATIONS takes a few milliseconds, and
a call gets three tries. No hash can hide four digits from somebody who has it: what protects a PIN is that five wrong
ones lock the service (`Agent.mistake_pin`), and that hashes are never shown, logged or noted anywhere.
"""

import hashlib
import hmac
import re
from itertools import pairwise

SHORTEST, LONGEST = 4, 8

ITERATIONS = 10_000

#: Steps between the digits of what everybody tries first: 1111, 1234, 4321.
_TRIVIAL_STEPS = (0, 1, -1)


def acceptable(pin: str) -> bool:
    """Tell whether this may be a PIN: 4 to 8 digits."""
    return re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", pin) is not None


def trivial(pin: str) -> bool:
    """Tell whether the digits of an acceptable PIN are all the same, or go up or down one by one (after 9 comes 0)."""
    steps = {(int(later) - int(digit)) % 10 for digit, later in pairwise(pin)}
    return len(steps) == 1 and steps <= {step % 10 for step in _TRIVIAL_STEPS}


def hash_pin(pin: str, salt: bytes) -> str:
    """Return what is kept of a PIN: iterations, salt and hash."""
    return f"{ITERATIONS}.{salt.hex()}.{_derived(pin, salt, ITERATIONS).hex()}"


def matches(pin: str, kept: str) -> bool:
    """Tell whether this is the PIN of which `kept` is left; an empty `kept` matches none."""
    if not kept:
        return False
    iterations, salt, derived = kept.split(".")
    found = _derived(pin, bytes.fromhex(salt), int(iterations))
    return hmac.compare_digest(found, bytes.fromhex(derived))


def _derived(pin: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, iterations)
