"""How many requests may be sent, and requests sent again (API-1)."""

from dataclasses import replace

import pytest

from orchestrator.database.models import ApiToken, BlacklistEntry
from tests.web.conftest import LogIn
from webui.app import Web
from webui.idempotency import LONGEST
from webui.services import Services
from webui.settings import WebSettings

ENTRY = {"number": "13800138000", "direction": "in", "description": ""}


def other(number: str) -> dict[str, str]:
    return {**ENTRY, "number": number}


@pytest.fixture
def services(services: Services, request: pytest.FixtureRequest) -> Services:
    """With few requests a minute, where a test says how many."""
    few = request.node.get_closest_marker("few")
    return replace(services, web=WebSettings(requests=f"{few.args[0]} per minute")) if few else services


@pytest.mark.few(5)
def test_who_sends_too_many_waits(log_in: LogIn, web: Web) -> None:
    """API-1: each answer says how many are left; the next is 429 with the time to wait; others are not slowed down."""
    admin = log_in("admin@acme")
    answers = [admin.get("/session") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left == [4, 3, 2, 1, 0, 0]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (refused.json["error"]["id"], refused.headers["X-RateLimit-Limit"]) == ("too_many_requests", "5")
    assert log_in("supervisor@acme").get("/session").status_code == 200
    assert web.app.test_client().get("/healthz").status_code == 200


@pytest.mark.few(3)
def test_tokens_count_apart(log_in: LogIn, web: Web) -> None:
    """API-1: a program that runs wild slows down neither its person's pages nor another program."""
    admin = log_in("admin@acme")
    first, second = (admin.post("/tokens", json={"name": name}).json["token"] for name in "ab")
    client = web.app.test_client()

    def ask(token: str) -> int:
        return client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code

    assert [ask(first) for _ in range(4)] == [200, 200, 200, 429]
    assert (ask(second), admin.get("/session").status_code) == (200, 200)


def test_a_request_sent_again_is_done_once(log_in: LogIn) -> None:
    """API-1: with the same key the first answer comes again, word for word, and nothing is made twice."""
    admin = log_in("admin@acme")
    key = {"Idempotency-Key": "order-17"}
    first = admin.post("/blacklist", json=ENTRY, headers=key)
    again = admin.post("/blacklist", json=ENTRY, headers=key)
    assert (first.status_code, first.headers.get("Idempotent-Replayed")) == (201, None)
    assert (again.status_code, again.data, again.headers["Idempotent-Replayed"]) == (201, first.data, "true")
    assert BlacklistEntry.select().count() == 1
    another = admin.post("/blacklist", json=other("13900139000"), headers=key)
    assert (another.status_code, another.json["error"]["id"]) == (422, "idempotency_other")
    assert log_in("admin@other").post("/blacklist", json=ENTRY, headers=key).status_code == 201


def test_what_was_refused_may_be_tried_again(log_in: LogIn) -> None:
    """API-1: a refusal leaves the key as it was; a key with spaces is none."""
    admin, key = log_in("admin@acme"), {"Idempotency-Key": "k"}
    assert admin.post("/blacklist", json=other("x"), headers=key).status_code == 422
    assert admin.post("/blacklist", json=ENTRY, headers=key).status_code == 201
    assert admin.post("/blacklist", json=ENTRY, headers={"Idempotency-Key": "a b"}).json["error"]["id"] == "bad_key"


def test_a_request_that_still_runs_is_not_begun_again(log_in: LogIn, web: Web) -> None:
    """API-1: of two at the same time one is done, the other is told to ask later."""
    admin, key = log_in("admin@acme"), "k"
    name = f"{{cc:acme}}:once:{admin.get('/session').json['user']['id']}:{key}"
    web.services.redis.set(name, "running")
    answer = admin.post("/blacklist", json=ENTRY, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "idempotency_running")
    assert BlacklistEntry.select().count() == 0


def test_secrets_are_not_kept(log_in: LogIn, web: Web) -> None:
    """API-1: an answer with a secret isn't given again: the key says that the thing was done."""
    admin, key = log_in("admin@acme"), {"Idempotency-Key": "k"}
    token = admin.post("/tokens", json={"name": "CRM"}, headers=key).json["token"]
    again = admin.post("/tokens", json={"name": "CRM"}, headers=key)
    assert (again.status_code, again.json["error"]["id"]) == (409, "idempotency_done")
    assert ApiToken.select().count() == 1
    kept = [web.services.redis.get(name) or "" for name in web.services.redis.scan_iter("*:once:*")]
    assert kept
    assert not any(token in one for one in kept)
    assert LONGEST >= 100_000


def test_every_post_heeds_the_key(web: Web) -> None:
    """API-1: the document names the header for every POST of somebody who is known."""
    paths = web.app.test_client().get("/api/v1/openapi.json").json["paths"]
    posts = {path: methods["post"] for path, methods in paths.items() if "post" in methods}
    without = {
        path
        for path, operation in posts.items()
        if "Idempotency-Key" not in {parameter["name"] for parameter in operation.get("parameters", [])}
    }
    assert without == {"/api/v1/session", "/api/v1/password/link"}
