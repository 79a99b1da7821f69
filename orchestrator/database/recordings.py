"""Recordings: always one tenant's (SAFE-3). What events tell is written again with them, what became of files stays."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import SQL, Expression, Function, fn

from orchestrator.database.models import CallRecord, Recording, Tenant


class Kind(StrEnum):
    """What a recording is of."""

    CALL = "call"
    VOICEMAIL = "voicemail"


class Status(StrEnum):
    """How far a recording is: only what is stored can be heard. What is being deleted has perhaps still files."""

    EXPECTED = "expected"
    MISSING = "missing"
    BROKEN = "broken"
    STORED = "stored"
    DELETING = "deleting"
    DELETED = "deleted"


#: Still to be brought into the store.
UNSTORED = (Status.EXPECTED, Status.MISSING, Status.BROKEN)

#: Not deleted.
ALIVE = (*UNSTORED, Status.STORED)


class UnknownRecordingError(LookupError):
    """The tenant has no such recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store has of a recording; `wav_key` and `wav_sha256` where the file is kept as it came, too."""

    key: str
    size: int
    ms: int
    channels: int
    sha256: str
    wav_key: str | None = None
    wav_sha256: str | None = None
    problem: str = ""


def heard() -> Function:
    """Return the condition that a call record's talk can be heard: a recording of it is stored."""
    table = Recording
    kept = (table.kind == Kind.CALL) & (table.status == Status.STORED)
    mine = (table.tenant == CallRecord.tenant) & (table.call == CallRecord.call)
    return fn.EXISTS(table.select(SQL("1")).where(mine & kept))


def heard_of(tenant: str, calls: Collection[str]) -> set[str]:
    """Return those calls of whose talk a recording can be heard."""
    table = Recording
    kept = (table.kind == Kind.CALL) & (table.status == Status.STORED)
    found = table.select(table.call).where(table.tenant == tenant, table.call.in_(list(calls)), kept)
    return {row.call for row in found}


def write_recordings(tenant: str, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Write what events tell of recordings, and return those whose files are still to be stored.

    `rows` have `recording`, `kind`, `call`, `queue`, `agent`, `path`, `begun`, `started`, `ended`, `told_ms`, `pauses`,
    and `least_ms` of messages.
    """
    told = [{"tenant": tenant, **row} for row in rows]
    if not told:
        return []
    same = (Recording.tenant, Recording.recording)
    columns = [getattr(Recording, name) for name in told[0] if name not in ("tenant", "recording")]
    Recording.insert_many(told).on_conflict(conflict_target=same, preserve=columns).execute()
    names = [row["recording"] for row in told]
    mine = (Recording.tenant == tenant) & Recording.recording.in_(names) & Recording.status.in_(_names(UNSTORED))
    return [row.recording for row in Recording.select(Recording.recording).where(mine).order_by(Recording.recording)]


def recording_of(tenant: str, recording: str) -> Recording:
    """Read one recording; raises UnknownRecordingError."""
    found = Recording.get_or_none(Recording.tenant == tenant, Recording.recording == recording)
    if found is None:
        raise UnknownRecordingError(recording)
    return found


def recordings_of_call(tenant: str, call: str) -> list[Recording]:
    """Read what was recorded of a call, in order."""
    mine = (Recording.tenant == tenant) & (Recording.call == call)
    return list(Recording.select().where(mine).order_by(Recording.begun, Recording.id))


def mark_unstored(tenant: str, recording: str, status: Status, problem: str) -> None:
    """Note why the file is not in the store (yet)."""
    _update(tenant, recording, UNSTORED, status=status.value, problem=problem)


def mark_stored(tenant: str, recording: str, kept: Kept, now: int) -> bool:
    """Note where the file is kept; False if the recording was stored or deleted meanwhile."""
    values = {name: getattr(kept, name) for name in Kept.__slots__}
    return _update(tenant, recording, UNSTORED, status=Status.STORED.value, stored_at=now, **values)


def begin_deletion(tenant: str, recording: str, by: str, now: int) -> bool:
    """Note that somebody (a user's id, or `retention`) deletes a recording; False for one held, or deleted before."""
    values = {"status": Status.DELETING.value, "deleted_at": now, "deleted_by": by}
    return _update(tenant, recording, ALIVE, not_held=True, **values)


def end_deletion(tenant: str, recording: str) -> None:
    """Note that the files are gone."""
    _update(tenant, recording, (Status.DELETING,), status=Status.DELETED.value, key=None, wav_key=None)


def hold_recording(tenant: str, recording: str, held: bool) -> bool:
    """Keep a recording from being deleted, or no longer; False for one that is deleted."""
    return _update(tenant, recording, ALIVE, held=held)


def older_recordings(tenant: str, before: int, at_once: int) -> list[str]:
    """Name some recordings that ended before a moment (us UTC) and are not held, the oldest first."""
    old = (Recording.tenant == tenant) & Recording.status.in_(_names(ALIVE)) & (Recording.ended < before)
    found = Recording.select(Recording.recording).where(old, Recording.held == False).order_by(Recording.ended)  # noqa: E712 - SQL
    return [row.recording for row in found.limit(at_once)]


def unfinished_deletions(tenant: str) -> list[str]:
    """Name the recordings whose files may still be there though they are being deleted."""
    return _named(tenant, Recording.status == Status.DELETING.value)


def forgotten_recordings(tenant: str, before: int) -> list[str]:
    """Name the recordings that ended before a moment (us UTC) and that nobody has tried to store."""
    return _named(tenant, (Recording.status == Status.EXPECTED.value) & (Recording.ended < before))


def retention() -> list[tuple[str, int | None]]:
    """Return every tenant, and after how many days its recordings are deleted (None = never)."""
    return [
        (row.id, row.recordings_days) for row in Tenant.select(Tenant.id, Tenant.recordings_days).order_by(Tenant.id)
    ]


def _named(tenant: str, condition: Expression) -> list[str]:
    found = Recording.select(Recording.recording).where(Recording.tenant == tenant, condition)
    return [row.recording for row in found.order_by(Recording.ended)]


def stored_recordings(tenant: str | None = None) -> Iterator[Recording]:
    """Go through everything that is stored, of one tenant or of all."""
    stored = Recording.status == Status.STORED.value
    wanted = stored if tenant is None else stored & (Recording.tenant == tenant)
    yield from Recording.select().where(wanted).order_by(Recording.id).iterator()


def _update(tenant: str, recording: str, statuses: Iterable[Status], not_held: bool = False, **values: object) -> bool:
    mine = (Recording.tenant == tenant) & (Recording.recording == recording)
    mine &= Recording.status.in_(_names(statuses))
    if not_held:
        mine &= Recording.held == False  # noqa: E712 - SQL
    return bool(Recording.update(values).where(mine).execute())


def _names(statuses: Iterable[Status]) -> list[str]:
    return [status.value for status in statuses]
