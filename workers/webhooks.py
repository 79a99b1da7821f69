"""Bringing messages to webhooks: at least once, tried again for a day, one that stays away is switched off."""

from collections.abc import Callable, Iterable, Sequence

import structlog
from rq import get_current_job

from orchestrator.database.audit import note_change
from orchestrator.database.connection import bound_database
from orchestrator.database.models import Webhook, WebhookDelivery
from orchestrator.database.webhooks import (
    Answer,
    due_webhooks,
    failing_too_long,
    give_up,
    note_answer,
    pause,
    take_due,
)
from orchestrator.jobs import DELIVER_WEBHOOK, Jobs
from orchestrator.webhooks.addresses import Network
from orchestrator.webhooks.signing import secret_of, signed_headers
from workers.bills import now_us
from workers.notices import tell_paused
from workers.webhook_post import post

#: A message that a worker has taken is free again after this (us): longer than its job may last.
LEASE_US = 90 * 1_000_000

#: One job sends for so long (us), then the next of another webhook has its turn.
TURN_US = 15 * 1_000_000

#: Who switches off what fails.
BY_ITSELF = "webhooks"


class Courier:
    """Sends what is due."""

    def __init__(self, installation: str, private: Sequence[Network], now: Callable[[], int]) -> None:
        """`installation` is the secret that the webhooks' are made of, `now` gives us UTC."""
        self._installation, self._private, self._now = installation, private, now
        self._log = structlog.get_logger("webhooks")

    def deliver(self, tenant: str, webhook: int) -> bool:
        """Send a webhook's messages, the longest due first, until one fails or its turn is over.

        Tell whether more are to be sent at once.
        """
        end = self._now() + TURN_US
        while self._now() < end:
            taken = take_due(tenant, webhook, self._now(), LEASE_US)
            if taken is None:
                return False
            if not self._send(*taken):
                return False
        return True

    def _send(self, webhook: Webhook, message: WebhookDelivery) -> bool:
        body = message.body.encode()
        secret = secret_of(self._installation, webhook.salt)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Zuoxi-Webhooks/1",
            **signed_headers(secret, message.event_id, self._now() // 1_000_000, body),
        }
        answer = post(webhook.url, headers, body, self._private)
        with bound_database().atomic():
            note_answer(webhook, message, answer, self._now())
        self._say(webhook, message, answer)
        return answer.well

    def _say(self, webhook: Webhook, message: WebhookDelivery, answer: Answer) -> None:
        if not answer.well:
            told = {"tenant": webhook.tenant_id, "webhook": webhook.id, "message": message.event_id}
            self._log.warning("webhook failed", **told, code=answer.code, error=answer.error, try_=message.attempts)


def deliver_later(tenant: str, webhooks: Iterable[int], jobs: Jobs | None = None) -> None:
    """Enqueue the sending for webhooks that have something new.

    Whoever dies before this loses nothing: `send_due` finds it within ten seconds.
    """
    job = get_current_job()
    if jobs is None and job is None:
        return
    queue = jobs or Jobs(job.connection)  # type: ignore[union-attr]  # one of the two is there
    for webhook in webhooks:
        queue.add(DELIVER_WEBHOOK, tenant, webhook, job_id=f"webhook_{tenant}_{webhook}_{now_us() // 1_000_000}")


def send_due(jobs: Jobs, now: int) -> None:
    """Have everything sent that is due, give up what is too old, and switch off what has failed for a day."""
    give_up(now)
    for webhook in failing_too_long(now):
        _switch_off(webhook, now)
    for tenant, id_ in due_webhooks(now):
        jobs.add(DELIVER_WEBHOOK, tenant, id_, job_id=f"webhook_{tenant}_{id_}")


def _switch_off(webhook: Webhook, now: int) -> None:
    with bound_database().atomic():
        if pause(webhook, now):
            before, after = {"active": True}, {"active": False, "failing_since": webhook.failing_since}
            note_change(webhook.tenant_id, "webhooks", str(webhook.id), BY_ITSELF, now, before, after)
            tell_paused(webhook, now)
            structlog.get_logger("webhooks").warning(
                "webhook switched off", tenant=webhook.tenant_id, webhook=webhook.id, since=webhook.failing_since
            )
