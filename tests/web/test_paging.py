"""Every list of the API is read whole, page by page, whatever is added meanwhile (API-1)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from orchestrator.database.customers import Card, add_customer
from orchestrator.database.models import (
    AgentStateInterval,
    AlertRow,
    AuditRow,
    BillingAccount,
    BlacklistEntry,
    CallerPriority,
    CallRecord,
    ChargeRow,
    Export,
    LedgerEntry,
    Recording,
    Tariff,
    User,
    VoicemailRow,
    Webhook,
    WebhookDelivery,
)
from tests.web.conftest import LogIn, Person
from webui.app import Web

Fill = Callable[[int], object]


def call(n: int) -> object:
    """Three calls of each moment."""
    return CallRecord.create(
        tenant="acme", call=f"c{n}", switch="s", caller="1", caller_name="", number="2", arrived=n // 3, ended=n,
        wait_us=0, ring_us=0, talk_us=0, outcome="abandoned", short=False, hung_up_by="caller", cause="",
    )  # fmt: skip


def state(n: int) -> object:
    return AgentStateInterval.create(
        tenant="acme", agent=f"a{n % 3}", started=n // 3, ended=n, state="online", since=1, reason="", mode="web",
        registered=True, cause="chosen", ms=n, n=n,
    )  # fmt: skip


def charge(n: int) -> object:
    return ChargeRow.create(
        tenant="acme", kind="call", reference=f"r{n}", month="2026-11", began=n // 3, tariff="t", version=1,
        currency="CNY", net=Decimal(1), tax=Decimal(0), total=Decimal(1), lines=[], at=n,
    )  # fmt: skip


def export(n: int) -> object:
    me = str(User.get(User.login == "admin@acme").id)
    return Export.create(
        tenant="acme", export=f"e{n}", asked_by=me, kind="calls", wanted={}, format="csv", language="en",
        created=n // 3, status="done", expires=10**15,
    )  # fmt: skip


def message(n: int) -> object:
    row = Recording.create(
        tenant="acme", recording=f"v{n}", kind="voicemail", call=f"c{n}", path="p", begun=n // 3, ended=n, pauses=[],
        status="stored", problem="", held=False,
    )  # fmt: skip
    return VoicemailRow.create(tenant="acme", recording=row.recording, call=row.call, at=n // 3)


def delivery(n: int) -> object:
    hook = Webhook.get_or_none() or Webhook.create(
        tenant="acme", name="h", url="https://x", events=[], salt="s", created=1, created_by="1"
    )
    return WebhookDelivery.create(
        tenant="acme", webhook=hook, event_id=f"e{n}", type="call.ended", body="{}", created=n // 3, until=n
    )


def movement(n: int) -> object:
    tariff = Tariff.get_or_none() or Tariff.create(id="standard", name="Standard", currency="CNY")
    BillingAccount.get_or_none() or BillingAccount.create(tenant="acme", tariff=tariff, since=1)
    return LedgerEntry.create(
        tenant="acme", n=n, at=n // 3, month="2026-11", kind="top_up", reference=f"r{n}", amount=Decimal(1),
        balance=Decimal(n),
    )  # fmt: skip


def alert(n: int) -> object:
    return AlertRow.create(
        tenant="acme", key=f"k{n}", kind="limit_reached", what="spend", first=1, last=n // 3, ms=n, n=n
    )


#: What adds a row to each list that has pages; a new list must be added here.
LISTS: dict[str, Fill] = {
    "/api/v1/calls": call,
    "/api/v1/state-log": state,
    "/api/v1/billing/charges": charge,
    "/api/v1/billing/movements": movement,
    "/api/v1/companies/{company}/movements": movement,
    "/api/v1/exports": export,
    "/api/v1/voicemails": message,
    "/api/v1/webhooks/{webhook}/deliveries": delivery,
    "/api/v1/alerts": alert,
    "/api/v1/audit": lambda n: AuditRow.create(tenant="acme", at=n // 3, who="1", area="x", key=f"k{n}", after={}),
    "/api/v1/customers": lambda n: add_customer("acme", Card(name=f"n{n}"), "1", n // 3),
    "/api/v1/blacklist": lambda n: BlacklistEntry.create(
        tenant="acme", number=f"{n}", entry=f"+86{n}", direction="in", created=n // 3, created_by="1"
    ),
    "/api/v1/caller-priorities": lambda n: CallerPriority.create(
        tenant="acme", number=f"{n}", entry=f"+86{n}", priority=1, description="", created=n // 3, created_by="1"
    ),
}


def paged(web: Web) -> list[str]:
    """Every list whose operation takes a cursor."""
    paths = web.app.test_client().get("/api/v1/openapi.json").json["paths"]
    return [
        path
        for path, methods in paths.items()
        if "cursor" in {parameter["name"] for parameter in methods.get("get", {}).get("parameters", [])}
    ]


def test_every_paged_list_is_walked(web: Web) -> None:
    """API-1: a list with pages that the walk doesn't know fails here."""
    assert sorted(paged(web)) == sorted(LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_pages_have_no_gap_and_no_double(log_in: LogIn, path: str) -> None:
    """API-1: seven rows, many of one moment, by pages of two, while newer ones come: each of the seven once."""
    admin, fill = log_in("operator" if "company" in path else "admin@acme"), LISTS[path]
    AuditRow.delete().execute()
    for number in range(3, 10):
        fill(number)
    address = (
        path.removeprefix("/api/v1")
        .replace("{company}", "acme")
        .replace("{webhook}", str(Webhook.select().first().id if "webhook" in path else ""))
    )
    whole = _rows(admin, address, {"limit": 200})[0]
    assert len(whole) == 7
    walked: list[Any] = []
    cursor, newer = None, 300
    while True:
        rows, cursor = _rows(admin, address, {"limit": 2, **({"cursor": cursor} if cursor else {})})
        walked += rows
        if cursor is None:
            break
        fill(newer)
        newer += 3
    assert walked == whole
    bad = admin.get(address, query_string={"cursor": "nonsense"})
    assert (bad.status_code, bad.json["error"]["id"]) == (422, "bad_cursor")


def _rows(person: Person, address: str, query: dict[str, object]) -> tuple[list[Any], str | None]:
    answer = person.get(address, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["items"], answer.json["next"]
