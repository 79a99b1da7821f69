"""Passwords that people choose: the own one anew, or by a link from an administrator (ROLE-1)."""

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.database.models import AuditRow, Mail, SipCredential, User
from tests.web.companies import PASSWORD
from tests.web.conftest import LogIn, Person
from webui.app import Web
from webui.passwords import LINK_S
from webui.services import EXTENSION

NEW = "a longer correct horse"


@pytest.fixture(autouse=True)
def phone_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch's WebSocket."""
    monkeypatch.setenv("ZUOXI_WEB_PHONE_URL", "wss://switch.example:7443")


def id_of(login: str) -> str:
    return str(User.get(User.login == login).id)


def link(admin: Person, login: str = "agent@acme") -> str:
    """Have an administrator make a link; returns what stands behind its `#`."""
    made = admin.post(f"/team/people/{id_of(login)}/password-link")
    assert made.status_code == 200, made.text
    page, _, token = made.json["url"].partition("#")
    assert page == "http://localhost/choose-password"
    return str(token)


def test_a_new_password_ends_the_other_log_ins(log_in: LogIn, anyone: Any) -> None:  # noqa: ANN401
    """ROLE-1, WEB-1: this log-in stays with its phone, others end, the old password is worth nothing."""
    person, elsewhere = log_in("agent@acme"), log_in("agent@acme")
    assert person.post("/phone", json={"page": "page-of-mine"}).status_code == 200
    changed = person.put("/password", json={"old": PASSWORD, "new": NEW})
    assert changed.status_code == 204, changed.text
    assert person.get("/session").status_code == 200
    assert elsewhere.get("/session").status_code == 401
    assert SipCredential.get(SipCredential.page == "page-of-mine")
    assert anyone().post("/session", json={"login": "agent@acme", "password": PASSWORD}).status_code == 401
    assert anyone().post("/session", json={"login": "agent@acme", "password": NEW}).status_code == 200
    (noted,) = AuditRow.select().where(AuditRow.area == "password")
    assert (noted.who, noted.key) == (id_of("agent@acme"), id_of("agent@acme"))
    assert NEW not in str(noted.after)


def test_a_phone_of_another_log_in_dies_with_it(log_in: LogIn) -> None:
    """WEB-1: whoever had the old password hears no calls any more."""
    person, elsewhere = log_in("agent@acme"), log_in("agent@acme")
    assert elsewhere.post("/phone", json={"page": "page-of-theirs"}).status_code == 200
    assert person.put("/password", json={"old": PASSWORD, "new": NEW}).status_code == 204
    assert not SipCredential.select().exists()


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong horse", NEW, "old"),
        (PASSWORD, PASSWORD, "new"),
        (PASSWORD, "short", "new"),
        (PASSWORD, "aaaaaaaaaaaa", "new"),
        (PASSWORD, "xx-agent@acme-xx", "new"),
    ],
)
def test_passwords_that_will_not_do(log_in: LogIn, old: str, new: str, field: str) -> None:
    """ROLE-1: refused with the field and the reason; nothing has changed."""
    person = log_in("agent@acme")
    refused = person.put("/password", json={"old": old, "new": new})
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, [field])
    assert log_in("agent@acme").get("/session").status_code == 200


def test_the_own_password_cannot_be_guessed_on_and_on(log_in: LogIn) -> None:
    """SAFE-2: whoever finds an open browser can't try passwords without end."""
    person = log_in("agent@acme")
    answers = [person.put("/password", json={"old": f"guess {n}", "new": NEW}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_link_lets_choose_a_password_once(log_in: LogIn, anyone: Any) -> None:  # noqa: ANN401
    """ROLE-1: whose it is is shown; log-ins with the old password end; the second use finds it over."""
    admin, before = log_in("admin@acme"), log_in("agent@acme")
    token = link(admin)
    shown = anyone().post("/password/link", json={"token": token}).json
    assert (shown["name"], shown["login"]) == ("Agent@Acme", "agent@acme")
    refused = anyone().put("/password/link", json={"token": token, "password": "short"})
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, ["password"])
    assert anyone().put("/password/link", json={"token": token, "password": NEW}).status_code == 204
    assert before.get("/session").status_code == 401
    assert anyone().post("/session", json={"login": "agent@acme", "password": NEW}).status_code == 200
    for again in (
        anyone().post("/password/link", json={"token": token}),
        anyone().put("/password/link", json={"token": token, "password": "another correct horse"}),
    ):
        assert (again.status_code, again.json["error"]["id"]) == (410, "link_over")


def test_links_that_do_not_hold(log_in: LogIn, anyone: Any, web: Web) -> None:  # noqa: ANN401
    """SAFE-2: forged ones, those of people who are switched off, and old ones."""
    admin = log_in("admin@acme")
    token = link(admin)
    for forged in ("", "x", f"{token}x", token.partition(".")[0], "W10.x"):
        assert anyone().post("/password/link", json={"token": forged}).status_code in (410, 422)
    services = web.services
    later = services.clock.now() + LINK_S * 1_000_000
    old = replace(services, passwords=type(services.passwords)(
        services.database, services.accounts, None, lambda: later, services.texts, "for tests"  # type: ignore[arg-type]
    ))  # fmt: skip
    web.app.extensions[EXTENSION] = old
    assert anyone().post("/password/link", json={"token": token}).status_code == 410
    web.app.extensions[EXTENSION] = services
    User.update(active=False).where(User.login == "agent@acme").execute()
    assert anyone().post("/password/link", json={"token": token}).status_code == 410
    assert admin.post(f"/team/people/{id_of('agent@acme')}/password-link").json["error"]["id"] == "inactive"


def test_links_are_mailed_where_there_is_mail(log_in: LogIn, web: Web) -> None:
    """ROLE-1: with a mail server and an address the person gets it, in the person's language; else it is copied."""
    admin, person = log_in("admin@acme"), id_of("agent@acme")
    listed = next(one for one in admin.get("/team/people").json["items"] if one["id"] == person)
    assert (
        admin.put(f"/team/people/{person}", json=listed | {"email": "li@example.com"}).json["email"] == "li@example.com"
    )
    assert admin.post(f"/team/people/{person}/password-link").json["mailed"] == ""
    settings = web.services.settings.model_copy(update={"smtp_url": "smtp://mail.example.com"})
    web.app.extensions[EXTENSION] = replace(web.services, settings=settings)
    User.update(language="zh").where(User.id == int(person)).execute()
    made = admin.post(f"/team/people/{person}/password-link", headers={"Accept-Language": "en"}).json
    assert made["mailed"] == "li@example.com"
    (mail,) = Mail.select()
    assert (mail.recipient, mail.subject) == ("li@example.com", "请为 agent@acme 设置密码")
    assert made["url"] in mail.text
    for address in ("li", "li@", "a@b, c@d", "a@b\nBcc: c@d"):
        refused = admin.put(f"/team/people/{person}", json=listed | {"email": address})
        assert list(refused.json["error"]["fields"]) == ["email"]


def test_nobody_makes_links_for_who_has_more_rights(log_in: LogIn) -> None:
    """ROLE-1, SAFE-3: not for administrators by lesser roles, and not for other companies' people."""
    admin = log_in("admin@acme")
    role = admin.post("/team/roles", json={"name": "HR", "grants": {"team.view": "all", "team.edit": "all"}}).json[
        "key"
    ]
    User.update(role=role).where(User.login == "supervisor@acme").execute()
    hr = log_in("supervisor@acme")
    assert hr.post(f"/team/people/{id_of('admin@acme')}/password-link").json["error"]["id"] == "more_than_yours"
    assert log_in("admin@other").post(f"/team/people/{id_of('agent@acme')}/password-link").status_code == 404
    assert hr.post(f"/team/people/{id_of('supervisor@acme')}/password-link").status_code == 200
