"""Every route and socket event declares its permission, and the server checks it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import url_for

from orchestrator.database.models import Role, User
from tests.web.configured import in_force
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.app import Web
from webui.identity import Identity
from webui.permissions import (
    GRANTABLE,
    MATRIX,
    PUBLIC,
    Permission,
    Scope,
    declared,
    grants_from,
    permissions_of,
    scopes_of,
)
from webui.sockets import BOARD_PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]

#: What anybody may use, and why that is right.
OPEN = {
    "session.log_in",  # is how one becomes somebody
    "session.who",  # tells people about themselves, and nobody that nobody is there
    "health.alive", "health.ready",  # say nothing about any tenant
    "health.show_metrics",  # checks the network, or the permission
    "openapi.document",  # describes the API, holds no data
    "freeswitch.directory",  # checks the switches' secret
    "recordings.audio",  # checks the link's signature
    "passwords.look", "passwords.choose",  # check the link's signature
    "pages.page",  # the same files for everybody
}  # fmt: skip


def test_every_route_declares_its_permission(web: Web) -> None:
    """ROLE-1: a route without a permission can't slip in; the open ones are listed here one by one."""
    views = web.app.view_functions
    undeclared = {name for name, view in views.items() if declared(view) is None}
    assert undeclared == set()
    assert {name for name, view in views.items() if declared(view) == PUBLIC} == OPEN
    assert {rule.endpoint for rule in web.app.url_map.iter_rules()} == set(views)


def test_every_socket_event_declares_its_permission(web: Web) -> None:
    """ROLE-1: the same for the live feed."""
    events = web.feed.events()
    assert set(events) == {"connect", "disconnect", "watch", "unwatch"}
    assert set(events) == set(web.socketio.server.handlers["/"])
    assert {name for name, handler in events.items() if declared(handler) is None} == set()
    assert {name for name, handler in events.items() if declared(handler) == PUBLIC} == {"disconnect"}
    assert BOARD_PERMISSIONS == {
        "seats": Permission.VIEW_SEATS,
        "queues": Permission.VIEW_QUEUE_MONITOR,
        "colleagues": Permission.CONTROL_OWN_CALLS,
    }


def routes(web: Web) -> list[tuple[str, str]]:
    """Every method and address that needs a permission, with ids that exist nowhere."""
    found = []
    with web.app.test_request_context():
        for rule in web.app.url_map.iter_rules():
            if declared(web.app.view_functions[rule.endpoint]) == PUBLIC:
                continue
            address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "nobody"))
            found += [(method, address) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def test_nobody_gets_in_anywhere(web: Web) -> None:
    """ROLE-1: without a log-in every route with a permission answers 401."""
    client = web.app.test_client()
    answers = {(method, path): client.open(path, method=method, json={}).status_code for method, path in routes(web)}
    assert len(answers) > 15
    assert set(answers.values()) == {401}, answers


#: A role that a company has made: looks at records and seats of the groups it leads, and at nothing else.
CUSTOM = {Permission.VIEW_RECORDS: Scope.GROUP, Permission.VIEW_SEATS: Scope.GROUP, Permission.VIEW_AUDIT: Scope.ALL}

#: Addresses of one's own things, for permissions that are found from the address.
FOUND = {
    "acting_on": Permission.ACT_ON_SEATS, "hanging_up": Permission.CONTROL_OWN_CALLS,
    "seeing": Permission.VIEW_CONFIG, "changing": Permission.EDIT_CONFIG,
}  # fmt: skip

#: Needs a cookie of its own or an address that exists before anything is refused.
LOG_OUT = "session.log_out"


def person_of(role: str, log_in: LogIn) -> tuple[Person, Mapping[Permission, Scope]]:
    """Somebody of a role, and the rights that go with it."""
    if role == "operator":
        return log_in("operator"), permissions_of(_nobody(role))
    if role != "custom":
        return log_in(f"{role}@acme"), MATRIX[role]
    made = Role.create(tenant="acme", key="custom", name="Custom", grants=dict(CUSTOM))
    User.update(role=made.key, leads=["East"]).where(User.login == "agent2@acme").execute()
    return log_in("agent2@acme"), grants_from(dict(CUSTOM))


def _nobody(role: str) -> Identity:
    return Identity(id="0", tenant=None, login="", name="", role=role, language="", agent=None, fingerprint="")


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin", "operator", "custom"])
def test_every_route_is_open_to_whom_the_matrix_says(web: Web, log_in: LogIn, role: str) -> None:
    """ROLE-1: every method of every route, by every role: 403 exactly where the rights grant nothing."""
    person, rights = person_of(role, log_in)
    wrong = []
    for method, address, needed in walk(web):
        answer = person.client.open(address, method=method, json={})
        refused = answer.status_code == 403 and answer.json["error"]["id"] == "forbidden"
        everything = rights.get(needed) is scopes_of(needed)[-1]  # with less, what isn't one's own may be refused too
        if (refused and everything) or (not refused and needed not in rights):
            wrong.append((method, address, needed, answer.status_code))
    assert wrong == []


def walk(web: Web) -> Iterator[tuple[str, str, Permission]]:
    """Every method and address but the one that logs out, with the permission it needs for what isn't one's own."""
    with web.app.test_request_context():
        found = [
            (method, url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "nobody")), declared_of(web, rule.endpoint))
            for rule in web.app.url_map.iter_rules()
            if rule.endpoint not in (*OPEN, LOG_OUT)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ]
    assert len(found) > 100
    yield from found


def declared_of(web: Web, endpoint: str) -> Permission:
    """The permission of a route; one that is found from the address by a function is listed here by its name."""
    permission = declared(web.app.view_functions[endpoint])
    return permission if isinstance(permission, Permission) else FOUND[permission.__name__]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_right_has_a_name_on_the_page_of_roles(language: str) -> None:
    """ROLE-1: in both languages, with the area that it stands under."""
    texts = json.loads((ROOT / f"webui/frontend/src/i18n/{language}/team.json").read_text(encoding="utf-8"))
    names = {permission.value for permission in GRANTABLE}
    assert {name.replace(".", "_") for name in names} == set(texts["permission"])
    areas = {name.split(".")[0].replace("own_calls", "own_state") for name in names} - {"own_account"}
    assert areas == set(texts["permissionArea"])


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin", "operator", "custom"])
def test_every_socket_event_is_open_to_whom_the_matrix_says(web: Web, log_in: LogIn, role: str) -> None:
    """ROLE-1: every event, every board: the same rights as over HTTP."""
    person, rights = person_of(role, log_in)
    socket = web.socketio.test_client(web.app, flask_test_client=person.client)
    assert socket.is_connected() == (Permission.USE_OWN_ACCOUNT in rights)
    for event in set(web.feed.events()) - {"connect", "disconnect"}:
        for board, permission in BOARD_PERMISSIONS.items():
            answer = socket.emit(event, {"board": board}, callback=True)
            refused = "error" in answer and answer["error"]["id"] == "forbidden"
            assert refused == (permission not in rights), (event, board, answer)
    socket.disconnect()


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin"])
def test_nothing_of_another_company_is_reached_by_any_route(
    web: Web, log_in: LogIn, live: LiveCalls, role: str
) -> None:
    """SAFE-3, ROLE-1: with ids that another company has, every route answers as if there were no such thing."""
    live.online("other", "other-a1")
    live.wait("other", "theirs")
    person, before = log_in(f"{role}@acme"), in_force(web.services.redis, "other")
    theirs = {
        "agent": "other-a1", "call": "theirs", "company": "other", "number": "400other", "group": "North",
        "person": str(User.get(User.login == "agent@other").id), "key": "theirs",
    }  # fmt: skip
    with web.app.test_request_context():
        addresses = [
            (method, url_for(rule.endpoint, **{name: theirs.get(name, "theirs") for name in rule.arguments}))
            for rule in web.app.url_map.iter_rules()
            if rule.arguments and rule.endpoint not in OPEN
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ]
    reached = [
        (method, address, answer.status_code)
        for method, address in addresses
        if (answer := person.client.open(address, method=method, json={})).status_code < 400
    ]
    assert reached == []
    assert in_force(web.services.redis, "other") == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/agents/acme-a2/state", {"state": "busy"}),
        ("post", "/agents/acme-a2/wrap-up/finish", None),
        ("put", "/agents/acme-a2/answer-mode", {"mode": "mobile"}),
        ("post", "/agents/acme-a2/forced-logout", None),
        ("post", "/agents/acme-a1/forced-logout", None),
    ],
)
def test_agents_act_on_themselves_only(log_in: LogIn, method: str, path: str, body: dict[str, str] | None) -> None:
    """ROLE-1: an agent changes the own state and answer mode, nobody else's, and forces nobody out."""
    answer = getattr(log_in("agent@acme"), method)(path, json=body)
    assert (answer.status_code, answer.json["error"]["id"]) == (403, "forbidden")


def test_own_id_is_as_good_as_me(log_in: LogIn) -> None:
    """ROLE-1: `me` and the own agent id mean the same."""
    agent = log_in("agent@acme")
    assert agent.post("/agents/acme-a1/state", json={"state": "busy"}).json["row"]["state"] == "busy"
    assert agent.get("/agents/me").json["row"]["state"] == "busy"


def test_who_is_no_agent_has_no_seat(log_in: LogIn) -> None:
    """ROLE-1: `me` means nothing for people who are no agents."""
    admin: Person = log_in("admin@acme")
    assert admin.get("/agents/me").json["error"]["id"] == "not_an_agent"
