"""For how long what is kept, over the API."""

import pytest

from orchestrator.database.models import AuditRow, Export, RetentionSetting
from tests.web.configured import changes
from tests.web.conftest import LogIn

KINDS = {"calls", "stories", "states", "customers", "messages", "exports", "audit"}


def test_days_are_set_within_bounds(log_in: LogIn) -> None:
    """Retention: at first everything is for ever but messages and exports; the change stands in the audit."""
    admin = log_in("admin@acme")
    first = admin.get("/config/retention").json
    assert first["days"] == dict.fromkeys(KINDS)
    assert {kind for kind, bounds in first["bounds"].items() if bounds["usual"]} == {"messages", "exports"}
    answer = admin.put("/config/retention", json={"days": {"calls": 365, "exports": 3}})
    assert answer.status_code == 200, answer.text
    assert answer.json["days"] == dict.fromkeys(KINDS) | {"calls": 365, "exports": 3}
    assert [change[0] for change in changes()] == ["retention"]
    assert RetentionSetting.select().count() == 1
    admin.post("/exports/calls", json={})
    assert Export.get().expires - Export.get().created == 3 * 86_400_000_000


@pytest.mark.parametrize(("kind", "days"), [("calls", 89), ("audit", 30), ("exports", 31), ("messages", 1)])
def test_too_few_or_too_many_days_change_nothing(log_in: LogIn, kind: str, days: int) -> None:
    """Retention: the field is named, with what can be set."""
    answer = log_in("admin@acme").put("/config/retention", json={"days": {kind: days}})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [f"days.{kind}"])
    assert RetentionSetting.select().count() == 0


def test_a_preview_counts_and_deletes_nothing(log_in: LogIn) -> None:
    """Retention: what would go now, of the own company."""
    AuditRow.create(tenant="acme", at=1, who="1", area="x", key="k")
    AuditRow.create(tenant="other", at=1, who="1", area="x", key="k")
    admin = log_in("admin@acme")
    found = admin.get("/config/retention/preview?kind=audit&days=365").json
    assert found["count"] == 1
    assert found["before"] > 1
    assert AuditRow.select().count() == 2
    for kind in KINDS:
        assert admin.get(f"/config/retention/preview?kind={kind}&days=365").status_code == 200


def test_supervisors_look_and_do_not_change(log_in: LogIn) -> None:
    """ROLE-1: the configuration's permissions hold."""
    supervisor = log_in("supervisor@acme")
    assert supervisor.get("/config/retention").status_code == 200
    assert supervisor.put("/config/retention", json={"days": {}}).status_code == 403
