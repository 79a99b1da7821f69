"""Call forms and customers in both databases."""

import pytest
from peewee import Database

from orchestrator.database import call_forms
from orchestrator.database.call_forms import content_of, find_form, forms_of, write_form
from orchestrator.database.call_records import CallFilter, list_calls
from orchestrator.database.customers import (
    Card,
    CustomerFilter,
    NumberTakenError,
    add_customer,
    card_of,
    change_customer,
    customer_by_number,
    list_customers,
)
from orchestrator.database.models import CallFormTag, CallRecord, Customer, Tenant
from orchestrator.domain.forms import FormContent


@pytest.fixture
def tenant(database: Database) -> str:  # noqa: ARG001 - the tables are bound to it
    for id_ in ("t", "other"):
        Tenant.create(id=id_, name=id_)
    return "t"


def record(tenant: str, call: str) -> None:
    CallRecord.create(
        tenant=tenant, call=call, switch="", caller="1", caller_name="", number="2", arrived=1, ended=2, wait_us=0,
        ring_us=0, talk_us=0, outcome="connected", short=False, hung_up_by="caller", cause="",
    )  # fmt: skip


@pytest.mark.parametrize("few", [0, 5_000])
def test_a_form_is_written_over_and_found_by_what_it_says(
    tenant: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WEB-2, SAFE-3: one form an agent and call; another tenant's tags find nothing here, be they few or many."""
    monkeypatch.setattr(call_forms, "FEW_FORMS", few)
    for of, call in (("t", "c1"), ("t", "c2"), ("other", "c1")):
        record(of, call)
    write_form("other", "c1", "a", FormContent(tags=("vip",), disposition="sold"), saved=1, closed=1)
    write_form(tenant, "c1", "a", FormContent(notes="x", tags=("vip", "new")), saved=1, closed=None)
    later = FormContent(notes="y", disposition="lost", tags=("old",))
    write_form(tenant, "c1", "a", later, saved=2, closed=2)
    write_form(tenant, "c1", "b", FormContent(tags=("new",)), saved=3, closed=3)
    assert content_of(find_form(tenant, "c1", "a")) == later
    assert content_of(find_form(tenant, "c2", "a")) == FormContent()
    assert [row.agent for row in forms_of(tenant, ["c1", "c2"])] == ["a", "b"]
    assert CallFormTag.select().count() == 3

    def found(**wanted: tuple[str, ...]) -> list[str]:
        return [row.call for row in list_calls(tenant, CallFilter(**wanted)).rows]  # type: ignore[arg-type]

    assert found(tags=("vip",)) == []
    assert found(tags=("old", "x")) == found(dispositions=("lost",)) == ["c1"]
    assert found(tags=("new",), dispositions=("lost",)) == ["c1"]
    assert found(dispositions=("sold",)) == []


def test_a_taken_number_changes_nothing(tenant: str) -> None:
    """WEB-2: what was written before the number was refused is taken back; others' customers are not in the way."""
    first = add_customer(tenant, Card(name="A", numbers=("+861", "+862")), "1", 1)
    add_customer("other", Card(name="B", numbers=("+861",)), "1", 1)
    with pytest.raises(NumberTakenError):
        add_customer(tenant, Card(name="C", numbers=("+863", "+862")), "1", 2)
    assert customer_by_number(tenant, "+863") is None
    second = add_customer(tenant, Card(name="D", numbers=("+864",)), "2", 3)
    with pytest.raises(NumberTakenError):
        change_customer(tenant, second, Card(name="E", numbers=("+861",)), 4)
    assert card_of(Customer.get_by_id(second.id)) == Card(name="D", numbers=("+864",))
    assert [row.name for row in list_customers(tenant, CustomerFilter(text="+86")).rows] == ["D", "A"]
    assert [row.id for row in list_customers(tenant, CustomerFilter(made_by=frozenset({"1"}))).rows] == [first.id]
