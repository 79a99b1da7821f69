"""Voicemail: messages that callers have left, who deals with them (QUEUE-1, IVR-1)."""

from collections.abc import Mapping
from typing import Annotated

from apiflask import APIBlueprint
from flask import url_for
from pydantic import BaseModel, Field

from orchestrator.database.audit import note_change
from orchestrator.database.recordings import UnknownRecordingError
from orchestrator.database.voicemails import Mailboxes, Message, change_message, count_new, list_messages, message_of
from orchestrator.recordings.links import Purpose
from orchestrator.store.news import News, voicemails_changed
from webui.api.recordings import LinkOut, PeaksOut
from webui.api.shapes import Input, Limit, Query, Term
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.scoping import agents_within, queues_within
from webui.services import services

bp = APIBlueprint("voicemails", __name__, url_prefix="/api/v1/voicemails", tag="Voicemail")

AREA = "voicemail"


class VoicemailQuery(Query):
    """Which messages: done or new, left out = all."""

    done: bool | None = None
    cursor: Term | None = None
    limit: Limit = 50


class VoicemailOut(BaseModel):
    """A message of `caller` to the mailbox of a queue, an agent, or with neither the company's. Times us UTC.

    `status` is that of a recording: only what is `stored` can be heard; `ms` is null until then. `done_at` null = new.
    """

    recording: str
    call: str
    caller: str | None
    number: str | None
    queue: str | None
    agent: str | None
    at: int
    ms: int | None
    channels: int | None
    status: str
    done_at: int | None
    done_by: str | None
    done_by_name: str | None
    note: str


class VoicemailPage(BaseModel):
    """Messages, newest first; `next` is the cursor of the page after this; `new` counts those nobody has dealt with."""

    items: list[VoicemailOut]
    next: str | None
    new: int


class VoicemailWish(Input):
    """Whether somebody has dealt with a message, and what is noted of it."""

    done: bool
    note: Annotated[str, Field(max_length=500)] = ""


@bp.get("")
@requires(Permission.VIEW_VOICEMAIL)
@bp.input(VoicemailQuery, location="query")
@bp.output(VoicemailPage)
def index(query_data: VoicemailQuery) -> VoicemailPage:
    """List messages."""
    covered = _boxes(Permission.VIEW_VOICEMAIL)
    page = list_messages(tenant(), covered, query_data.done, query_data.cursor, query_data.limit)
    return VoicemailPage(items=_shown(page.items), next=page.next, new=count_new(tenant(), covered))


@bp.post("/<recording>/listen")
@requires(Permission.VIEW_VOICEMAIL)
@bp.output(LinkOut)
def listen(recording: str) -> LinkOut:
    """Make a link to listen by, for some minutes; noted in the audit."""
    _seen(recording, Permission.VIEW_VOICEMAIL)
    made = services().recordings.link(tenant(), recording, Purpose.LISTEN, identity().id)
    grant = made.grant
    url = url_for(
        "recordings.audio", recording=recording, tenant=grant.tenant, purpose=grant.purpose.value,
        expires=grant.expires, signature=made.signature,
    )  # fmt: skip
    return LinkOut(url=url, expires=grant.expires)


@bp.get("/<recording>/peaks")
@requires(Permission.VIEW_VOICEMAIL)
@bp.output(PeaksOut)
def peaks(recording: str) -> PeaksOut:
    """Show the waveform."""
    _seen(recording, Permission.VIEW_VOICEMAIL)
    return PeaksOut(channels=services().recordings.peaks(tenant(), recording))


@bp.put("/<recording>")
@requires(Permission.ACT_ON_VOICEMAIL)
@bp.input(VoicemailWish)
@bp.output(VoicemailOut)
def change(recording: str, json_data: VoicemailWish) -> VoicemailOut:
    """Say that a message is dealt with, or not, and note something; who dealt with it first stays."""
    before = _seen(recording, Permission.ACT_ON_VOICEMAIL).row
    at, by = (before.done_at, before.done_by) if before.done_at else (services().clock.now(), identity().id)
    done_at, done_by = (at, by) if json_data.done else (None, None)
    change_message(tenant(), recording, json_data.note.strip(), done_at, done_by)
    note_change(tenant(), AREA, recording, identity().id, services().clock.now(), None, {"done": json_data.done})
    _tell()
    return _shown([_seen(recording, Permission.ACT_ON_VOICEMAIL)])[0]


@bp.delete("/<recording>")
@requires(Permission.ACT_ON_VOICEMAIL)
@bp.output({}, status_code=204)
def delete(recording: str) -> tuple[str, int]:
    """Delete a message for ever; refused with 409 while its recording is kept."""
    _seen(recording, Permission.ACT_ON_VOICEMAIL)
    services().recordings.delete(tenant(), recording, identity().id)
    _tell()
    return "", 204


def _tell() -> None:
    """Have the pages of others show the same."""
    News(services().redis).tell(voicemails_changed(tenant()))


def _seen(recording: str, permission: Permission) -> Message:
    """Find a message within the permission's scope, or NotFoundError."""
    try:
        return message_of(tenant(), recording, _boxes(permission))
    except UnknownRecordingError as unknown:
        raise NotFoundError from unknown


def _boxes(permission: Permission) -> Mailboxes | None:
    """Return the mailboxes within a permission's scope: of the agents, and of the queues that these serve; None = all.

    Nobody in particular answers the company's calls: its mailbox is for those who see everybody's.
    """
    agents, queues = agents_within(permission), queues_within(permission)
    return None if agents is None or queues is None else Mailboxes(agents=agents, queues=queues)


def _shown(messages: list[Message]) -> list[VoicemailOut]:
    names = services().names.people(tenant(), {one.row.done_by for one in messages if one.row.done_by})
    return [_out(message, names) for message in messages]


def _out(message: Message, names: Mapping[str, str]) -> VoicemailOut:
    kept, row, call = message.recording, message.row, message.call
    return VoicemailOut(
        recording=kept.recording,
        call=kept.call,
        caller=call.caller if call else None,
        number=call.number if call else None,
        queue=row.queue,
        agent=row.agent,
        at=row.at,
        ms=kept.ms or kept.told_ms,
        channels=kept.channels,
        status=kept.status,
        done_at=row.done_at,
        done_by=row.done_by,
        done_by_name=names.get(row.done_by or ""),
        note=row.note,
    )
