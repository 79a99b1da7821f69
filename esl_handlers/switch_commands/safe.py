"""What may stand where in a switch command: one allow-list a position (docs/freeswitch.md, section 14).

Values that our own code makes are refused if they don't fit, so a mistake is seen; the one text that
people choose, a displayed name, is cleaned instead. Nothing here ever lets through a line break, which
would begin a new command, or a `$`, which the switch would expand and run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from esl_handlers.errors import UnsafeArgumentError

CAUSES = frozenset({
    "NORMAL_CLEARING", "ORIGINATOR_CANCEL", "LOSE_RACE", "NO_ANSWER", "USER_BUSY", "CALL_REJECTED",
    "NO_USER_RESPONSE", "USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT", "UNALLOCATED_NUMBER",
    "INVALID_NUMBER_FORMAT", "NORMAL_TEMPORARY_FAILURE", "DESTINATION_OUT_OF_ORDER", "NO_ROUTE_DESTINATION",
    "ALLOTTED_TIMEOUT", "MEDIA_TIMEOUT", "MANAGER_REQUEST", "SERVICE_UNAVAILABLE", "OUTGOING_CALL_BARRED",
    "INCOMING_CALL_BARRED", "NORMAL_CIRCUIT_CONGESTION", "RECOVERY_ON_TIMER_EXPIRE", "ATTENDED_TRANSFER",
})  # fmt: skip
NAME_LENGTH = 60

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EVENT = re.compile(r"[A-Z_]{1,64}|[a-z_]{1,32}::[a-z_]{1,32}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_DIGITS = re.compile(r"[0-9*#]{1,64}")
_FILE = re.compile(r"/[\w.+@=-]+(/[\w.+@=-]+)*", re.ASCII)
_CHANNEL_VALUE = re.compile(r"[\w.:+@/=, -]*")
_LIST_VALUE = re.compile(r"[\w.:+@/=-]+")
_NOT_IN_NAMES = re.compile(r"[^\w.+@-]+|_+")


def uuid(value: str) -> str:
    """The uuid of a channel, job or event."""
    return _allowed(_UUID, value, "a uuid")


def event(name: str) -> str:
    """An event's name, or a subclass of CUSTOM with its `::`."""
    return _allowed(_EVENT, name, "an event's name")


def variable(name: str) -> str:
    """The name of a channel variable."""
    return _allowed(_VARIABLE, name, "a variable's name")


def word(value: str, what: str) -> str:
    """A gateway, profile, stream, context or extension: letters, digits and `_ . -`."""
    return _allowed(_WORD, value, what)


def host(value: str) -> str:
    """A SIP domain or address."""
    return _allowed(_HOST, value, "a domain")


def address(user: str, domain: str) -> str:
    """`user@domain` of a SIP user."""
    return f"{word(user, 'a SIP user')}@{host(domain)}"


def number(value: str) -> str:
    """A telephone number: digits, `*`, `#`, perhaps a leading plus; at most 32."""
    return _allowed(_NUMBER, value, "a telephone number")


def digits(value: str) -> str:
    """Keys of a telephone."""
    return _allowed(_DIGITS, value, "a row of telephone keys")


def cause(value: str) -> str:
    """A hangup cause; the switch takes an unknown one for NORMAL_CLEARING without a word."""
    if value not in CAUSES:
        raise UnsafeArgumentError(f"{value[:40]!r} is no hangup cause that we use; choose one of CAUSES.")
    return value


def file(path: str) -> str:
    """An absolute path of a sound or recording, without spaces, quotes, `..` or `@@` (which a place would follow)."""
    if ".." in path.split("/"):
        raise UnsafeArgumentError(f"{path[:80]!r} leaves its folder; '..' may not stand in a file name.")
    if "@@" in path:
        raise UnsafeArgumentError(f"{path[:80]!r} names a place in a file; '@@' may not stand in a file name.")
    return _allowed(_FILE, path, "an absolute file name")


def seconds(value: int, what: str) -> str:
    """Whole seconds from 1 to a day."""
    return whole(value, what, 1, 86400)


def whole(value: int, what: str, least: int, most: int) -> str:
    """A whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UnsafeArgumentError(f"{value!r} cannot be {what}: it must be a whole number from {least} to {most}.")
    return str(value)


def channel_values(variables: Mapping[str, str]) -> str:
    """`name=value;name=value` for uuid_setvar_multi; an empty value removes the variable."""
    if not variables:
        raise UnsafeArgumentError("There is no variable to set.")
    return ";".join(f"{variable(name)}={_channel_value(name, value)}" for name, value in variables.items())


def _channel_value(name: str, value: str) -> str:
    return value if isinstance(value, Tone | Keys) else _allowed(_CHANNEL_VALUE, value, f"the value of {name}")


def list_values(variables: Mapping[str, str]) -> str:
    """`{name=value,name=value}` before a dial string; nothing can escape a `}` or an outer `,` there."""
    pairs = (f"{variable(name)}={list_value(name, value)}" for name, value in variables.items())
    return "{" + ",".join(pairs) + "}"


def list_value(name: str, value: str) -> str:
    """One value of such a list; only a cleaned name (`DisplayName`) may hold spaces, in quotes, and what the switch
    puts in for a `Global` commas.
    """
    if isinstance(value, Global):
        return f"'${{{value}}}'"
    if isinstance(value, DisplayName):
        return f"'{value}'" if " " in value else str(value)
    return _allowed(_LIST_VALUE, value, f"the value of {name}")


class Tone(str):
    """A tone in the switch's notation, of our own making: the one value of a variable that holds brackets."""

    __slots__ = ()


class Global(str):
    """A variable of the switch's own configuration, of whose name only we think; the switch puts its value in."""

    __slots__ = ()


class Keys(str):
    """Keys of a telephone that end something, of our own making."""

    __slots__ = ()


#: The codecs of the trunks (freeswitch-conf/vars.xml).
TRUNK_CODECS = Global("trunk_codecs")

#: The key that ends a message.
HASH_KEY = Keys("#")

#: 1 s of 450 Hz, 4 s of silence: how it rings in China.
RING_TONE = Tone("%(1000,4000,450)")


class DisplayName(str):
    """A name to show on a phone's display: anything but letters, digits and `. + @ -` becomes a space."""

    __slots__ = ()

    def __new__(cls, text: str) -> DisplayName:
        """Clean the text and cut it to 60 characters; what has no letter at all becomes `-`."""
        return super().__new__(cls, _NOT_IN_NAMES.sub(" ", text).strip()[:NAME_LENGTH].strip() or "-")


@dataclass(frozen=True, slots=True)
class UserTarget:
    """A registered SIP user."""

    user: str
    domain: str

    def text(self) -> str:
        """The dial string."""
        return f"user/{address(self.user, self.domain)}"


@dataclass(frozen=True, slots=True)
class Nobody:
    """A leg without a telephone (mod_loopback): it answers at once and hears into the void."""

    def text(self) -> str:
        """The dial string."""
        return "null/test"


@dataclass(frozen=True, slots=True)
class GatewayTarget:
    """A telephone number behind a trunk."""

    gateway: str
    number: str

    def text(self) -> str:
        """The dial string."""
        return f"sofia/gateway/{word(self.gateway, 'a gateway')}/{number(self.number)}"


def _allowed(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnsafeArgumentError(f"{str(value)[:80]!r} cannot be {what} in a switch command: it has other characters.")
    return value
