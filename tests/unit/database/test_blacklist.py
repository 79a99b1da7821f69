"""The blacklist in the database, of each kind, and what is put into force of it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import Database

from orchestrator.database.blacklist import EntryFilter, Listing, entries_in_force, list_entries
from orchestrator.database.models import AuditRow, BlacklistEntry, Tenant
from orchestrator.database.number_lists import (
    BATCH,
    ListedError,
    add_entries,
    add_entry,
    all_rows,
    change_entry,
    known,
)
from orchestrator.domain.blacklist import BlockedNumber, Direction
from webui.blacklist import Blacklists
from webui.blacklist import blacklists as keeping
from webui.imports import Fate, Line

SPELLINGS = ("13800138000", "013800138000", "+8613800138000", "0086 138 0013 8000")


class NotingWriter:
    """Keeps what would be in Redis."""

    def __init__(self) -> None:
        self.force: dict[str, BlockedNumber] = {}

    def put(self, tenant: str, entries: Iterable[BlockedNumber]) -> None:  # noqa: ARG002
        self.force.update({entry.entry: entry for entry in entries})

    def drop(self, tenant: str, entries: Iterable[str]) -> None:  # noqa: ARG002
        for entry in entries:
            self.force.pop(entry, None)

    def replace(self, tenant: str, entries: Iterable[BlockedNumber]) -> int:
        self.force.clear()
        self.put(tenant, entries)
        return len(self.force)


class Noon:
    """Stands at 1000 us."""

    def now(self) -> int:
        return 1000


@pytest.fixture
def writer() -> NotingWriter:
    return NotingWriter()


@pytest.fixture
def blacklists(database: Database, writer: NotingWriter) -> Blacklists:
    for tenant in ("demo", "other"):
        Tenant.create(id=tenant, name=tenant)
    return keeping(database, writer, Noon())


def listing(entry: str, expires: int | None = None, direction: Direction = Direction.IN) -> Listing:
    return Listing(number=entry, entry=entry, direction=direction, expires=expires)


def test_a_number_is_listed_once_a_tenant(blacklists: Blacklists) -> None:  # noqa: ARG001
    """BLACK-1, SAFE-3: a second entry is refused, also by changing another; each tenant has a list of its own."""
    add_entry(BlacklistEntry, "demo", listing("+861"), "7", 1)
    other = add_entry(BlacklistEntry, "demo", listing("+862"), "7", 2)
    add_entry(BlacklistEntry, "other", listing("+861"), "7", 1)
    with pytest.raises(ListedError):
        add_entry(BlacklistEntry, "demo", listing("+861", direction=Direction.OUT), "7", 3)
    with pytest.raises(ListedError):
        change_entry(other, listing("+861"))
    assert [row.entry for row in all_rows(BlacklistEntry, "demo")] == ["+861", "+862"]
    assert known(BlacklistEntry.entry, "demo", {"+861", "+863"}) == {"+861"}


def test_what_has_expired_is_not_put_into_force(blacklists: Blacklists) -> None:  # noqa: ARG001
    """BLACK-1: from the moment of its expiry on."""
    for entry, expires in (("+861", None), ("+862", 5), ("+863", 6)):
        add_entry(BlacklistEntry, "demo", listing(entry, expires), "7", 1)
    assert {found.entry: found.expires for found in entries_in_force("demo", 5)} == {"+861": None, "+863": 6}


def test_long_lists_are_read_and_written_in_parts(blacklists: Blacklists) -> None:  # noqa: ARG001
    """BLACK-1: none is left out, none comes twice, page by page and as a whole."""
    entries = [f"+86{n:06}" for n in range(2 * BATCH + 1)]
    add_entries(BlacklistEntry, "demo", [listing(entry) for entry in entries], "7", 1)
    assert [row.entry for row in all_rows(BlacklistEntry, "demo")] == entries
    assert len(known(BlacklistEntry.entry, "demo", set(entries))) == len(entries)
    seen: list[str] = []
    page = list_entries("demo", EntryFilter(), size=400)
    while page.next:
        seen += [row.entry for row in page.rows]
        page = list_entries("demo", EntryFilter(), page.next, 400)
    assert seen + [row.entry for row in page.rows] == entries[::-1]


def test_at_once_the_same_number_is_added_once(
    blacklists: Blacklists, database: Database, writer: NotingWriter
) -> None:
    """BLACK-1: many people at the same moment, each with another spelling: one entry, one in force, one audit note."""

    def attempt(written: str) -> bool:
        with database.connection_context():
            try:
                blacklists.add("demo", "7", Listing(number=written, direction=Direction.IN))
            except ListedError:
                return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(attempt, SPELLINGS * 2)) == 1
    assert BlacklistEntry.select().count() == AuditRow.select().count() == len(writer.force) == 1


@pytest.mark.parametrize("all_or_nothing", [False, True])
def test_a_failure_while_publishing_leaves_everything_as_it_was(
    blacklists: Blacklists, writer: NotingWriter, monkeypatch: pytest.MonkeyPatch, all_or_nothing: bool
) -> None:
    """BLACK-1: neither one entry nor a file is in the database when it could not be put into force."""
    entry = blacklists.add("demo", "7", Listing(number="139*", direction=Direction.IN))
    wish = Listing(number="138*", direction=Direction.OUT)
    lines = [Line(number=1, written="138*", wish=wish)]

    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(writer, "put", fail)
    monkeypatch.setattr(writer, "drop", fail)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: blacklists.add("demo", "7", wish),
        lambda: blacklists.change("demo", "7", entry.id, wish),
        lambda: blacklists.remove("demo", "7", entry.id),
        lambda: blacklists.bring_in("demo", "7", lines, all_or_nothing),
    )
    for attempt in attempts:
        with pytest.raises(ConnectionError):
            attempt()
    assert [(row.entry, row.direction) for row in all_rows(BlacklistEntry, "demo")] == [("+86139*", "in")]
    assert AuditRow.select().count() == 1


def test_a_file_and_the_list_agree(blacklists: Blacklists, writer: NotingWriter) -> None:
    """BLACK-1: what was added is in force with what it says; publishing anew gives the same."""
    wishes = [Listing(number=f"1380013800{n}", direction=Direction.BOTH, expires=2000 + n) for n in range(5)]
    lines = [Line(number=n, written=wish.number, wish=wish) for n, wish in enumerate(wishes)]
    results = blacklists.bring_in("demo", "7", [*lines, lines[0]], all_or_nothing=False)
    assert [result.fate for result in results] == [Fate.ADDED] * 5 + [Fate.DUPLICATE]
    force = dict(writer.force)
    assert [force[f"+861380013800{n}"].expires for n in range(5)] == [2000, 2001, 2002, 2003, 2004]
    assert blacklists.publish("demo") == 5
    assert writer.force == force
