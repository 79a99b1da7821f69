"""Recordings of calls: what there is, links to listen and to download, keeping and deleting (REC-1)."""

from typing import Annotated

from apiflask import APIBlueprint, FileSchema
from flask import Response, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wsgi import wrap_file

from orchestrator.database.models import Recording
from orchestrator.recordings.links import Grant, Purpose
from orchestrator.recordings.sound import FORMAT
from webui.api.calls import seen_detail
from webui.api.shapes import Input, Moment, Query, Term
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, public, requires
from webui.recordings import Recordings
from webui.scoping import agents_within
from webui.services import services

bp = APIBlueprint("recordings", __name__, url_prefix="/api/v1", tag="Recordings")

#: What each kind of link needs.
NEEDED = {Purpose.LISTEN: Permission.LISTEN_TO_RECORDINGS, Purpose.DOWNLOAD: Permission.DOWNLOAD_RECORDINGS}


class RecordingOut(BaseModel):
    """A recording of a call. Times us UTC; `started` is when the sound begins, null = the switch never said.

    `status`: expected (not in the store yet), missing or broken (tried again for a day, then a dead letter), stored,
    deleting, deleted; `problem` is short where the file is shorter than the switch told,
    storage where there was no room to store it, switch_ended where the switch ended in the middle and left none.
    `pauses` are `[from, to, cause]`. Channels: the customer is left, the agent right.
    """

    model_config = ConfigDict(from_attributes=True)

    recording: str
    kind: str
    call: str
    queue: str | None
    agent: str | None
    begun: int
    started: int | None
    ended: int
    status: str
    problem: str
    ms: int | None
    size: int | None
    channels: int | None
    sha256: str | None
    pauses: list[tuple[int, int, str]]
    held: bool
    deleted_at: int | None
    deleted_by: str | None
    deleted_by_name: str | None = None


class RecordingList(BaseModel):
    """What was recorded of a call, in order."""

    items: list[RecordingOut]


class LinkOut(BaseModel):
    """A link that needs no log-in and works until `expires` (seconds since 1970)."""

    url: str
    expires: int


class PeaksOut(BaseModel):
    """The waveform: for each channel the loudest sample (0-127) of equal parts of the whole length."""

    channels: list[list[int]]


class HoldWish(Input):
    """Whether the recording is kept whatever its age."""

    held: bool


class AudioQuery(Query):
    """What a link holds."""

    tenant: Term
    purpose: Purpose
    expires: Moment
    signature: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@bp.get("/calls/<call>/recordings")
@requires(Permission.LISTEN_TO_RECORDINGS)
@bp.output(RecordingList)
def of_call(call: str) -> RecordingList:
    """List what was recorded of a call that is over."""
    seen_detail(call)
    return RecordingList(items=_shown(_recordings().of_call(tenant(), call)))


@bp.post("/recordings/<recording>/listen")
@requires(Permission.LISTEN_TO_RECORDINGS)
@bp.output(LinkOut)
def listen(recording: str) -> LinkOut:
    """Make a link to listen by, for some minutes; noted in the audit."""
    return _link(recording, Purpose.LISTEN)


@bp.post("/recordings/<recording>/download")
@requires(Permission.DOWNLOAD_RECORDINGS)
@bp.output(LinkOut)
def download(recording: str) -> LinkOut:
    """Make a link to save the sound by, for some minutes; noted in the audit."""
    return _link(recording, Purpose.DOWNLOAD)


@bp.get("/recordings/<recording>/audio")
@public  # the signature tells who may
@bp.input(AudioQuery, location="query")
@bp.output(FileSchema(), content_type=FORMAT, description="Opus in Ogg; parts by Range")
def audio(recording: str, query_data: AudioQuery) -> Response:
    """Send the sound that a link leads to."""
    asked = Grant(tenant=query_data.tenant, recording=recording, purpose=query_data.purpose, expires=query_data.expires)
    sound = _recordings().sound(asked, query_data.signature)
    answer = Response(wrap_file(request.environ, sound.file), mimetype=FORMAT, direct_passthrough=True)
    answer.call_on_close(sound.file.close)
    answer.content_length = sound.size
    answer.set_etag(sound.tag)
    answer.cache_control.private = answer.cache_control.no_store = True
    if asked.purpose is Purpose.DOWNLOAD:
        answer.headers.set("Content-Disposition", "attachment", filename=f"{recording}.ogg")
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=sound.size)
    return answer


@bp.get("/recordings/<recording>/peaks")
@requires(Permission.LISTEN_TO_RECORDINGS)
@bp.output(PeaksOut)
def peaks(recording: str) -> PeaksOut:
    """Show the waveform."""
    _seen(recording, Permission.LISTEN_TO_RECORDINGS)
    return PeaksOut(channels=_recordings().peaks(tenant(), recording))


@bp.put("/recordings/<recording>/hold")
@requires(Permission.HOLD_RECORDINGS)
@bp.input(HoldWish)
@bp.output(RecordingOut)
def hold(recording: str, json_data: HoldWish) -> RecordingOut:
    """Keep a recording whatever its age, or no longer."""
    return _shown([_recordings().hold(tenant(), recording, json_data.held, identity().id)])[0]


@bp.delete("/recordings/<recording>")
@requires(Permission.DELETE_RECORDINGS)
@bp.output({}, status_code=204)
def delete(recording: str) -> tuple[str, int]:
    """Delete the sound for ever; refused with 409 while it is kept."""
    _recordings().delete(tenant(), recording, identity().id)
    return "", 204


def _recordings() -> Recordings:
    return services().recordings


def _link(recording: str, purpose: Purpose) -> LinkOut:
    _seen(recording, NEEDED[purpose])
    made = _recordings().link(tenant(), recording, purpose, identity().id)
    url = url_for(
        "recordings.audio",
        recording=recording,
        tenant=made.grant.tenant,
        purpose=made.grant.purpose.value,
        expires=made.grant.expires,
        signature=made.signature,
    )
    return LinkOut(url=url, expires=made.grant.expires)


def _seen(recording: str, permission: Permission) -> Recording:
    """Find a recording within the permission's scope: one's own are those of calls that one took; or NotFoundError."""
    row, covered = _recordings().one(tenant(), recording), agents_within(permission)
    if covered is not None and row.agent not in covered:
        raise NotFoundError
    return row


def _shown(rows: list[Recording]) -> list[RecordingOut]:
    people = services().names.people(tenant(), {row.deleted_by for row in rows if row.deleted_by})
    shown = [RecordingOut.model_validate(row) for row in rows]
    return [one.model_copy(update={"deleted_by_name": people.get(one.deleted_by or "")}) for one in shown]
