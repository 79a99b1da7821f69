"""`{a=1,b='two words'}user/1001@domain &park()`: the arguments of originate and of the bridge application."""

import re
from dataclasses import dataclass

_ENDPOINT = re.compile(
    r"(?P<user>user/(?P<name>[^@/,|]+)(@(?P<domain>[^,|]+))?)"
    r"|sofia/gateway/(?P<gateway>[^/]+)/(?P<number>[^,|]+)\Z"
    r"|null/(?P<nobody>[^,|/]+)\Z"
)


class BadDialString(Exception):  # noqa: N818  (named for what it is)
    """The text cannot be dialled; the message is the cause the switch answers with."""


@dataclass(frozen=True, slots=True)
class DialString:
    """Who is to be dialled, with which variables."""

    variables: dict[str, str]
    user: str = ""
    domain: str = ""
    gateway: str = ""
    number: str = ""
    nobody: str = ""
    """A leg without a telephone (mod_loopback's null endpoint): it answers at once and hears into the void."""


def parse_dial_string(text: str) -> DialString:
    """Raises BadDialString for endpoints that this switch does not have, or a list it cannot read."""
    variables, endpoint = _variables(text.strip())
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise BadDialString("CHAN_NOT_IMPLEMENTED")
    if found["user"]:
        return DialString(variables, user=found["name"], domain=found["domain"] or "")
    if found["nobody"]:
        return DialString(variables, nobody=found["nobody"])
    return DialString(variables, gateway=found["gateway"], number=found["number"])


def split_originate(arguments: str) -> tuple[str, str]:
    """Dial string and what to do then (`&park()` or an extension); raises BadDialString if either is missing."""
    end = 0
    if arguments.startswith("{"):
        end = arguments.find("}") + 1
    dialled, _, then = arguments[end:].partition(" ")
    if not dialled or not then.strip():
        raise BadDialString("-USAGE")
    return arguments[:end] + dialled, then.strip()


def _variables(text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("{"):
        return {}, text
    end = text.find("}")
    if end < 0:
        raise BadDialString("CHAN_NOT_IMPLEMENTED")
    inside, rest = text[1:end], text[end + 1 :]
    delimiter = ","
    if inside.startswith("^^") and len(inside) > 2:
        delimiter, inside = inside[2], inside[3:]
    variables = {}
    for part in _split(inside, delimiter):
        name, separator, value = part.partition("=")
        if not separator and name.strip():
            raise BadDialString("DESTINATION_OUT_OF_ORDER")
        variables[name.strip()] = _unquote(value)
    variables.pop("", None)
    return variables, rest


def _split(text: str, delimiter: str) -> list[str]:
    """Split at the delimiter unless a backslash precedes it (quotes alone do not protect it)."""
    parts = re.split(rf"(?<!\\){re.escape(delimiter)}", text)
    return [part.replace(f"\\{delimiter}", delimiter) for part in parts]


def _unquote(value: str) -> str:
    value = value.replace(r"\s", " ").replace(r"\'", "\0")
    return value.replace("'", "").replace("\0", "'")
