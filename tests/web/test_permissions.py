"""Every route and socket event declares its permission, and the server checks it."""

import pytest
from flask import url_for

from tests.web.conftest import LogIn, Person
from webui.app import Web
from webui.permissions import MATRIX, PUBLIC, Permission, declared
from webui.sockets import BOARD_PERMISSIONS

#: What anybody may use, and why that is right.
OPEN = {
    "session.log_in",  # is how one becomes somebody
    "health.alive", "health.ready",  # say nothing about any tenant
    "health.show_metrics",  # checks the network, or the permission
    "openapi.document",  # describes the API, holds no data
    "freeswitch.directory",  # checks the switches' secret
    "recordings.audio",  # checks the link's signature
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
    assert BOARD_PERMISSIONS == {"seats": Permission.VIEW_SEATS, "queues": Permission.VIEW_QUEUE_MONITOR}


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


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin"])
def test_matrix_is_what_the_server_does(web: Web, log_in: LogIn, role: str) -> None:
    """ROLE-1: 403 exactly where the matrix grants nothing."""
    person = log_in(f"{role}@acme")
    for endpoint, view in web.app.view_functions.items():
        permission = declared(view)
        rule = next(r for r in web.app.url_map.iter_rules() if r.endpoint == endpoint)
        if not isinstance(permission, Permission) or "GET" not in (rule.methods or ()):
            continue
        with web.app.test_request_context():
            address = url_for(endpoint, **dict.fromkeys(rule.arguments, "nobody"))
        status = person.client.get(address).status_code
        assert (status == 403) == (permission not in MATRIX[role]), (endpoint, status)


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
