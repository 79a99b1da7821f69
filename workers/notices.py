"""Notices by e-mail: what happened, in the words of the tenant's language, for whoever it wants to be told."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestrator.database.billing.accounts import currency_of
from orchestrator.database.billing.ledger import balance_of
from orchestrator.database.call_places import find_record
from orchestrator.database.models import Agent, BillingAccount, Tenant, Webhook
from orchestrator.database.notices import Notice, NoticeArea, add_letters
from orchestrator.database.recordings import Kind, Status, recording_of
from orchestrator.domain.billing.money import shown
from orchestrator.domain.events import CallingAlert
from orchestrator.letters import letter
from workers.bills import now_us
from workers.event_log import StoredEvent, decode

LOCALES = Path(__file__).parent / "locales"


def tell_voicemail(tenant: str, recording: str) -> None:
    """Tell of a voicemail that can be heard."""
    row = recording_of(tenant, recording)
    if row.kind != Kind.VOICEMAIL or row.status != Status.STORED:
        return
    call = find_record(tenant, row.call)
    facts = {
        "caller": call.caller if call else "-",
        "seconds": str(round((row.ms or 0) / 1000)),
        "time": _time(tenant, row.begun),
        "call": row.call,
    }
    notify(tenant, Notice.VOICEMAIL, recording, facts)


def tell_balances() -> None:
    """Tell of each balance that is low, once for each time that it became so."""
    for account in BillingAccount.select().where(BillingAccount.low_since.is_null(False)):
        tenant, since, currency = account.tenant_id, int(account.low_since or 0), currency_of(account)
        facts = {
            "company": Tenant.get_by_id(tenant).name,
            "balance": shown(balance_of(tenant)[1], currency),
            "currency": currency,
            "time": _time(tenant, since),
        }
        notify(tenant, Notice.BALANCE_LOW, str(since), facts)


def tell_paused(webhook: Webhook, now: int) -> None:
    """Tell that a webhook was switched off at a moment because it failed."""
    since = _time(webhook.tenant_id, webhook.failing_since or now)
    facts = {"name": webhook.name, "url": webhook.url, "time": since}
    notify(webhook.tenant_id, Notice.WEBHOOK_PAUSED, f"{webhook.id}:{now}", facts)


def tell_alerts(tenant: str, stored: Iterable[StoredEvent]) -> None:
    """Tell of calls out that look like misuse (SAFE-4), each event once. Call it where the events are stored."""
    for row in stored:
        event = decode(row.type, row.json) if row.type == CallingAlert.type else None
        if isinstance(event, CallingAlert):
            _tell_alert(tenant, row.stream_id, event)


def _tell_alert(tenant: str, key: str, event: CallingAlert) -> None:
    settings = NoticeArea().find(tenant, tenant)
    if settings is None:
        return
    agent = Agent.get_or_none(Agent.tenant == tenant, Agent.key == event.agent)
    facts = {
        "agent": agent.name if agent else event.agent,
        "number": event.number,
        "refused": str(event.refused),
        "time": _time(tenant, event.at),
    }
    if event.limit:
        limit = _texts(settings.language)[f"limit.{event.limit}"]
        notify(tenant, Notice.CALLING_LIMIT, key, facts | {"limit": limit})
    else:
        notify(tenant, Notice.CALLING_REFUSED, key, facts)


def _time(tenant: str, at: int) -> str:
    """Return a moment in the tenant's time zone."""
    zone = ZoneInfo(Tenant.get_by_id(tenant).timezone)
    return datetime.fromtimestamp(at // 1_000_000, zone).strftime("%Y-%m-%d %H:%M")


def notify(tenant: str, notice: Notice, key: str, facts: Mapping[str, str]) -> None:
    """Write a notice for whoever wants it, once for each key. Call it where what happened is written."""
    settings = NoticeArea().find(tenant, tenant)
    if settings is None:
        return
    texts = _texts(settings.language)
    subject, body = (texts[f"{notice.value}.{part}"].format_map(facts) for part in ("subject", "body"))
    addresses = settings.recipients[notice]
    footer, about = texts["footer"], f"{notice.value}:{key}"
    letters = [letter(about, to, subject, body, footer, settings.language) for to in addresses]
    add_letters(tenant, letters, now_us())


@cache
def _texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    return found
