"""What people do with webhooks: add, change, look at what was sent, send again; changes are in the audit (API-1)."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Database

from orchestrator.database import webhooks as rows
from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.models import Webhook, WebhookDelivery
from orchestrator.database.paging import Page
from orchestrator.jobs import DELIVER_WEBHOOK, Jobs
from orchestrator.webhooks.addresses import BadAddressError, Network, check_url
from orchestrator.webhooks.kinds import TEST, Kind
from orchestrator.webhooks.signing import new_salt, secret_of
from webui.errors import NotFoundError, WebError

AREA = "webhooks"

#: Webhooks of a tenant.
MOST = 20


class WebhookRefusedError(WebError):
    """A webhook makes no sense; `fields` say where."""

    id, status = "invalid", 422


class TooManyWebhooksError(WebError):
    """The tenant has as many as it may: `most`."""

    id, status = "too_many_webhooks", 409


class WebhookOffError(WebError):
    """Nothing is sent to a webhook that is off."""

    id, status = "webhook_off", 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What people enter."""

    name: str
    url: str
    events: Sequence[Kind]
    active: bool


class Webhooks:
    """One tenant's at a time. Raises NotFoundError for webhooks that the tenant has not."""

    def __init__(
        self, database: Database, secret: str, private: Sequence[Network], jobs: Jobs, now: Callable[[], int]
    ) -> None:
        """`secret` is what the webhooks' own are made of; `private` are networks besides the internet; `now` us UTC."""
        self._database, self._secret, self._private, self._jobs, self._now = database, secret, private, jobs, now

    def all(self, tenant: str) -> list[Webhook]:
        """Return a tenant's, by name."""
        return rows.webhooks_of(tenant)

    def one(self, tenant: str, id_: str) -> Webhook:
        """Return one."""
        found = rows.find_webhook(tenant, _number(id_))
        if found is None:
            raise NotFoundError
        return found

    def add(self, tenant: str, wish: Wish, by: str) -> Webhook:
        """Add one; raises WebhookRefusedError with `fields`, or TooManyWebhooksError."""
        self._check(wish)
        with one_writer(self._database, f"webhooks of {tenant}"):
            if len(rows.webhooks_of(tenant)) >= MOST:
                raise TooManyWebhooksError(most=str(MOST))
            _free(tenant, wish.name, None)
            row = Webhook.create(tenant=tenant, salt=new_salt(), created=self._now(), created_by=by, **_columns(wish))
            note_change(tenant, AREA, str(row.id), by, row.created, None, _columns(wish))
        return row

    def change(self, tenant: str, id_: str, wish: Wish, by: str) -> Webhook:
        """Change one; switching it on forgets that it failed."""
        self._check(wish)
        with one_writer(self._database, f"webhooks of {tenant}"):
            row = self.one(tenant, id_)
            _free(tenant, wish.name, row.id)
            before = {name: getattr(row, name) for name in _columns(wish)}
            fresh = not row.active and wish.active
            health = {"failures": 0, "failing_since": None, "retry_at": None} if fresh else {}
            values: dict[str, Any] = _columns(wish) | health | {"paused_at": None}
            Webhook.update(values).where(Webhook.id == row.id).execute()
            note_change(tenant, AREA, str(row.id), by, self._now(), before, _columns(wish))
        return self.one(tenant, id_)

    def remove(self, tenant: str, id_: str, by: str) -> None:
        """Remove one, with all that is known of its messages."""
        with self._database.atomic():
            row = self.one(tenant, id_)
            before = {"name": row.name, "url": row.url, "events": row.events, "active": row.active}
            WebhookDelivery.delete().where(WebhookDelivery.webhook == row.id).execute()
            row.delete_instance()
            note_change(tenant, AREA, str(row.id), by, self._now(), before, None)

    def secret(self, row: Webhook) -> str:
        """Return what its messages are signed with."""
        return secret_of(self._secret, row.salt)

    def renew_secret(self, tenant: str, id_: str, by: str) -> Webhook:
        """Give it another secret; messages are signed with it from now on."""
        with self._database.atomic():
            row = self.one(tenant, id_)
            Webhook.update(salt=new_salt()).where(Webhook.id == row.id).execute()
            note_change(tenant, AREA, str(row.id), by, self._now(), None, {"act": "secret"})
        return self.one(tenant, id_)

    def test(self, tenant: str, id_: str) -> None:
        """Send a message that says nothing; raises WebhookOffError."""
        row, now = self._on(tenant, id_), self._now()
        name = f"test-{secrets.token_hex(6)}"
        rows.add_delivery(row, rows.Message(id=name, type=TEST, at=now, data={"webhook": row.name}), now)
        Webhook.update(retry_at=None).where(Webhook.id == row.id).execute()
        self._jobs.add(DELIVER_WEBHOOK, tenant, row.id)

    def deliveries(
        self, tenant: str, id_: str, status: str | None, cursor: str | None, size: int
    ) -> Page[WebhookDelivery]:
        """Return a page of what was sent, newest first."""
        return rows.deliveries(self.one(tenant, id_), status, cursor, size)

    def delivery(self, tenant: str, id_: str, delivery: str) -> WebhookDelivery:
        """Return one message."""
        found = rows.find_delivery(self.one(tenant, id_), _number(delivery))
        if found is None:
            raise NotFoundError
        return found

    def replay(self, tenant: str, id_: str, by: str, delivery: str | None = None) -> int:
        """Send one message again, or all that failed; returns how many wait now. Raises WebhookOffError."""
        row = self._on(tenant, id_)
        number = None if delivery is None else self.delivery(tenant, id_, delivery).id
        with self._database.atomic():
            waiting = rows.replay(row, self._now(), number)
            note_change(tenant, AREA, id_, by, self._now(), None, {"act": "replay", "messages": waiting})
        self._jobs.add(DELIVER_WEBHOOK, tenant, row.id)
        return waiting

    def _on(self, tenant: str, id_: str) -> Webhook:
        row = self.one(tenant, id_)
        if not row.active:
            raise WebhookOffError
        return row

    def _check(self, wish: Wish) -> None:
        try:
            check_url(wish.url, self._private)
        except BadAddressError as error:
            raise WebhookRefusedError(fields={"url": error.reason}) from error


def _free(tenant: str, name: str, own: int | None) -> None:
    taken = Webhook.get_or_none(Webhook.tenant == tenant, Webhook.name == name)
    if taken is not None and taken.id != own:
        raise WebhookRefusedError(fields={"name": "name_taken"})


def _columns(wish: Wish) -> dict[str, Any]:
    events = [kind.value for kind in Kind if kind in wish.events]
    return {"name": wish.name, "url": wish.url, "events": events, "active": wish.active}


def _number(id_: str) -> int:
    if not (id_.isascii() and id_.isdigit() and len(id_) <= 18):
        raise NotFoundError
    return int(id_)
