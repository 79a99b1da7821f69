"""What people do with exports: ask, watch, cancel, save, remove; who has asked and saved is in the audit (API-1)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from typing import NamedTuple

from peewee import Database

from orchestrator.database import exports as rows
from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.documents import to_plain
from orchestrator.database.exports import ExportStatus
from orchestrator.database.models import Export
from orchestrator.database.paging import Page
from orchestrator.database.retention import Kept, retention_of
from orchestrator.exports.kinds import ExportKind
from orchestrator.jobs import MAKE_EXPORT, Jobs
from orchestrator.recordings.errors import NotKeptError
from orchestrator.recordings.store import Store
from webui.errors import NotFoundError, WebError

AREA = "exports"

#: Exports that one person can wait for at a time.
MOST = 5

DAY_US = 86_400_000_000


class TooManyExportsError(WebError):
    """The person waits for as many as one may: `most`."""

    id, status = "too_many_exports", 409


class ExportNotReadyError(WebError):
    """There is no file: it isn't made yet, or can't be."""

    id, status = "export_not_ready", 409


class ExportGoneError(WebError):
    """The person has no such export (any more): an old link."""

    id, status = "export_gone", 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: `wanted` is the kind's filter, `format` csv or xlsx, `language` zh or en."""

    kind: ExportKind
    wanted: object
    format: str
    language: str


class ExportFile(NamedTuple):
    """The file of an export, open; `name` is what it is saved as."""

    file: BufferedReader
    size: int
    name: str


class Exports:
    """One person's at a time. Raises NotFoundError for exports that the person has not."""

    def __init__(self, database: Database, store: Store, jobs: Jobs, now: Callable[[], int]) -> None:
        """`now` gives us UTC."""
        self._database, self._store, self._jobs, self._now = database, store, jobs, now

    def ask(self, tenant: str, person: str, wish: Wish) -> Export:
        """Have a table made; raises TooManyExportsError."""
        now = self._now()
        with one_writer(self._database, f"exports of {tenant}"):
            if rows.count_unfinished(tenant, person) >= MOST:
                raise TooManyExportsError(most=str(MOST))
            row = Export.create(
                tenant=tenant,
                export=str(uuid.uuid4()),
                asked_by=person,
                kind=wish.kind.value,
                wanted=to_plain(wish.wanted),
                format=wish.format,
                language=wish.language,
                created=now,
                expires=now + (retention_of(tenant).of(Kept.EXPORTS) or 1) * DAY_US,
            )
            asked = {"kind": row.kind, "format": row.format, "wanted": row.wanted}
            note_change(tenant, AREA, row.export, person, now, None, asked)
        self._jobs.add(MAKE_EXPORT, tenant, row.export, job_id=f"export_{row.export}")
        return row

    def all(self, tenant: str, person: str, cursor: str | None, size: int) -> Page[Export]:
        """Return a page of them, newest first."""
        return rows.list_exports(tenant, person, cursor, size)

    def one(self, tenant: str, person: str, export: str) -> Export:
        """Return one."""
        found = rows.find_export(tenant, person, export)
        if found is None:
            raise NotFoundError
        return found

    def cancel(self, tenant: str, person: str, export: str) -> Export:
        """Give one up that is still to be made; one that is made stays."""
        rows.cancel_export(self.one(tenant, person, export), self._now())
        return self.one(tenant, person, export)

    def remove(self, tenant: str, person: str, export: str) -> None:
        """Forget one, and its file."""
        row = self.one(tenant, person, export)
        rows.cancel_export(row, self._now())
        if row.key:
            self._store.delete(row.key)
        rows.remove_export(row)

    def open(self, tenant: str, person: str, export: str) -> ExportFile:
        """Open the file, and note who has it; raises ExportNotReadyError."""
        row = self.one(tenant, person, export)
        if row.status != ExportStatus.DONE or row.key is None:
            raise ExportNotReadyError
        try:
            file, size = self._store.open(row.key), self._store.size(row.key)
        except NotKeptError as lost:
            raise ExportNotReadyError from lost
        note_change(tenant, AREA, row.export, person, self._now(), None, {"act": "download", "kind": row.kind})
        return ExportFile(file, size, row.kind)
