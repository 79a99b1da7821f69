"""A short look at a FreeSWITCH event socket: can it be reached, does the password fit."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

#: Seconds for the whole look.
LIMIT_S = 5.0

#: Longest reply that is read.
LONGEST = 65536


class SwitchError(Exception):
    """The switch can't be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class SwitchAddress:
    """Where a switch's event socket is."""

    name: str
    host: str
    port: int
    password: str


def switch_addresses(switches: str) -> Iterator[SwitchAddress]:
    """Read ZUOXI_SWITCHES (`NAME=esl://:PASSWORD@HOST:PORT`, separated by spaces); raises SwitchError."""
    for item in switches.split():
        name, _, url = item.partition("=")
        try:
            parts = urlsplit(url)
            port = parts.port or 8021
        except ValueError as error:
            raise SwitchError(f"ZUOXI_SWITCHES: the port of switch {name} makes no sense ({error}).") from error
        if parts.scheme != "esl" or not parts.hostname or not parts.password or not name:
            raise SwitchError("ZUOXI_SWITCHES must be NAME=esl://:PASSWORD@HOST:PORT, several separated by spaces.")
        yield SwitchAddress(name, parts.hostname, port, unquote(parts.password))


def check_switch(address: SwitchAddress) -> None:
    """Log in to the event socket and out again; raises SwitchError."""
    where = f"Switch {address.name} at {address.host}:{address.port}"
    try:
        with socket.create_connection((address.host, address.port), timeout=LIMIT_S) as connection:
            _log_in(connection, where, address.password)
    except OSError as error:
        reason = error.strerror or str(error) or "no answer"
        raise SwitchError(
            f"{where} cannot be reached ({reason}): start it, or set its address in ZUOXI_SWITCHES."
        ) from error


def _log_in(connection: socket.socket, where: str, password: str) -> None:
    greeting = _frame(connection)
    if "rude-rejection" in greeting:
        raise SwitchError(f"{where} turns this host away: allow it in apply-inbound-acl of event_socket.conf.xml.")
    if "auth/request" not in greeting:
        raise SwitchError(f"{where} is no FreeSWITCH event socket: set its address in ZUOXI_SWITCHES.")
    if "\n" in password or "\r" in password:
        raise SwitchError("ZUOXI_SWITCHES: a password has no line breaks.")
    connection.sendall(f"auth {password}\n\n".encode())
    if "+OK" not in _frame(connection):
        raise SwitchError(f"{where} refuses the password: set the one of its event_socket.conf.xml in ZUOXI_SWITCHES.")
    connection.sendall(b"exit\n\n")


def _frame(connection: socket.socket) -> str:
    """Read up to the blank line that ends the headers."""
    data = b""
    while b"\n\n" not in data and len(data) < LONGEST:
        part = connection.recv(4096)
        if not part:
            break
        data += part
    return data.decode("utf-8", "replace")
