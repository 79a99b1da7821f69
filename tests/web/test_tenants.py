"""A second tenant sees and reaches nothing of the first one, by any id (SAFE-3); nothing entered does harm (SAFE-2)."""

import pytest

from orchestrator.database.models import CallRecord, User
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls

NASTY = [
    "' OR '1'='1",
    '"; DROP TABLE user; --',
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "a:b}{cc:other}:agents",
    "acme-a1\r\nSet-Cookie: zuoxi=evil",
    "acme-a1\n\napi shutdown",
    "{0.__class__}",
    "{reason}",
    "${dialed_user}",
    "\u202eevil\u0000",
    "*",
    "x" * 5000,
]


@pytest.fixture
def call_of_acme(live: LiveCalls) -> None:
    """A call of tenant acme that was taken, ended and recorded, and one that waits."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c-acme", caller="13912345678")
    live.talk("acme", "c-acme")
    live.hang_up("acme", "c-acme")
    live.wait("acme", "c-waits", caller="13912345678")
    live.write_records("acme")


@pytest.mark.usefixtures("call_of_acme")
@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_nothing_of_another_tenant_is_seen(log_in: LogIn, role: str) -> None:
    """SAFE-3: lists, records, boards and logs of one tenant hold nothing of another, whatever the filter names."""
    stranger = log_in(f"{role}@other")
    for path in (
        "/calls", "/calls?agent=acme-a1", "/calls?number=139", "/calls/live", "/boards/seats", "/boards/queues",
        "/state-log", "/state-log?agent=acme-a1", "/agents", "/queues", "/session",
    ):  # fmt: skip
        answer = stranger.get(path)
        assert answer.status_code == 200, path
        assert "acme" not in answer.text, path
        assert "13912345678" not in answer.text, path
    assert stranger.get("/calls/c-acme").status_code == 404
    assert stranger.get("/calls/c-acme/story").status_code == 404
    assert log_in(f"{role}@acme").get("/calls/c-acme").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/agents/acme-a1/state", {"state": "busy"}),
        ("post", "/agents/acme-a1/wrap-up/finish", None),
        ("put", "/agents/acme-a1/answer-mode", {"mode": "mobile"}),
        ("post", "/agents/acme-a1/forced-logout", None),
    ],
)
def test_agents_of_another_tenant_do_not_exist(
    log_in: LogIn, method: str, path: str, body: dict[str, str] | None
) -> None:
    """SAFE-3: acting on another tenant's agent is answered like acting on nobody, and changes nothing."""
    answer = getattr(log_in("supervisor@other"), method)(path, json=body)
    assert (answer.status_code, answer.json["error"]["id"]) == (404, "unknown_agent")
    row = log_in("supervisor@acme").get("/boards/seats").json["rows"][0]
    assert (row["state"], row["mode"]) == ("offline", "web")


@pytest.mark.usefixtures("call_of_acme")
@pytest.mark.parametrize("text", NASTY)
def test_filters_are_data(log_in: LogIn, text: str) -> None:
    """SAFE-2: whatever is searched for finds nothing or is refused; it is never part of a query."""
    supervisor = log_in("supervisor@acme")
    for path, name in (
        ("/calls", "number"), ("/calls", "queue"), ("/calls", "agent"), ("/calls", "cursor"), ("/calls", "outcome"),
        ("/state-log", "agent"), ("/state-log", "state"), ("/state-log", "cursor"), ("/calls", "from"),
    ):  # fmt: skip
        answer = supervisor.get(path, query_string={name: text})
        assert answer.status_code in (200, 422), (path, name)
        if answer.status_code == 200:
            assert answer.json["items"] == [], (path, name)
    assert CallRecord.select().count() == 1
    assert User.select().count() == 9


@pytest.mark.parametrize("text", NASTY)
def test_ids_and_bodies_are_data(log_in: LogIn, text: str) -> None:
    """SAFE-2: hostile ids and fields are refused with an error of the common shape; headers can't be added."""
    supervisor = log_in("supervisor@acme")
    answers = [
        supervisor.post("/agents/acme-a1/state", json={"state": "break", "reason": text}),
        supervisor.post("/agents/acme-a1/state", json={"state": text}),
        supervisor.put("/agents/acme-a1/answer-mode", json={"mode": text}),
        supervisor.patch("/session", json={"language": text}),
        supervisor.post("/session", json={"login": text, "password": text}),
    ]
    for answer in answers:
        assert answer.status_code in (401, 422), answer.text
        assert answer.content_type == "application/json"
        assert "evil" not in str(answer.headers)
        assert answer.json["error"]["message"]
    assert supervisor.get("/boards/seats").json["rows"][0]["state"] == "offline"


@pytest.mark.parametrize("text", [text for text in NASTY if "/" not in text])
def test_hostile_ids_in_addresses(log_in: LogIn, text: str) -> None:
    """SAFE-2: an address with a hostile id leads to nothing."""
    supervisor = log_in("supervisor@acme")
    for answer in (
        supervisor.get(f"/calls/{text}"),
        supervisor.get(f"/calls/{text}/story"),
        supervisor.post(f"/agents/{text}/forced-logout"),
    ):
        assert answer.status_code in (404, 405), answer.text
        assert "error" in answer.json


def test_names_of_callers_come_back_as_text(log_in: LogIn, live: LiveCalls) -> None:
    """SAFE-2: markup in a caller's name stays text in JSON; pages are told the type and may not guess it."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="<b>1</b>", name="</script><script>alert(1)</script>")
    answer = log_in("agent@acme").get("/agents/me")
    assert answer.json["call"]["caller_name"] == "</script><script>alert(1)</script>"
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("text", NASTY)
def test_what_is_configured_is_data(log_in: LogIn, text: str) -> None:
    """SAFE-2, SAFE-3: a hostile name is kept as it is or refused; hostile keys and targets never lead anywhere."""
    admin, destination = log_in("admin@acme"), {"way": "queue", "target": text, "prompt": text}
    named = admin.post("/config/queues", json={"name": text})
    assert named.status_code in (201, 422)
    assert named.status_code == 422 or named.json["name"] == text
    for field, value in (("key", text), ("music", text), ("agents", [text]), ("groups", [text]), ("prompt", text)):
        refused = admin.post("/config/queues", json={"name": "Hostile", field: value})
        assert (refused.status_code, next(iter(refused.json["error"]["fields"])).split(".")[0]) == (422, field)
    for path in ("/config/numbers/400acme", "/config/numbers/400other", "/config/queues/q1"):
        body = {"route": destination} if "numbers" in path else {"name": "First", "on_full": destination}
        assert admin.put(path, json=body).status_code in (404, 422)
    assert [number["route"]["target"] for number in admin.get("/config/numbers").json["items"]] == ["q1"]
    assert "Hostile" not in admin.get("/config/queues").text
