"""Making the tables that people have asked for: page by page, so that no table is too long (API-1)."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError
from rq import get_current_job
from rq.timeouts import JobTimeoutException

from orchestrator.database.exports import (
    begin_export,
    expired_exports,
    export_of,
    fail_export,
    finish_export,
    note_lines,
    remove_export,
    unfinished_exports,
)
from orchestrator.database.models import Export
from orchestrator.exports.files import write_csv, write_xlsx
from orchestrator.exports.kinds import ExportKind, ExportTable, table_of
from orchestrator.exports.words import words_of
from orchestrator.jobs import MAKE_EXPORT, Jobs
from orchestrator.recordings.store import Store
from orchestrator.store.news import News, Told

#: Seconds between two notes of how far it is.
NOTE_S = 0.5

#: Lines between two looks at the clock.
LOOK = 100

#: What nobody has made so long (us) after it was asked for is enqueued again: its job was lost with Redis.
FORGOTTEN_US = 60 * 1_000_000

#: The live feed's name for how an export goes on.
EVENT = "export"


class GivenUpError(Exception):
    """The export is no longer wanted."""


class ExportMaker:
    """Makes one export. Doing it twice, or being killed in between, makes the same file."""

    def __init__(self, store: Store, news: News, now: Callable[[], int]) -> None:
        """`now` gives us UTC."""
        self._store, self._news, self._now = store, news, now
        self._log = structlog.get_logger("exports")

    def make(self, tenant: str, export: str) -> None:
        """Make it unless it is made, cancelled or gone; what goes wrong is raised, for another try."""
        row = export_of(tenant, export)
        if row is None or not begin_export(row, self._now()):
            return
        self._tell(row)
        try:
            self._make(row)
        except GivenUpError:
            self._log.info("export given up", tenant=tenant, export=export)
        except (OSError, ValueError, ValidationError, JobTimeoutException) as error:
            self._fail(row, error)
            raise

    def _make(self, row: Export) -> None:
        table = table_of(ExportKind(row.kind), row.tenant, row.wanted, row.language)
        key = key_of(row)
        progress = Progress(row, table.count(), lambda: self._tell(row))
        with tempfile.TemporaryDirectory(prefix="zuoxi-") as folder:
            path = Path(folder) / key.rpartition("/")[2]
            write(row, table, path, progress)
            self._store.put(key, path)
            size = os.stat(path).st_size
        if finish_export(row, progress.lines, key, size, self._now()):
            self._tell(row)
            self._log.info("export made", tenant=row.tenant, export=row.export, lines=progress.lines, size=size)
        elif (kept := export_of(row.tenant, row.export)) is None or kept.key != key:
            self._store.delete(key)  # cancelled at the last moment

    def _fail(self, row: Export, error: Exception) -> None:
        job = get_current_job()
        self._log.warning("export failed", tenant=row.tenant, export=row.export, error=repr(error))
        if job is None or not job.retries_left:
            fail_export(row, "storage" if isinstance(error, OSError) else "other", self._now())
            self._tell(row)

    def _tell(self, row: Export) -> None:
        self._news.tell(Told(tenant=row.tenant, person=row.asked_by, event=EVENT, data={"export": row.export}))


class Progress:
    """Counts lines, notes how many at times, and finds out whether they are still wanted."""

    def __init__(self, row: Export, total: int, tell: Callable[[], None]) -> None:
        self.lines = 0
        self._row, self._total, self._tell = row, total, tell
        self._noted = 0.0

    def counted(self, lines: Iterator[list[str]]) -> Iterator[list[str]]:
        """Pass lines on; raises GivenUpError once the export is no longer wanted."""
        self._note()
        for line in lines:
            yield line
            self.lines += 1
            if self.lines % LOOK == 0 and time.monotonic() - self._noted > NOTE_S:
                self._note()

    def _note(self) -> None:
        if not note_lines(self._row, self.lines, max(self._total, self.lines)):
            raise GivenUpError
        self._noted = time.monotonic()
        self._tell()


def write(row: Export, table: ExportTable, path: Path, progress: Progress) -> None:
    """Write a table, heading first, as the row's kind of file."""

    def lines() -> Iterator[list[str]]:
        yield table.heading
        yield from progress.counted(table.lines)

    if row.format == "csv":
        write_csv(path, lines())
    else:
        write_xlsx(path, words_of(row.language)[f"export.{row.kind}"], lines())


def key_of(row: Export) -> str:
    """Name its file in the store: the same at every try."""
    day = datetime.fromtimestamp(row.created // 1_000_000, UTC).strftime("%Y%m%d")
    return f"{row.tenant}/{day}/{row.export}.{row.format}"


def care_for_exports_of_all(store: Store, jobs: Jobs, now: int) -> None:
    """Remove what is over (`now`: us UTC), and enqueue what nobody has made."""
    while over := expired_exports(now):
        for row in over:
            store.delete(key_of(row))
            remove_export(row)
    for row in unfinished_exports(now - FORGOTTEN_US):
        job_id = f"export_{row.export}"
        if not jobs.add(MAKE_EXPORT, row.tenant, row.export, job_id=job_id) and jobs.is_dead(MAKE_EXPORT, job_id):
            fail_export(row, "other", now)  # its last try could not say so itself: killed, or without a database
