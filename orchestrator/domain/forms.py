"""The form that agents fill in about a call (WEB-2): what a tenant lets them choose, and what may be written."""

from collections.abc import Iterator
from dataclasses import dataclass

#: Characters of notes, of a tag, of a disposition's name; tags of a form; dispositions and tags to choose from.
LONGEST_NOTES, LONGEST_TAG, LONGEST_NAME = 4000, 30, 40
MOST_TAGS, MOST_CHOICES = 20, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What came of a call, as agents choose it: for calls of `queues` (empty = of all).

    One that is not `active` is offered no more; forms that have it keep it.
    """

    key: str
    name: str
    queues: tuple[str, ...] = ()
    active: bool = True

    def offered(self, queue: str | None) -> bool:
        """Tell whether it may be chosen for a call of a queue."""
        return self.active and (not self.queues or queue in self.queues)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSettings:
    """What a tenant's forms offer; with `free_tags` agents may make up tags of their own."""

    dispositions: tuple[Disposition, ...] = ()
    tags: tuple[str, ...] = ()
    free_tags: bool = True

    def named(self, key: str) -> str:
        """Return a disposition's name, its key where there is none."""
        return next((one.name for one in self.dispositions if one.key == key), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """What an agent wrote: `disposition` is a key or empty."""

    notes: str = ""
    disposition: str = ""
    tags: tuple[str, ...] = ()


def flaws(
    settings: FormSettings, content: FormContent, kept: FormContent, queue: str | None
) -> Iterator[tuple[str, str]]:
    """Yield (field, id of the reason) of everything that can't be written; what was `kept` before may stay."""
    chosen = next((one for one in settings.dispositions if one.key == content.disposition), None)
    if content.disposition not in ("", kept.disposition) and not (chosen and chosen.offered(queue)):
        yield "disposition", "unknown_disposition"
    if not settings.free_tags and set(content.tags) - {*settings.tags, *kept.tags}:
        yield "tags", "unknown_tag"
