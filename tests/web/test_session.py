"""Logging in and out, session cookies, API tokens."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from orchestrator.database.models import ApiToken, User
from tests.web.conftest import HASHER, PASSWORD, LogIn, Person
from webui.app import Web

Anyone = Callable[[], Person]


def test_log_in_tells_who_and_what_is_allowed(log_in: LogIn) -> None:
    """ROLE-1: the session names the person, the tenant and the permissions."""
    told = log_in("agent@acme").get("/session").json
    assert told["user"]["login"] == "agent@acme"
    assert told["user"]["agent_id"] == "acme-a1"
    assert told["tenant"] == {
        "id": "acme",
        "name": "Acme",
        "timezone": "Asia/Shanghai",
        "country": "CN",
        "break_reasons": ["lunch", "training"],
        "service": {"standing": "valid", "reason": "", "until": None},
        "low_balance": None,
    }
    assert "own_state.change" in told["permissions"]
    assert "seats.view" not in told["permissions"]


def test_asking_who_is_there_is_no_error(anyone: Anyone, log_in: LogIn) -> None:
    """ROLE-1: the same session as always, and nobody without one, or with a token that opens nothing."""
    person = log_in("agent@acme")
    assert person.get("/session/who").json == {"session": person.get("/session").json}
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = anyone().get("/session/who", headers=headers)
        assert (answer.status_code, answer.json) == (200, {"session": None})


def test_operator_has_no_tenant(log_in: LogIn) -> None:
    """SAFE-3: the operator of the platform sees no tenant's data."""
    operator = log_in("operator")
    assert operator.get("/session").json["tenant"] is None
    assert operator.get("/boards/seats").status_code == 403


@pytest.mark.parametrize(("login", "password"), [("agent@acme", "wrong"), ("nobody", PASSWORD), ("' OR 1=1 --", "x")])
def test_wrong_log_in_says_the_same_for_all(anyone: Anyone, login: str, password: str) -> None:
    """SAFE-2: a wrong name and a wrong password can't be told apart."""
    answer = anyone().post("/session", json={"login": login, "password": password}, headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.json["error"] == {"id": "wrong_login", "message": "Login name or password is wrong.", "fields": {}}
    assert "Set-Cookie" not in answer.headers


def test_inactive_person_is_out_at_once(log_in: LogIn) -> None:
    """ROLE-1: taking a person's access away ends sessions that exist."""
    person = log_in("agent@acme")
    User.update(active=False).where(User.login == "agent@acme").execute()
    assert person.get("/session").status_code == 401


def test_new_password_ends_sessions(log_in: LogIn) -> None:
    """ROLE-1: sessions made with the old password are over."""
    person = log_in("agent@acme")
    User.update(password=HASHER.hash("new")).where(User.login == "agent@acme").execute()
    assert person.get("/session").status_code == 401


def test_log_out_ends_copies_of_the_cookie(web: Web, log_in: LogIn) -> None:
    """SAFE-2: a cookie that was copied is worth nothing after logging out."""
    person = log_in("agent@acme")
    cookie = person.client.get_cookie("zuoxi")
    assert cookie is not None
    assert person.delete("/session").status_code == 204
    thief = web.app.test_client()
    thief.set_cookie("zuoxi", cookie.value)
    assert thief.get("/api/v1/session").status_code == 401


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(anyone: Anyone) -> None:
    """SAFE-2: HttpOnly, SameSite=Lax, and Secure when it was set over https."""
    body = {"login": "agent@acme", "password": PASSWORD}
    plain = anyone().post("/session", json=body).headers["Set-Cookie"]
    secure = anyone().post("/session", json=body, base_url="https://localhost").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    assert "Secure" in secure


def test_forged_cookie_is_nobody(web: Web) -> None:
    """SAFE-2: a cookie that the server didn't sign is ignored."""
    client = web.app.test_client()
    client.set_cookie("zuoxi", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")
    assert client.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_other_sites_cannot_act(log_in: LogIn, headers: dict[str, str]) -> None:
    """SAFE-2: a request that a browser sends for another site is refused although it carries the cookie."""
    person = log_in("agent@acme")
    answer = person.post("/agents/me/state", json={"state": "busy"}, headers=headers)
    assert (answer.status_code, answer.json["error"]["id"]) == (403, "cross_origin")
    assert person.get("/agents/me").json["row"]["state"] == "offline"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_own_pages_can_act(log_in: LogIn, headers: dict[str, str]) -> None:
    """SAFE-2: the same request from our own pages passes."""
    answer = log_in("agent@acme").post("/agents/me/state", json={"state": "busy"}, headers=headers)
    assert answer.status_code == 200, answer.text


def token_of(login: str, expires: int | None = None) -> dict[str, str]:
    """Make an API token of a person and return the header that shows it."""
    user = User.get(User.login == login)
    digest = sha256(b"zx-secret").hexdigest()
    ApiToken.create(tenant=user.tenant, user=user, name="crm", sha256=digest, created=0, expires=expires)
    return {"Authorization": "Bearer zx-secret"}


def test_token_acts_with_its_persons_role(anyone: Anyone) -> None:
    """API-1: a token opens what its person's role allows, and nothing else."""
    headers = token_of("supervisor@acme")
    assert anyone().get("/boards/seats", headers=headers).status_code == 200
    assert ApiToken.get().last_used is not None


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer ", "Basic eDp5"])
def test_unknown_token_is_nobody(anyone: Anyone, value: str) -> None:
    """API-1: an unknown token opens nothing."""
    assert anyone().get("/session", headers={"Authorization": value}).status_code == 401


def test_expired_token_is_nobody(anyone: Anyone) -> None:
    """API-1: a token ends when it expires."""
    assert anyone().get("/session", headers=token_of("supervisor@acme", expires=1)).status_code == 401


def test_wrong_token_beside_a_cookie_is_refused(log_in: LogIn) -> None:
    """API-1: a request that shows a token is judged by the token alone."""
    assert log_in("admin@acme").get("/session", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_language_is_remembered(log_in: LogIn) -> None:
    """The chosen language holds for messages, whatever the browser prefers."""
    person = log_in("agent@acme")
    assert person.patch("/session", json={"language": "en"}).json["user"]["language"] == "en"
    refused = person.get("/boards/seats", headers={"Accept-Language": "zh-CN"})
    assert refused.json["error"]["message"].startswith("You aren't allowed")
    assert person.patch("/session", json={"language": "fr"}).status_code == 422
