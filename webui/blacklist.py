"""A tenant's blacklist: what is its own among lists of numbers (BLACK-1)."""

from peewee import Database

from orchestrator.database.blacklist import Listing, entries_in_force, listing_of
from orchestrator.database.models import BlacklistEntry
from orchestrator.service.ports import BlacklistWriter, Clock
from webui.imports import BadEntryError
from webui.number_lists import ListKind, NumberList

Blacklists = NumberList[BlacklistEntry, Listing]


def blacklists(database: Database, writer: BlacklistWriter, clock: Clock) -> Blacklists:
    """Return what keeps blacklists; `writer` puts entries into force."""
    return NumberList(database, writer, clock, KIND)


def _check(after: Listing, before: Listing | None, now: int) -> None:
    """An entry that expires in the past would block nobody; one that has expired may be described anew."""
    changed = before is None or after.expires != before.expires
    if changed and after.expires is not None and after.expires <= now:
        raise BadEntryError("expires", "expired")


KIND = ListKind(
    area="blacklist",
    table=BlacklistEntry,
    entry_of=listing_of,
    forced=lambda listings: [listing.blocked() for listing in listings],
    in_force=entries_in_force,
    check=_check,
)
