"""Raw event text to typed events.

Each kind of event declares the few headers it needs of the 150 that come, and only those are looked
up and decoded: splitting all of them costs ten times as much (tests/benchmarks/bench_events.py).
A line break inside a value is always percent-encoded by the switch, so a header is only found where
a line really begins; if one comes twice, the first counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import orjson

from esl_handlers import header_tables as tables
from esl_handlers import switch_events as events
from esl_handlers.errors import MalformedAnswerError, MalformedEventError
from esl_handlers.header_tables import Headers, Value
from esl_handlers.snapshots import ChannelSnapshot

#: How the names of our own channel variables begin.
MARK = "variable_cc_"
MARK_LINE = f"\n{MARK}"


#: One header to look for: the line it begins, the line's length, its field, and how it is read (None: as text).
Line = tuple[str, int, str, Callable[[str], Value] | None]


class _Kind:
    """How one kind of event is read."""

    def __init__(self, event: type[events.SwitchEvent], headers: Headers) -> None:
        self.event = event
        self._required = _required(event)
        ordered = [name for name in tables.ORDER if name in headers]
        ordered += [name for name in headers if name not in tables.ORDER]
        lines = {name: _line(name, headers) for name in ordered}
        self._marks = {name: headers[name] for name in ordered if name.startswith(MARK)}
        self._variables = [lines[n] for n in ordered if n.startswith("variable_") and not n.startswith(MARK)]
        self._others = [lines[name] for name in ordered if not name.startswith("variable_")]

    def values(self, text: str) -> dict[str, Value]:
        """The fields found in `text`, which begins with a newline.

        The channel's variables, three lines of four, stand in one block. What stands before or after it is looked
        for along the order in which the switch writes it; of the block only our own marks, which stand close
        together, and the few others wanted, from the end, where a search leaps from line to line.
        """
        values: dict[str, Value] = {}
        first, last = _variable_block(text)
        self._read_others(text, first, last, values)
        if first < last:
            self._read_marks(text, first, values)
            self._read_variables(text, first, values)
        return values

    def _read_others(self, text: str, first: int, last: int, values: dict[str, Value]) -> None:
        place = 0
        for line, length, field, read in self._others:
            start = text.find(line, place, first)
            if start >= 0:
                place = start
            elif (start := text.find(line, 0, place)) < 0 and (start := text.find(line, last)) < 0:
                continue
            start += length
            value = text[start : text.find("\n", start)]
            if "%" in value:
                value = unquote(value)
            values[field] = read(value) if read else value or None

    def _read_marks(self, text: str, first: int, values: dict[str, Value]) -> None:
        """From the last to the first, so that the first one stays."""
        end = len(text)
        while (start := text.rfind(MARK_LINE, first, end)) >= 0:
            name, _, value = text[start + 1 : text.find("\n", start + 1)].partition(": ")
            end = start
            if name in self._marks:
                field, read = self._marks[name]
                values[field] = read(unquote(value) if "%" in value else value)

    def _read_variables(self, text: str, first: int, values: dict[str, Value]) -> None:
        for line, length, field, read in self._variables:
            start = text.rfind(line, first)
            if start >= 0:
                start += length
                value = text[start : text.find("\n", start)]
                if "%" in value:
                    value = unquote(value)
                values[field] = read(value) if read else value or None

    def build(self, values: Mapping[str, Value]) -> events.SwitchEvent:
        for field in self._required:
            if values.get(field) is None:
                raise MalformedEventError(f"{self.event.__name__} came without its {field}.")
        return self.event.of(values)


def _line(name: str, headers: Headers) -> Line:
    field, read = headers[name]
    return f"\n{name}: ", len(name) + 3, field, None if read is tables.text else read


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
    question = _question(_find(text, "Application-Data"))
    if question:
        values["digits"] = _find(text, f"variable_{question}") or None
        values["invalid_digits"] = _find(text, f"variable_{question}_invalid") or None


def _question(argument: str) -> str:
    """The variable of a question's result, which the eighth word of its argument names; empty if there is none."""
    words = argument.split(" ")
    return words[7] if len(words) > 7 else ""


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
    if found.get("application") == "play_and_get_digits":
        question = _question(str(found.get("application_data")))
        digits = {"digits": f"variable_{question}", "invalid_digits": f"variable_{question}_invalid"}
        found |= {"question": question} | {field: headers.get(header) for field, header in digits.items()}
    missing = [field for field in _required(ChannelSnapshot) if found.get(field) is None]
    if missing:
        raise MalformedAnswerError(f"The switch described a channel without its {', '.join(missing)}.")
    return ChannelSnapshot(**found)  # type: ignore[arg-type]  # as in _Kind.build
