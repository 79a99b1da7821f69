"""Domain objects to JSON and back (pydantic validates stdlib dataclasses at this edge)."""

from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter

from orchestrator.domain.events import EVENT_TYPES, Event

Document = TypeVar("Document")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Build each type's validator once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json(document: object) -> str:
    """Encode a domain dataclass."""
    return orjson.dumps(document).decode()


def from_json(kind: type[Document], text: str | bytes) -> Document:
    """Decode a domain dataclass; raises pydantic.ValidationError for anything else."""
    decoded: Document = _adapter(kind).validate_json(text)
    return decoded


def event_to_json(event: Event) -> str:
    """Encode an event with its type first."""
    body = orjson.dumps(event).decode()
    return f'{{"type":"{event.type}",{body[1:]}'


def event_from_json(text: str | bytes) -> Event:
    """Decode an event by its type; raises KeyError for an unknown type."""
    return event_of(orjson.loads(text))


def event_from_text(type_: str, text: str | bytes) -> Event:
    """Decode an event of a known type, in half the time of `event_from_json`; raises KeyError for an unknown one."""
    decoded: Event = _adapter(EVENT_TYPES[type_]).validator.validate_json(text)
    return decoded


def event_of(fields: dict[str, Any]) -> Event:
    """Return the event that decoded JSON tells of, and take its type out; raises KeyError for an unknown type."""
    kind = EVENT_TYPES[fields.pop("type")]
    decoded: Event = _adapter(kind).validate_python(fields)
    return decoded
