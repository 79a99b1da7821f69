"""Exports in the database: asked for, made, cancelled, over. Always one tenant's and one person's (SAFE-3)."""

from collections.abc import Sequence
from enum import StrEnum

from orchestrator.database.models import Export
from orchestrator.database.paging import Page, read_page


class ExportStatus(StrEnum):
    """What has become of an export."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: An export in one of these is still to be made.
UNFINISHED = (ExportStatus.WAITING.value, ExportStatus.RUNNING.value)


def list_exports(tenant: str, person: str, cursor: str | None = None, size: int = 50) -> Page[Export]:
    """Read a page of a person's exports, newest first; raises BadCursorError."""
    return read_page(Export, Export.created, [Export.tenant == tenant, Export.asked_by == person], cursor, size)


def find_export(tenant: str, person: str, export: str) -> Export | None:
    """Read a person's export, None when there is none."""
    return _one(export, Export.tenant == tenant, Export.asked_by == person)


def export_of(tenant: str, export: str) -> Export | None:
    """Read an export for the worker that makes it, None when there is none."""
    return _one(export, Export.tenant == tenant)


def count_unfinished(tenant: str, person: str) -> int:
    """Count what a person waits for."""
    mine = (Export.tenant == tenant) & (Export.asked_by == person)
    return int(Export.select().where(mine, Export.status << UNFINISHED).count())


def begin_export(row: Export, now: int) -> bool:
    """Note that it is being made, from the beginning (`now`: us UTC); False when it is made, cancelled or gone.

    One that has failed is made when its job is done again by hand.
    """
    values = {"status": ExportStatus.RUNNING.value, "lines": 0, "total": None, "began": now, "ended": None, "error": ""}
    return _change(row, (*UNFINISHED, ExportStatus.FAILED.value), **values)


def note_lines(row: Export, lines: int, total: int | None) -> bool:
    """Note how much is written; False when it is no longer wanted."""
    return _change(row, (ExportStatus.RUNNING.value,), lines=lines, total=total)


def finish_export(row: Export, lines: int, key: str, size: int, now: int) -> bool:
    """Note that it is made: `size` bytes under a key; False when it is no longer wanted."""
    values = {"lines": lines, "total": lines, "key": key, "size": size, "ended": now}
    return _change(row, (ExportStatus.RUNNING.value,), status=ExportStatus.DONE.value, **values)


def fail_export(row: Export, error: str, now: int) -> bool:
    """Note that it can't be made."""
    return _change(row, UNFINISHED, status=ExportStatus.FAILED.value, error=error, ended=now)


def cancel_export(row: Export, now: int) -> bool:
    """Give it up; False when it is made already, or was given up."""
    return _change(row, UNFINISHED, status=ExportStatus.CANCELLED.value, ended=now)


def remove_export(row: Export) -> None:
    """Forget it; its file is gone before."""
    Export.delete().where(Export.id == row.id).execute()


def unfinished_exports(before: int, most: int = 500) -> list[Export]:
    """Read exports asked for before a moment (us UTC) that are still to be made, the oldest first."""
    wanted = (Export.status << UNFINISHED) & (Export.created < before)
    return list(Export.select().where(wanted).order_by(Export.created).limit(most))


def expired_exports(now: int, most: int = 500) -> list[Export]:
    """Read exports that are over, whatever became of them."""
    return list(Export.select().where(Export.expires <= now).order_by(Export.expires).limit(most))


def _one(export: str, *conditions: object) -> Export | None:
    found: Export | None = Export.get_or_none(Export.export == export, *conditions)
    return found


def _change(row: Export, statuses: Sequence[str], **values: object) -> bool:
    changed = Export.update(values).where(Export.id == row.id, Export.status << list(statuses)).execute()
    return bool(changed)
