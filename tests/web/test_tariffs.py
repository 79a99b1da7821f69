"""The operator's tariffs over the API: drafts, publishing, sheets of rates."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from orchestrator.database.billing.accounts import set_account, versions_of
from orchestrator.database.models import AuditRow
from orchestrator.store.connection import TextRedis
from tests.web.conftest import LogIn, Person
from tests.web.test_billing import D

RATE = {"direction": "in", "prefix": "", "name": "Inbound", "price": "0.09", "first_s": 60, "next_s": 60}
OUT = {**RATE, "direction": "out", "name": "Abroad", "price": "2.5", "minimum": "0.5", "free_minutes": True}
DRAFT: dict[str, Any] = {
    "name": "Standard", "valid_from": 4_102_444_800_000_000, "currency": "CNY", "places": 4, "rounding": "half_even",
    "tax_percent": "6", "free_s": 600, "free_pro_rata": True, "rents": {"call_seat": "90"}, "rates": [RATE, OUT],
}  # fmt: skip
PATH = "/tariffs/standard"

HEAD = "Prefix,Direction,Name,Price,First seconds,Next seconds,Free minutes\n"
SHEET = f"{HEAD}+86,Outbound,China,0.12,6,6,Yes\n,in,,0.1,,,\n"


@pytest.fixture
def operator(log_in: LogIn) -> Person:
    """The platform's operator, with a draft of a new tariff."""
    person = log_in("operator")
    assert person.put(f"{PATH}/draft", json=DRAFT).status_code == 200
    return person


def _send(operator: Person, text: str, name: str = "rates.csv") -> TestResponse:
    data = {"file": (BytesIO(text.encode()), name)}
    return operator.post(f"{PATH}/draft/rates", data=data, content_type="multipart/form-data")


def test_a_draft_is_published_as_it_was_written(operator: Person) -> None:
    """BILL-1: every field; the draft is gone, the version is there and nothing writes to it any more."""
    (line,) = operator.get("/tariffs").json["items"]
    assert (line["id"], line["versions"], line["draft"], line["in_force"]) == ("standard", 0, True, None)
    shown = operator.post(f"{PATH}/draft/publish").json
    (version,) = shown["versions"]
    assert (shown["draft"], version["number"], version["state"]) == (None, 1, "coming")
    assert {name: version["version"][name] for name in ("places", "rounding", "free_s", "free_pro_rata", "rents")} == {
        "places": 4, "rounding": "half_even", "free_s": 600, "free_pro_rata": True, "rents": {"call_seat": "90"},
    }  # fmt: skip
    assert version["version"]["rates"][1] == {**OUT, "connection_fee": "0"}
    assert operator.post(f"{PATH}/draft/publish").status_code == 404
    operator.put(f"{PATH}/draft", json={**DRAFT, "tax_percent": "13"})
    assert [str(one.tax_percent) for one in versions_of("standard")] == ["6"]
    assert operator.delete(f"{PATH}/draft").status_code == 204
    assert operator.delete(f"{PATH}/draft").status_code == 404


def test_a_version_replaces_one_of_the_same_moment(operator: Person) -> None:
    """BILL-1: a correction begins when the wrong version does; the page says so before and after."""
    past = {**DRAFT, "valid_from": 0}
    for _ in range(2):
        operator.put(f"{PATH}/draft", json=past)
        assert operator.post(f"{PATH}/draft/publish").status_code == 200
    draft = operator.put(f"{PATH}/draft", json=past).json["draft"]
    assert [one["place"] for one in draft["warnings"]] == ["valid_from", "valid_from"]
    assert [one["state"] for one in operator.get(PATH).json["versions"]] == ["in_force", "replaced"]


def test_a_draft_with_flaws_is_kept_and_not_published(operator: Person) -> None:
    """BILL-1: what is wrong is said by place, what may be meant apart; publishing is refused and changes nothing."""
    bad = {**DRAFT, "places": 2, "rates": [RATE, RATE, {**OUT, "minimum": "0.005"}]}
    draft = operator.put(f"{PATH}/draft", json=bad).json["draft"]
    assert [one["place"] for one in draft["flaws"]] == ["rates.1.prefix", "rates.2.minimum"]
    refused = operator.post(f"{PATH}/draft/publish")
    assert (refused.status_code, set(refused.json["error"]["fields"])) == (409, {"rates.1.prefix", "rates.2.minimum"})
    assert versions_of("standard") == []
    gap = operator.put(f"{PATH}/draft", json={**DRAFT, "rates": [RATE]}).json["draft"]
    assert (gap["flaws"], [one["place"] for one in gap["warnings"]]) == ([], ["rates"])


def test_what_makes_no_sense_is_refused_by_field(operator: Person) -> None:
    """BILL-1: nothing of it is saved."""
    for field, value in {
        "currency": "yuan",
        "tax_percent": "101",
        "places": 7,
        "rates": [{**RATE, "price": "NaN"}],
    }.items():
        answer = operator.put(f"{PATH}/draft", json={**DRAFT, field: value})
        assert (answer.status_code, {name.split(".")[0] for name in answer.json["error"]["fields"]}) == (422, {field})
    assert operator.put("/tariffs/Not-An-Id/draft", json=DRAFT).json["error"]["fields"].keys() == {"tariff"}
    assert operator.get(PATH).json["draft"]["version"]["tax_percent"] == "6"


def test_rates_are_brought_in_as_a_sheet(operator: Person) -> None:
    """BILL-1: a sheet replaces the draft's rates; what is saved as a sheet can be brought in again."""
    answer = _send(operator, SHEET).json
    assert (answer["read"], answer["refused"]) == (2, [])
    rates = answer["draft"]["version"]["rates"]
    assert (rates[0]["prefix"], rates[0]["free_minutes"], rates[0]["first_s"]) == ("+86", True, 6)
    assert (rates[1]["direction"], rates[1]["price"], rates[1]["next_s"]) == ("in", "0.1", 60)
    operator.post(f"{PATH}/draft/publish")
    operator.put(f"{PATH}/draft", json={**DRAFT, "rates": []})
    saved = operator.get(f"{PATH}/versions/1/rates", headers={"Accept-Language": "zh"}).text
    assert _send(operator, saved).json["draft"]["version"]["rates"] == rates
    assert operator.get(f"{PATH}/versions/2/rates").status_code == 404


def test_a_sheet_with_a_bad_line_changes_nothing(operator: Person) -> None:
    """BILL-1: each bad line is named with its reason, in the user's language."""
    bad = (
        SHEET + "+86,out,again,0.1,,,\n12a,out,,0.1,,,\n,side,,0.1,,,\n1,out,,much,,,\n2,out,,1,0,,\n3,out,,1,,,maybe\n"
    )
    answer = _send(operator, bad).json
    assert [one["line"] for one in answer["refused"]] == [4, 5, 6, 7, 8, 9]
    assert all(one["reason"] for one in answer["refused"])
    assert len({one["reason"] for one in answer["refused"]}) == 6
    assert len(answer["draft"]["version"]["rates"]) == 2
    assert answer["draft"]["version"]["rates"][0]["name"] == "Inbound"
    assert _send(operator, "\0").status_code == 422


@pytest.mark.usefixtures("published")
def test_publishing_reaches_the_companies_that_pay_by_it(operator: Person, text_redis: TextRedis) -> None:
    """BILL-1: the call path has the new version at once, and the audit of each company says who published it."""
    operator.put(f"{PATH}/draft", json={**DRAFT, "valid_from": 0})
    operator.post(f"{PATH}/draft/publish")
    set_account("acme", "standard", 1, prepaid=True, credit=D(0), low_balance=None)
    operator.put(f"{PATH}/draft", json={**DRAFT, "valid_from": 0, "tax_percent": "9"})
    assert operator.post(f"{PATH}/draft/publish").json["companies"] == ["acme"]
    assert AuditRow.get(AuditRow.area == "tariff").tenant == "acme"
    terms = text_redis.hget("{cc:acme}:balance", "terms") or ""
    assert '"number":2' in terms.replace(" ", "")


@pytest.mark.parametrize("login", ["agent@acme", "supervisor@acme", "admin@acme"])
def test_no_company_sees_the_operators_tariffs(operator: Person, log_in: LogIn, login: str) -> None:
    """ROLE-1, SAFE-3: not the list, not a tariff, not a draft."""
    person = log_in(login)
    assert person.get("/tariffs").status_code == person.get(PATH).status_code == 403
    assert person.put(f"{PATH}/draft", json=DRAFT).status_code == 403
    assert operator.get(PATH).status_code == 200
