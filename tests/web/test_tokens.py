"""API tokens over the API: what they may do, until when, shown once, revoked (API-1)."""

import pytest

from orchestrator.database.models import ApiToken, AuditRow, User
from tests.web.conftest import LogIn, Person
from webui.app import Web

YEAR_2100 = 4_102_444_800_000_000


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def by(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def made(person: Person, path: str = "/tokens", **wish: object) -> dict[str, object]:
    answer = person.post(path, json={"name": "CRM", **wish})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def asked(web: Web, path: str, token: object, method: str = "get") -> int:
    return int(getattr(web.app.test_client(), method)(f"/api/v1{path}", headers=by(str(token)), json={}).status_code)


def test_a_token_is_shown_once_and_used_until_revoked(admin: Person, web: Web) -> None:
    """API-1: its text is in the first answer alone; the list has when it was used; revoked it is refused at once."""
    token = made(admin)
    assert asked(web, "/calls", token["token"]) == 200
    [listed] = admin.get("/tokens").json["items"]
    assert "token" not in listed
    assert (listed["name"], listed["owner"], listed["scopes"]) == ("CRM", "Admin@Acme", None)
    assert listed["last_used"] >= listed["created"]
    assert admin.delete(f"/tokens/{token['id']}").status_code == 204
    assert asked(web, "/calls", token["token"]) == 401
    assert [(row.area, row.after is None) for row in AuditRow.select().order_by(AuditRow.id)] == [
        ("tokens", False), ("tokens", True),
    ]  # fmt: skip
    assert str(token["token"]) not in str(list(AuditRow.select().dicts()))


def test_a_token_is_limited_to_its_rights(admin: Person, web: Web) -> None:
    """API-1, ROLE-1: nothing but what it names, and never more than its person has then."""
    token = made(admin, scopes={"records.view": "all", "billing.view": "all"})["token"]
    assert [asked(web, path, token) for path in ("/calls", "/billing", "/customers")] == [200, 200, 403]
    User.update(role="supervisor").where(User.login == "admin@acme").execute()
    assert [asked(web, path, token) for path in ("/calls", "/billing")] == [200, 403]
    User.update(active=False).where(User.login == "admin@acme").execute()
    assert asked(web, "/calls", token) == 401


def test_nobody_gives_a_token_what_they_lack(log_in: LogIn) -> None:
    """ROLE-1: neither another right nor a wider scope; agents make tokens for themselves only."""
    agent = log_in("agent@acme")
    for scopes in ({"billing.view": "all"}, {"records.view": "all"}):
        refused = agent.post("/tokens", json={"name": "x", "scopes": scopes})
        assert (refused.status_code, refused.json["error"]["id"]) == (403, "more_than_yours")
    rights = agent.get("/tokens").json["rights"]
    assert rights["records.view"] == ["own"]
    assert "billing.view" not in rights
    assert agent.get("/tokens/company").status_code == 403
    assert ApiToken.select().count() == 0


def test_an_expired_token_is_refused(admin: Person, web: Web) -> None:
    """API-1: from its end on."""
    token = made(admin, expires=YEAR_2100)
    assert asked(web, "/calls", token["token"]) == 200
    ApiToken.update(expires=1).execute()
    assert asked(web, "/calls", token["token"]) == 401


def test_a_companys_token_outlives_people(admin: Person, web: Web) -> None:
    """API-1: it is nobody's: it acts under its own name, for its company alone, as long as it isn't revoked."""
    token = made(admin, "/tokens/company", scopes={"records.view": "all", "blacklist.edit": "all"})
    User.update(active=False).where(User.login == "admin@acme").execute()
    client = web.app.test_client()
    session = client.get("/api/v1/session", headers=by(str(token["token"]))).json
    assert (session["user"]["role"], session["user"]["name"], session["tenant"]["id"]) == ("service", "CRM", "acme")
    assert set(session["permissions"]) == {"own_account.use", "records.view", "blacklist.edit"}
    entry = {"number": "13800138000", "direction": "in", "description": ""}
    added = client.post("/api/v1/blacklist", json=entry, headers=by(str(token["token"])))
    assert added.status_code == 201, added.text
    assert AuditRow.select().where(AuditRow.who == f"token-{token['id']}").count() == 1
    language = client.patch("/api/v1/session", json={"language": "en"}, headers=by(str(token["token"])))
    assert language.json["error"]["id"] == "not_a_person"


def test_administrators_see_and_revoke_all_of_the_companys(log_in: LogIn, admin: Person, web: Web) -> None:
    """SAFE-3: own ones of people too, and none of another company."""
    agents = made(log_in("agent@acme"))
    service = made(admin, "/tokens/company", scopes={"records.view": "all"})
    made(log_in("admin@other"))
    listed = admin.get("/tokens/company").json["items"]
    assert [(one["id"], one["owner"]) for one in listed] == [(agents["id"], "Agent@Acme"), (service["id"], None)]
    assert [one["id"] for one in admin.get("/tokens").json["items"]] == []
    other = log_in("admin@other")
    assert other.delete(f"/tokens/company/{agents['id']}").status_code == 404
    assert admin.delete(f"/tokens/{agents['id']}").status_code == 404
    assert admin.delete(f"/tokens/company/{agents['id']}").status_code == 204
    assert asked(web, "/names", agents["token"]) in (401, 404)


def test_tokens_make_no_tokens(admin: Person, web: Web) -> None:
    """API-1: one that leaked must not outlive its end."""
    token = made(admin)["token"]
    client = web.app.test_client()
    for method, path in (("get", ""), ("post", ""), ("get", "/company"), ("post", "/company"), ("delete", "/1")):
        wish = {"name": "next", "scopes": {"records.view": "all"}}
        answer = getattr(client, method)(f"/api/v1/tokens{path}", headers=by(str(token)), json=wish)
        assert (answer.status_code, answer.json["error"]["id"]) == (403, "token_needs_login")


def test_names_are_taken_once_and_there_is_an_end(admin: Person) -> None:
    """API-1: a person tells tokens apart by their names."""
    made(admin)
    assert admin.post("/tokens", json={"name": "CRM"}).json["error"]["id"] == "token_name_taken"
    for number in range(19):
        made(admin, name=f"n{number}")
    assert admin.post("/tokens", json={"name": "more"}).json["error"]["id"] == "too_many_tokens"


def test_operators_have_tokens_of_their_own(log_in: LogIn, web: Web) -> None:
    """API-1: the platform's people belong to no company."""
    operator = log_in("operator")
    token = made(operator)
    assert asked(web, "/jobs", token["token"]) == 200
    assert operator.delete(f"/tokens/{token['id']}").status_code == 204
