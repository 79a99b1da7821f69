"""Messages that callers have left: always one tenant's (SAFE-3). The sound of each is a recording."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Expression

from orchestrator.database.models import CallRecord, Recording, VoicemailRow
from orchestrator.database.paging import read_page
from orchestrator.database.recordings import ALIVE, Kind, UnknownRecordingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """The mailboxes of some agents and queues."""

    agents: Collection[str]
    queues: Collection[str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message, its sound, and the record of its call (None: not written yet)."""

    row: VoicemailRow
    recording: Recording
    call: CallRecord | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, newest first, and the cursor of the next page (None: this is the last)."""

    items: list[Message]
    next: str | None


def write_messages(tenant: str, recordings: Iterable[dict[str, Any]]) -> None:
    """Write the messages among recordings, as `write_recordings` gets them; known ones stay as they are."""
    told = [
        {"tenant": tenant, "at": row["begun"], **{name: row[name] for name in ("recording", "call", "queue", "agent")}}
        for row in recordings
        if row["kind"] == Kind.VOICEMAIL
    ]
    if told:
        VoicemailRow.insert_many(told).on_conflict_ignore().execute()


def list_messages(
    tenant: str, boxes: Mailboxes | None, done: bool | None = None, cursor: str | None = None, size: int = 50
) -> MessagePage:
    """Read a page of messages in some mailboxes (None = in all, the company's too); raises BadCursorError."""
    page = read_page(VoicemailRow, VoicemailRow.at, [*_conditions(tenant, boxes, done)], cursor, size)
    return MessagePage(_with_all(tenant, page.rows), page.next)


def count_new(tenant: str, boxes: Mailboxes | None) -> int:
    """Count the messages that nobody has dealt with."""
    return VoicemailRow.select().where(*_conditions(tenant, boxes, False)).count()


def message_of(tenant: str, recording: str, boxes: Mailboxes | None) -> Message:
    """Read one message; raises UnknownRecordingError for one that is not in these mailboxes, or deleted."""
    wanted = [*_conditions(tenant, boxes, None), VoicemailRow.recording == recording]
    rows = list(VoicemailRow.select().where(*wanted))
    if not rows:
        raise UnknownRecordingError(recording)
    return _with_all(tenant, rows)[0]


def change_message(tenant: str, recording: str, note: str, done_at: int | None, done_by: str | None) -> None:
    """Note what became of a message."""
    mine = (VoicemailRow.tenant == tenant) & (VoicemailRow.recording == recording)
    VoicemailRow.update(note=note, done_at=done_at, done_by=done_by).where(mine).execute()


def _conditions(tenant: str, boxes: Mailboxes | None, done: bool | None) -> Iterator[Expression]:
    """What is deleted, or was found empty, is no message any more."""
    yield VoicemailRow.tenant == tenant
    sound = (Recording.tenant == tenant) & (Recording.recording == VoicemailRow.recording)
    alive = Recording.status.in_([status.value for status in ALIVE])
    yield VoicemailRow.recording.in_(Recording.select(Recording.recording).where(sound & alive))
    if boxes is not None:
        yield VoicemailRow.agent.in_(sorted(boxes.agents)) | VoicemailRow.queue.in_(sorted(boxes.queues))
    if done is not None:
        yield VoicemailRow.done_at.is_null(not done)


def _with_all(tenant: str, rows: list[VoicemailRow]) -> list[Message]:
    names, calls = [row.recording for row in rows], [row.call for row in rows]
    sounds = Recording.select().where(Recording.tenant == tenant, Recording.recording.in_(names))
    kept = {sound.recording: sound for sound in sounds}
    records = CallRecord.select().where(CallRecord.tenant == tenant, CallRecord.call.in_(calls))
    known = {record.call: record for record in records}
    return [Message(row, kept[row.recording], known.get(row.call)) for row in rows if row.recording in kept]
