"""Where webhooks may go: to the public internet, and to networks that the operator has named (SAFE-2).

A tenant chooses addresses, and this installation calls them from inside: without a guard, that reaches its own
services. What counts is the address that is connected to, checked after the name was looked up for this very
connection, so that a name that answers differently next time gains nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

LONGEST_URL = 2000

#: Ways of IPv6 to IPv4 addresses, which a check of the outer address would not see.
TUNNELS = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))

#: Names that always mean this machine or this network.
LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")


class BadAddressError(ValueError):
    """The address can't be used. `reason` is an id: bad_url, not_https, not_public."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: `secure` by TLS; `path` with its query."""

    secure: bool
    host: str
    port: int
    path: str


def networks(named: Iterable[str]) -> tuple[Network, ...]:
    """Return networks; raises ValueError for what is none."""
    return tuple(ip_network(name) for name in named)


def target_of(url: str) -> Target:
    """Take a URL apart; raises BadAddressError unless it is http(s) with a host and without log-in or fragment."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddressError("bad_url") from error
    host = (parts.hostname or "").rstrip(".")
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment or not plain:
        raise BadAddressError("bad_url")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def check_url(url: str, private: Sequence[Network]) -> None:
    """Refuse, before anything is looked up, what can never be used; raises BadAddressError."""
    target = target_of(url)
    try:
        check_address(target, target.host, private)
    except ValueError as error:
        if isinstance(error, BadAddressError):
            raise
        check_name(target, private)


def check_name(target: Target, private: Sequence[Network]) -> None:
    """Refuse names of this machine and plain http, unless the operator allows private networks."""
    if private:
        return
    host = f".{target.host.lower()}"
    if host.endswith(LOCAL_NAMES) or "." not in target.host:
        raise BadAddressError("not_public")
    if not target.secure:
        raise BadAddressError("not_https")


def check_address(target: Target, address: str, private: Sequence[Network]) -> None:
    """Refuse an address that may not be connected to: BadAddressError; ValueError for what is no address."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in private):
        return
    if not ip.is_global or ip.is_multicast or any(ip in tunnel for tunnel in TUNNELS):
        raise BadAddressError("not_public")
    if not target.secure:
        raise BadAddressError("not_https")
