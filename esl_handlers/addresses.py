"""Switch addresses as written in settings."""

from urllib.parse import unquote, urlsplit

from esl_handlers.client import Address


class BadAddressError(ValueError):
    """The setting ZUOXI_SWITCHES cannot be read."""


def to_addresses(setting: str) -> list[Address]:
    """Read `NAME=esl://:PASSWORD@HOST:PORT`, several separated by spaces; raises BadAddressError."""
    return [_to_address(part) for part in setting.split()]


def _to_address(part: str) -> Address:
    name, _, url = part.partition("=")
    parsed = urlsplit(url)
    if not name or parsed.scheme != "esl" or not parsed.hostname or not parsed.password:
        raise BadAddressError(f"ZUOXI_SWITCHES: {name or part!r} must be written NAME=esl://:PASSWORD@HOST:PORT")
    try:
        port = parsed.port or 8021
    except ValueError as error:
        raise BadAddressError(f"ZUOXI_SWITCHES: the port of {name} is no number from 1 to 65535") from error
    return Address(name, parsed.hostname, port, unquote(parsed.password))
