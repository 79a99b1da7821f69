"""Webhooks: other systems are told what happens (API-1)."""

from typing import Annotated, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.database.models import Webhook, WebhookDelivery
from orchestrator.webhooks.addresses import LONGEST_URL
from orchestrator.webhooks.kinds import Kind
from webui.api.shapes import PRINTABLE, Input, Limit, Query, Term
from webui.errors import InvalidSettingError
from webui.idempotency import tell_secret
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.webhooks import WebhookRefusedError, Webhooks, Wish

bp = APIBlueprint("webhooks", __name__, url_prefix="/api/v1/webhooks", tag="Webhooks")


class WebhookIn(Input):
    """Where messages go (https, a public address), of which kinds of events, and whether now."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTABLE)]
    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL, pattern=PRINTABLE)]
    events: Annotated[list[Kind], Field(min_length=1, max_length=len(Kind))]
    active: bool = True


class WebhookOut(BaseModel):
    """A webhook. Times us UTC: it fails since `failing_since` and is not asked before `retry_at`; at `paused_at` it was
    switched off because it had failed for a day.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    url: str
    events: list[Kind]
    active: bool
    created: int
    created_by: str
    created_by_name: str | None = None
    failures: int
    failing_since: int | None
    retry_at: int | None
    paused_at: int | None


class WebhookWithSecret(WebhookOut):
    """`secret` is shown this once."""

    secret: str


class WebhookList(BaseModel):
    """The webhooks by name, and every kind of event that there is."""

    items: list[WebhookOut]
    kinds: list[Kind]


class DeliveryOut(BaseModel):
    """A message and what became of it. Times us UTC; `status` is pending, delivered or failed.

    The last of `attempts` was at `attempted`: `code` is the answer's status (null = none came), `ms` how long it took,
    `error` an id. The next try is at `due`, none is made after `until`.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    event_id: str
    type: str
    created: int
    status: str
    due: int | None
    until: int
    attempts: int
    attempted: int | None
    code: int | None
    ms: int | None
    error: str


class DeliveryDetail(DeliveryOut):
    """With what is sent: `body` is signed as it stands here."""

    body: str


class DeliveryPage(BaseModel):
    """Messages, newest first; `next` is the cursor of the next page, null on the last."""

    items: list[DeliveryOut]
    next: str | None


class DeliveryQuery(Query):
    """Which messages."""

    status: Literal["pending", "delivered", "failed"] | None = None
    cursor: Term | None = None
    limit: Limit = 50


class Replayed(BaseModel):
    """How many messages wait to be sent again."""

    waiting: int


@bp.get("")
@requires(Permission.VIEW_WEBHOOKS)
@bp.output(WebhookList)
def index() -> WebhookList:
    """List the webhooks."""
    return WebhookList(items=_shown(_webhooks().all(tenant())), kinds=list(Kind))


@bp.post("")
@requires(Permission.EDIT_WEBHOOKS)
@bp.input(WebhookIn)
@bp.output(WebhookWithSecret, status_code=201)
def add(json_data: WebhookIn) -> WebhookWithSecret:
    """Add a webhook. The answer has its secret, which is never shown again."""
    with _Refusals():
        row = _webhooks().add(tenant(), _wish(json_data), identity().id)
    return _with_secret(row)


@bp.put("/<webhook>")
@requires(Permission.EDIT_WEBHOOKS)
@bp.input(WebhookIn)
@bp.output(WebhookOut)
def change(webhook: str, json_data: WebhookIn) -> WebhookOut:
    """Change a webhook; switched on again, it has no past."""
    with _Refusals():
        row = _webhooks().change(tenant(), webhook, _wish(json_data), identity().id)
    return _shown([row])[0]


@bp.delete("/<webhook>")
@requires(Permission.EDIT_WEBHOOKS)
@bp.output({}, status_code=204)
def remove(webhook: str) -> tuple[str, int]:
    """Remove a webhook and its messages."""
    _webhooks().remove(tenant(), webhook, identity().id)
    return "", 204


@bp.post("/<webhook>/secret")
@requires(Permission.EDIT_WEBHOOKS)
@bp.output(WebhookWithSecret)
def renew_secret(webhook: str) -> WebhookWithSecret:
    """Give a webhook another secret, shown this once; the old one signs nothing any more."""
    return _with_secret(_webhooks().renew_secret(tenant(), webhook, identity().id))


@bp.post("/<webhook>/test")
@requires(Permission.EDIT_WEBHOOKS)
@bp.output({}, status_code=202)
def test(webhook: str) -> tuple[str, int]:
    """Send a message of the type `webhook.test`; the deliveries tell what became of it."""
    _webhooks().test(tenant(), webhook)
    return "", 202


@bp.get("/<webhook>/deliveries")
@requires(Permission.VIEW_WEBHOOKS)
@bp.input(DeliveryQuery, location="query")
@bp.output(DeliveryPage)
def deliveries(webhook: str, query_data: DeliveryQuery) -> DeliveryPage:
    """List what was sent."""
    page = _webhooks().deliveries(tenant(), webhook, query_data.status, query_data.cursor, query_data.limit)
    return DeliveryPage(items=[DeliveryOut.model_validate(_delivery(row)) for row in page.rows], next=page.next)


@bp.get("/<webhook>/deliveries/<delivery>")
@requires(Permission.VIEW_WEBHOOKS)
@bp.output(DeliveryDetail)
def delivery(webhook: str, delivery: str) -> DeliveryDetail:
    """Show a message."""
    row = _webhooks().delivery(tenant(), webhook, delivery)
    return DeliveryDetail.model_validate({**_delivery(row), "body": row.body})


@bp.post("/<webhook>/deliveries/<delivery>/replay")
@requires(Permission.EDIT_WEBHOOKS)
@bp.output(Replayed)
def replay(webhook: str, delivery: str) -> Replayed:
    """Send a message again, whatever became of it."""
    return Replayed(waiting=_webhooks().replay(tenant(), webhook, identity().id, delivery))


@bp.post("/<webhook>/replay")
@requires(Permission.EDIT_WEBHOOKS)
@bp.output(Replayed)
def replay_failed(webhook: str) -> Replayed:
    """Send again everything that failed."""
    return Replayed(waiting=_webhooks().replay(tenant(), webhook, identity().id))


class _Refusals:
    """Says what is wrong in the user's language."""

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, WebhookRefusedError):
            texts = services().texts
            fields = {field: texts.message(f"webhooks.{reason}") for field, reason in error.fields.items()}
            raise InvalidSettingError(fields=fields) from error


def _webhooks() -> Webhooks:
    return services().webhooks


def _wish(json_data: WebhookIn) -> Wish:
    return Wish(name=json_data.name, url=json_data.url, events=json_data.events, active=json_data.active)


def _shown(rows: list[Webhook]) -> list[WebhookOut]:
    people = services().names.people(tenant(), {row.created_by for row in rows})
    return [WebhookOut.model_validate({**_fields(row), "created_by_name": people.get(row.created_by)}) for row in rows]


def _with_secret(row: Webhook) -> WebhookWithSecret:
    tell_secret()
    return WebhookWithSecret(**_shown([row])[0].model_dump(), secret=_webhooks().secret(row))


def _fields(row: Webhook) -> dict[str, object]:
    names = set(WebhookOut.model_fields) - {"id", "created_by_name"}
    return {"id": str(row.id), **{name: getattr(row, name) for name in names}}


def _delivery(row: WebhookDelivery) -> dict[str, object]:
    names = set(DeliveryOut.model_fields) - {"id"}
    return {"id": str(row.id), **{name: getattr(row, name) for name in names}}
