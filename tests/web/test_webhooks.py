"""Webhooks over the API: who may set them up, what is refused, what was sent, and sending it again (API-1)."""

from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.models import AuditRow, Webhook, WebhookDelivery
from orchestrator.database.webhooks import DAY_US
from orchestrator.webhooks.kinds import Kind
from tests.web.configured import changes
from tests.web.conftest import LogIn, Person

WISH = {"name": "CRM", "url": "https://crm.example.com/hook", "events": ["call.ended", "form.saved"], "active": True}


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def _added(person: Person, **wish: object) -> Any:  # noqa: ANN401 - JSON
    answer = person.post("/webhooks", json=WISH | wish)
    assert answer.status_code == 201, answer.text
    return answer.json


def _message(id_: str, name: str = "m1", status: str = "failed") -> WebhookDelivery:
    values = {"body": '{"a":1}', "created": 5, "until": DAY_US, "status": status, "attempts": 3, "error": "status"}
    return WebhookDelivery.create(tenant="acme", webhook=int(id_), event_id=name, type="call.ended", **values)


def test_a_webhook_is_added_changed_and_removed(admin: Person) -> None:
    """API-1: the secret is shown once, another on request; every change stands in the audit, without the secret."""
    added = _added(admin)
    assert added["secret"].startswith("whsec_")
    shown = admin.get("/webhooks").json
    assert shown["kinds"] == [*Kind]
    assert shown["items"] == [{name: value for name, value in added.items() if name != "secret"}]
    assert shown["items"][0]["created_by_name"] == "Admin@Acme"
    renewed = admin.post(f"/webhooks/{added['id']}/secret").json["secret"]
    assert renewed != added["secret"]
    changed = admin.put(f"/webhooks/{added['id']}", json=WISH | {"name": "ERP", "active": False}).json
    assert (changed["name"], changed["active"]) == ("ERP", False)
    assert admin.delete(f"/webhooks/{added['id']}").status_code == 204
    assert admin.get("/webhooks").json["items"] == []
    assert [change[2:] for change in changes()] == [(False, True), (False, True), (True, True), (True, False)]
    assert "whsec" not in str([(row.before, row.after) for row in AuditRow.select()])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"url": "http://crm.example.com/"}, "url"), ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://localhost/"}, "url"), ({"url": "crm"}, "url"), ({"name": ""}, "name"),
        ({"events": []}, "events"), ({"events": ["call.unknown"]}, "events.0"), ({"secret": "x"}, "secret"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(admin: Person, wish: dict[str, object], field: str) -> None:
    """API-1, SAFE-2: the field is named, and nothing is changed."""
    answer = admin.post("/webhooks", json=WISH | wish)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field]), answer.text
    assert Webhook.select().count() == 0


def test_names_are_taken_once_and_numbers_are_limited(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """API-1: two of one name could not be told apart; too many are refused."""
    _added(admin)
    assert "name" in admin.post("/webhooks", json=WISH).json["error"]["fields"]
    monkeypatch.setattr("webui.webhooks.MOST", 1)
    refused = admin.post("/webhooks", json=WISH | {"name": "2"})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "too_many_webhooks")


def test_what_was_sent_is_listed_and_sent_again(admin: Person, redis: "Redis") -> None:
    """API-1: messages newest first, by status, with their bodies; one or all that failed are sent again."""
    id_ = _added(admin)["id"]
    messages = [_message(id_, f"m{n}", status) for n, status in enumerate(("failed", "delivered", "failed"))]
    page = admin.get(f"/webhooks/{id_}/deliveries?limit=2").json
    assert [item["event_id"] for item in page["items"]] == ["m2", "m1"]
    rest = admin.get(f"/webhooks/{id_}/deliveries?limit=2&cursor={page['next']}").json
    assert ([item["event_id"] for item in rest["items"]], rest["next"]) == (["m0"], None)
    failed = admin.get(f"/webhooks/{id_}/deliveries?status=failed").json["items"]
    assert [item["event_id"] for item in failed] == ["m2", "m0"]
    assert admin.get(f"/webhooks/{id_}/deliveries/{messages[0].id}").json["body"] == '{"a":1}'
    assert admin.post(f"/webhooks/{id_}/deliveries/{messages[1].id}/replay").json == {"waiting": 1}
    assert admin.post(f"/webhooks/{id_}/replay").json == {"waiting": 2}
    assert {(row.status, row.attempts) for row in WebhookDelivery.select()} == {("pending", 0)}
    jobs = Queue("webhooks", connection=redis, serializer=JSONSerializer).jobs
    assert [job.args for job in jobs] == [["acme", int(id_)]] * 2


def test_a_test_message_is_sent_unless_it_is_off(admin: Person) -> None:
    """API-1: it appears among the messages; nothing goes to a webhook that is off."""
    id_ = _added(admin)["id"]
    assert admin.post(f"/webhooks/{id_}/test").status_code == 202
    (item,) = admin.get(f"/webhooks/{id_}/deliveries").json["items"]
    assert (item["type"], item["status"]) == ("webhook.test", "pending")
    admin.put(f"/webhooks/{id_}", json=WISH | {"active": False})
    for act in ("test", "replay"):
        refused = admin.post(f"/webhooks/{id_}/{act}")
        assert (refused.status_code, refused.json["error"]["id"]) == (409, "webhook_off")


def test_switched_on_again_it_has_no_past(admin: Person) -> None:
    """API-1: what was switched off because it failed starts afresh."""
    id_ = _added(admin)["id"]
    Webhook.update(active=False, paused_at=9, failures=7, failing_since=3, retry_at=10**16).execute()
    changed = admin.put(f"/webhooks/{id_}", json=WISH).json
    assert [changed[name] for name in ("active", "failures", "failing_since", "retry_at", "paused_at")] == [
        True, 0, None, None, None,
    ]  # fmt: skip


def test_only_administrators_of_the_company_see_them(admin: Person, log_in: LogIn) -> None:
    """ROLE-1, SAFE-3: supervisors don't, and for other companies they don't exist."""
    id_ = _added(admin)["id"]
    message = _message(id_).id
    assert log_in("supervisor@acme").get("/webhooks").status_code == 403
    other = log_in("admin@other")
    assert other.get("/webhooks").json["items"] == []
    answers = [
        other.put(f"/webhooks/{id_}", json=WISH),
        other.delete(f"/webhooks/{id_}"),
        other.get(f"/webhooks/{id_}/deliveries"),
        other.get(f"/webhooks/{id_}/deliveries/{message}"),
        *(other.post(f"/webhooks/{id_}/{act}") for act in ("secret", "test", "replay")),
        other.post(f"/webhooks/{id_}/deliveries/{message}/replay"),
    ]
    assert {answer.status_code for answer in answers} == {404}
