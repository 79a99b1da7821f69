"""Raw event text to typed events.

Each kind of event declares the few headers it needs of the 150 that come, and only those are looked
up and decoded: splitting all of them costs ten times as much (tests/benchmarks/bench_events.py).
A line break inside a value is always percent-encoded by the switch, so a header is only found where
a line really begins; if one comes twice, the first counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from esl_handlers import header_tables as tables
from esl_handlers import switch_events as events
from esl_handlers.errors import MalformedAnswerError, MalformedEventError
from esl_handlers.header_tables import Headers, Value
from esl_handlers.snapshots import ChannelSnapshot


class _Kind:
    """How one kind of event is read."""

    def __init__(self, event: type[events.SwitchEvent], headers: Headers) -> None:
        self.event = event
        self._fields = {header: field for header, (field, _) in headers.items()}
        self._converted = [(field, read) for field, read in headers.values() if read is not tables.text]
        self._required = _required(event)
        variables = {name for name in headers if name.startswith("variable_")}
        self._variables = _pattern(variables)
        self._others = _pattern(set(headers) - variables)

    def values(self, text: str) -> dict[str, Value]:
        """The fields found in `text`, which begins with a newline.

        The channel's variables, three lines of four, stand in one block: with their common beginning
        in its pattern, the search through that block is three times as fast.
        """
        first, last = _variable_block(text)
        found = self._others.findall(text, 0, first) + self._others.findall(text, last)
        if self._variables.groups:
            found += self._variables.findall(text, first, last)
        names = self._fields
        values: dict[str, Any] = {  # texts first; the rest becomes what its field is below
            names[name]: unquote(value) if "%" in value else value
            for name, value in reversed(found)  # so that the first one stays
        }
        for field, read in self._converted:
            if field in values:
                values[field] = read(values[field])
        return values

    def build(self, values: Mapping[str, Value]) -> events.SwitchEvent:
        for field in self._required:
            if values.get(field) is None:
                raise MalformedEventError(f"{self.event.__name__} came without its {field}.")
        return self.event.of(values)


def _pattern(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"\n({_one_of(names)}): ([^\n]+)" if names else "")


def _one_of(names: set[str]) -> str:
    """A pattern that matches exactly these names and looks at each letter once."""
    rests: dict[str, set[str]] = {}
    for name in names - {""}:
        rests.setdefault(name[0], set()).add(name[1:])
    branches = [re.escape(letter) + _one_of(rest) for letter, rest in sorted(rests.items())]
    if "" not in names:
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{'|'.join(branches)})?" if branches else ""


def _variable_block(text: str) -> tuple[int, int]:
    """Where the block of variables begins and ends; both the end of the text if there is none."""
    first = text.find("\nvariable_")
    if first < 0:
        return len(text), len(text)
    return first, text.find("\n", text.rfind("\nvariable_") + 1)


def _required(event: type[events.SwitchEvent]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(event) if field.default is MISSING)


@lru_cache(maxsize=4096)  # a call's events repeat the same few values (channel name, response, ...)
def unquote(value: str) -> str:
    """The value without its percent-encoding; bytes that are no UTF-8 become U+FFFD."""
    return unquote_to_bytes(value).decode("utf-8", "replace")


def _to_ascii(body: bytes) -> str:
    """The head of an event as text; bytes that the switch should have percent-encoded are, here."""
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in body)


_KINDS = {name: _Kind(event, headers) for name, (event, headers) in tables.EVENTS.items()}

KNOWN_EVENTS = tuple(_KINDS)
EVENT_TYPES = tuple(kind.event for kind in _KINDS.values())


def to_event(body: bytes) -> events.SwitchEvent | None:
    """The typed event of one text/event-plain body; None if we don't know the kind.

    Raises:
        MalformedEventError: a field that every event of this kind has is missing.
    """
    text = f"\n{_to_ascii(body)}\n"
    kind = _KINDS.get(event_name(text))
    if kind is None:
        return None
    if kind.event is events.JobFinished:
        return kind.build(_job_values(kind, body))
    values = kind.values(text)
    if values.get("app") == "play_and_get_digits":
        _add_digits(values, text)
    return kind.build(values)


def event_name(text: str) -> str:
    """The event's name, or a CUSTOM event's subclass; `text` begins with a newline."""
    name = _find(text, "Event-Name")
    return _find(text, "Event-Subclass") if name == "CUSTOM" else name


def _find(text: str, header: str) -> str:
    needle = f"\n{header}: "
    start = text.find(needle)
    if start < 0:
        return ""
    start += len(needle)
    return unquote(text[start : text.find("\n", start)])


def _job_values(kind: _Kind, body: bytes) -> dict[str, Value]:
    """The one kind of event with a body of its own: what stands there must not be taken for a header."""
    head, _, output = body.partition(b"\n\n")
    values = kind.values(f"\n{_to_ascii(head)}\n")
    length = values.pop("body_length", None)
    values["body"] = output[:length].decode("utf-8", "replace") if isinstance(length, int) else ""
    return values


def _add_digits(values: dict[str, Value], text: str) -> None:
    words = _find(text, "Application-Data").split(" ")
    if len(words) > 7:  # the eighth word of the argument names the variable of the result
        values["digits"] = _find(text, f"variable_{words[7]}") or None
        values["invalid_digits"] = _find(text, f"variable_{words[7]}_invalid") or None


def to_channel(answer: str) -> ChannelSnapshot | None:
    """The channel of a `uuid_dump <uuid> json` answer; None if the channel is gone.

    Raises:
        MalformedAnswerError: the answer is neither a channel nor an `-ERR`.
    """
    if answer.startswith("-ERR"):
        return None
    try:
        headers = orjson.loads(answer)
    except orjson.JSONDecodeError as error:
        raise MalformedAnswerError(f"The switch described a channel in a form we cannot read: {error}") from error
    if not isinstance(headers, dict):
        raise MalformedAnswerError("The switch described a channel by something that has no headers.")
    found = {
        field: read(value)  # JSON values are not percent-encoded
        for header, (field, read) in tables.SNAPSHOT.items()
        if isinstance(value := headers.get(header), str)
    }
    missing = [field for field in _required(ChannelSnapshot) if found.get(field) is None]
    if missing:
        raise MalformedAnswerError(f"The switch described a channel without its {', '.join(missing)}.")
    return ChannelSnapshot(**found)  # type: ignore[arg-type]  # as in _Kind.build
