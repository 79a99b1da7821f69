"""Typed documents as columns and JSON hold them: plain values, and back (pydantic knows stdlib dataclasses)."""

from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter

Document = TypeVar("Document")


class Area(Protocol[Document]):
    """One area of a tenant's configuration: things with keys that are read and written whole."""

    name: str

    def all(self, tenant: str) -> list[Document]:
        """Read all of a tenant's, by key."""

    def find(self, tenant: str, key: str) -> Document | None:
        """Read one, None for a key that the tenant doesn't have."""

    def put(self, tenant: str, document: Document) -> None:
        """Write one, new or not."""

    def remove(self, tenant: str, key: str) -> None:
        """Delete one."""


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Build each type's validator once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_plain(document: object) -> Any:  # noqa: ANN401 - JSON
    """Return a dataclass as JSON holds it."""
    return _adapter(type(document)).dump_python(document, mode="json")


def from_plain(kind: type[Document], values: object) -> Document:
    """Return what `to_plain` was given; raises pydantic.ValidationError for anything else."""
    document: Document = _adapter(kind).validate_python(values)
    return document
