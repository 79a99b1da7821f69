"""Webhooks and their deliveries: always one tenant's (SAFE-3)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import Expression, fn

from orchestrator.database.models import Webhook, WebhookDelivery
from orchestrator.database.paging import Page, read_page

DAY_US = 24 * 3600 * 1_000_000

#: A message is tried for so long.
KEEP_TRYING_US = DAY_US

#: A webhook that has failed for so long is switched off.
PAUSE_US = DAY_US

#: A webhook that failed at every try for longer than this was away, and it was not about single messages.
OUTAGE_US = 600 * 1_000_000

#: Error of messages that came while the webhook was switched off because it failed.
PAUSED = "paused"

#: Pauses (s) after each try of a message, the last one repeated.
AGAIN_S = (5, 30, 120, 600, 1800, 3600, 7200, 14_400)

#: The longest pause (s) of a webhook whose every message fails: one message a time asks whether it is back.
LONGEST_REST_S = 300


class Status(StrEnum):
    """How far a message is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What happened, for one or several webhooks: `id` is unique in the tenant, `at` us UTC."""

    id: str
    type: str
    at: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a try: the answer's status (None = none came), how long it took, what went wrong."""

    code: int | None
    ms: int
    error: str

    @property
    def well(self) -> bool:
        """Whether the message has arrived."""
        return not self.error


def webhooks_of(tenant: str) -> list[Webhook]:
    """Read a tenant's webhooks by name."""
    return list(Webhook.select().where(Webhook.tenant == tenant).order_by(Webhook.name, Webhook.id))


def find_webhook(tenant: str, id_: int) -> Webhook | None:
    """Read one of a tenant's, None when there is none."""
    found: Webhook | None = Webhook.get_or_none(Webhook.tenant == tenant, Webhook.id == id_)
    return found


def listening(tenant: str) -> list[Webhook]:
    """Read those that are told what happens, or were until they failed for too long."""
    on = (Webhook.active == True) | Webhook.paused_at.is_null(False)  # noqa: E712 - SQL
    return list(Webhook.select().where(Webhook.tenant == tenant, on))


def add_deliveries(webhooks: Iterable[Webhook], messages: Iterable[Message], now: int) -> None:
    """Write messages for the webhooks that want them, each once a webhook however often it is asked."""
    kept = list(messages)
    rows = [_row(webhook, one, now) for webhook in webhooks for one in kept if one.type in webhook.events]
    if rows:
        WebhookDelivery.insert_many(rows).on_conflict_ignore().execute()


def add_delivery(webhook: Webhook, message: Message, now: int) -> None:
    """Write a message for one webhook whatever it wants."""
    WebhookDelivery.insert(_row(webhook, message, now)).on_conflict_ignore().execute()


def due_webhooks(now: int) -> list[tuple[str, int]]:
    """Name (tenant, id) the webhooks that have something to be sent now."""
    due = (WebhookDelivery.status == Status.PENDING.value) & (WebhookDelivery.due <= now)
    found = (
        Webhook.select(Webhook.tenant, Webhook.id)
        .join(WebhookDelivery)
        .where(due, Webhook.active == True, _rested(now))  # noqa: E712 - SQL
        .distinct()
    )
    return [(row.tenant_id, row.id) for row in found]


def take_due(tenant: str, webhook: int, now: int, lease_us: int) -> tuple[Webhook, WebhookDelivery] | None:
    """Take the next message of a webhook to be sent; others may take it again after `lease_us`.

    None when there is none, or the webhook is off or rests. The try counts from now on: one that never ends is a
    failed one.
    """
    row = find_webhook(tenant, webhook)
    if row is None or not row.active or (row.retry_at or 0) > now:
        return None
    waiting = (WebhookDelivery.webhook == webhook) & (WebhookDelivery.status == Status.PENDING.value)
    found = WebhookDelivery.select().where(waiting, WebhookDelivery.due <= now)
    for one in found.order_by(WebhookDelivery.due, WebhookDelivery.id).limit(10):
        mine = (WebhookDelivery.id == one.id) & (WebhookDelivery.due == one.due) & waiting
        taken = {"due": now + lease_us, "attempts": one.attempts + 1, "attempted": now, "error": "interrupted"}
        if WebhookDelivery.update(taken).where(mine).execute():
            return row, WebhookDelivery.get_by_id(one.id)
    return None


def note_answer(webhook: Webhook, taken: WebhookDelivery, answer: Answer, now: int) -> None:
    """Note what became of a try, and when there is another; nothing when another worker has taken the message since."""
    mine = (WebhookDelivery.id == taken.id) & (WebhookDelivery.attempts == taken.attempts)
    values: dict[str, Any] = {"code": answer.code, "ms": answer.ms, "error": answer.error}
    if answer.well:
        values |= {"status": Status.DELIVERED.value, "due": None}
    else:
        again = now + AGAIN_S[min(taken.attempts, len(AGAIN_S)) - 1] * 1_000_000
        over = again > taken.until
        values |= {"status": Status.FAILED.value, "due": None} if over else {"due": again}
    still = WebhookDelivery.status == Status.PENDING.value
    if WebhookDelivery.update(values).where(mine, still).execute():
        _note_health(webhook, answer.well, now)


def _note_health(webhook: Webhook, well: bool, now: int) -> None:
    """A webhook that answers has no past; one that doesn't rests for ever longer."""
    if well:
        values: dict[str, Any] = {"failures": 0, "failing_since": None, "retry_at": None}
        if webhook.failing_since and now - webhook.failing_since > OUTAGE_US:
            _send_now(webhook, now)
    else:
        failures = Webhook.get_by_id(webhook.id).failures + 1
        rest = min(5 * 2 ** min(failures - 1, 10), LONGEST_REST_S)
        values = {
            "failures": failures,
            "failing_since": fn.COALESCE(Webhook.failing_since, now),
            "retry_at": now + rest * 1_000_000,
        }
    Webhook.update(values).where(Webhook.id == webhook.id).execute()


def _send_now(webhook: Webhook, now: int) -> None:
    """After an outage nothing waits for its next try."""
    waiting = (WebhookDelivery.webhook == webhook.id) & (WebhookDelivery.status == Status.PENDING.value)
    WebhookDelivery.update(due=now).where(waiting, WebhookDelivery.due > now).execute()


def failing_too_long(now: int) -> list[Webhook]:
    """Read those that are on and have failed for a day."""
    long = Webhook.failing_since <= now - PAUSE_US
    return list(Webhook.select().where(Webhook.active == True, long))  # noqa: E712 - SQL


def pause(webhook: Webhook, now: int) -> bool:
    """Switch a webhook off because it fails; its messages can be sent again by hand. Tell whether it was on."""
    on = (Webhook.id == webhook.id) & (Webhook.active == True) & Webhook.failing_since.is_null(False)  # noqa: E712 - SQL
    if not Webhook.update(active=False, paused_at=now).where(on).execute():
        return False
    _fail(WebhookDelivery.webhook == webhook.id, PAUSED)
    return True


def give_up(now: int) -> None:
    """Give up messages whose time is over though no try said so: those of webhooks that rest or are off."""
    _fail((WebhookDelivery.until < now) & (WebhookDelivery.due < now), "too_late")


def replay(webhook: Webhook, now: int, delivery: int | None = None) -> int:
    """Send a message again, delivered or not, or all that failed; returns how many wait now."""
    wanted = WebhookDelivery.webhook == webhook.id
    if delivery is None:
        wanted &= WebhookDelivery.status == Status.FAILED.value
    else:
        wanted &= WebhookDelivery.id == delivery
    again = {"status": Status.PENDING.value, "due": now, "until": now + KEEP_TRYING_US, "attempts": 0, "error": ""}
    Webhook.update(retry_at=None).where(Webhook.id == webhook.id).execute()
    return int(WebhookDelivery.update(again).where(wanted).execute())


def deliveries(webhook: Webhook, status: str | None, cursor: str | None, size: int) -> Page[WebhookDelivery]:
    """Read a page of a webhook's messages, newest first; raises BadCursorError."""
    conditions = [WebhookDelivery.webhook == webhook.id]
    if status:
        conditions.append(WebhookDelivery.status == status)
    return read_page(WebhookDelivery, WebhookDelivery.created, conditions, cursor, size)


def find_delivery(webhook: Webhook, id_: int) -> WebhookDelivery | None:
    """Read one message of a webhook's, None when there is none."""
    found: WebhookDelivery | None = WebhookDelivery.get_or_none(
        WebhookDelivery.webhook == webhook.id, WebhookDelivery.id == id_
    )
    return found


def _rested(now: int) -> Expression:
    return Webhook.retry_at.is_null() | (Webhook.retry_at <= now)


def _fail(which: Expression, error: str) -> None:
    pending = WebhookDelivery.status == Status.PENDING.value
    values = {"status": Status.FAILED.value, "due": None, "error": error}
    WebhookDelivery.update(values).where(pending, which).execute()


def _row(webhook: Webhook, message: Message, now: int) -> dict[str, Any]:
    told = {"id": message.id, "type": message.type, "at": message.at, "tenant": webhook.tenant_id, "data": message.data}
    return {
        "tenant": webhook.tenant_id,
        "webhook": webhook.id,
        "event_id": message.id,
        "type": message.type,
        "body": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        "created": now,
        "status": (Status.PENDING if webhook.active else Status.FAILED).value,
        "due": now if webhook.active else None,
        "until": now + KEEP_TRYING_US,
        "error": "" if webhook.active else PAUSED,
    }
