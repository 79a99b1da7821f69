"""Pages, headers, health, and the one shape of errors."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from peewee import OperationalError

from orchestrator.store import keys
from orchestrator.store.connection import connect
from tests.support.redis_server import RedisServer
from tests.web.conftest import PASSWORD, LogIn
from tests.web.live_calls import LiveCalls
from webui.app import Web, create_web
from webui.freeswitch_directory import Directory
from webui.security import content_policy
from webui.services import Services
from webui.sessions import Sessions
from webui.texts import LANGUAGES, Texts


@pytest.fixture
def client(web: Web) -> FlaskClient:
    """A browser without a log-in."""
    return web.app.test_client()


@pytest.fixture
def built(pages: Path) -> Path:
    """Pages as the build leaves them."""
    (pages / "assets").mkdir()
    (pages / "index.html").write_text("<!doctype html><title>Zuoxi</title>")
    (pages / "assets" / "index-1a2b3c.js").write_text("console.log(1)")
    (pages / "favicon.ico").write_bytes(b"icon")
    (pages.parent / "secret").write_text("not yours")
    return pages


@pytest.mark.parametrize("path", ["/", "/wall/seats", "/calls/3f2a-91"])
def test_addresses_of_the_page_lead_to_the_page(client: FlaskClient, built: Path, path: str) -> None:  # noqa: ARG001
    """WALL-3: any address of the pages can be opened and reloaded; the page itself is asked for anew each time."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert "Zuoxi" in answer.text


def test_hashed_files_are_kept(client: FlaskClient, built: Path) -> None:  # noqa: ARG001
    """Files whose name holds a hash of their content are cached for ever; others are not."""
    assert "immutable" in client.get("/assets/index-1a2b3c.js").headers["Cache-Control"]
    assert "immutable" not in client.get("/favicon.ico").headers.get("Cache-Control", "")
    assert client.get("/assets/gone-000.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"]
)
def test_paths_stay_inside(client: FlaskClient, built: Path, path: str) -> None:  # noqa: ARG001
    """SAFE-2: no path leads out of the pages' folder."""
    assert "not yours" not in client.get(path).text


def test_pages_not_built_is_said(client: FlaskClient) -> None:
    """OPS-1: without built pages the answer says what to run."""
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "make run" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/session", "/api/v1/nothing", "/healthz", "/freeswitch/directory"])
def test_security_headers_everywhere(client: FlaskClient, path: str) -> None:
    """SAFE-2: no inline script, no frame, no guessing of types, on whatever is answered."""
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert (policy["script-src"], policy["frame-ancestors"], policy["object-src"]) == ("'self'", "'none'", "'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_may_reach_the_web_phone() -> None:
    """WEB-1: the page may open the web phone's WebSocket, where one is configured, and no other."""
    assert "connect-src 'self' wss://pbx.example:7443;" in content_policy("wss://pbx.example:7443")
    assert "connect-src 'self';" in content_policy("")


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1", 404, "not_found"),
        ("POST", "/api/v1/boards/seats", 405, "method_not_allowed"),
        ("GET", "/api/v1/boards/seats", 401, "not_logged_in"),
        ("POST", "/api/v1/session", 400, "bad_request"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_have_one_shape(
    client: FlaskClient, method: str, path: str, status: int, error: str, language: str
) -> None:
    """API-1: every error has a stable id and a message in the user's language."""
    answer = client.open(path, method=method, headers={"Accept-Language": language})
    assert answer.status_code == status
    assert answer.json == {
        "error": {"id": error, "message": Texts()._messages[language][f"errors.{error}"], "fields": {}}
    }


def test_bad_fields_are_named_in_the_users_language(client: FlaskClient) -> None:
    """API-1: each bad field has its own message."""
    answer = client.post(
        "/api/v1/session", json={"login": "", "pass": 1}, headers={"Accept-Language": "zh-CN,zh;q=0.9"}
    )
    assert answer.json["error"]["fields"] == {"login": "至少 1 个字符", "password": "必填", "pass": "不支持此字段"}


def test_unexpected_failures_are_errors_too(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """API-1: a failure of the server itself has the same shape and tells nothing about its inside."""
    monkeypatch.setattr(web.services.accounts, "by_password", lambda *_: 1 / 0)
    answer = web.app.test_client().post("/api/v1/session", json={"login": "a", "password": "b"})
    assert (answer.status_code, answer.json["error"]["id"]) == (500, "internal_error")
    assert "division" not in answer.text


def test_too_much_is_refused(client: FlaskClient) -> None:
    """SAFE-2: a body larger than any form is refused."""
    answer = client.post("/api/v1/session", data=b"x" * 2_000_000, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["id"]) == (413, "too_large")


def test_languages_have_the_same_texts() -> None:
    """Both languages are complete."""
    chinese, english = (set(Texts()._messages[language]) for language in LANGUAGES)
    assert chinese == english


def test_guessing_passwords_is_slowed_down(client: FlaskClient) -> None:
    """SAFE-2: after ten wrong passwords of a name in a minute more are refused; other people still log in."""

    def attempt(login: str, password: str) -> int:
        return client.post("/api/v1/session", json={"login": login, "password": password}).status_code

    assert [attempt("agent@acme", f"guess {n}") for n in range(11)] == [401] * 10 + [429]
    assert attempt("agent@acme", "correct horse") == 429
    assert attempt("supervisor@acme", "correct horse") == 200


def test_health_and_readiness(client: FlaskClient, web: Web) -> None:
    """OPS-1: ready means Redis, the database and an orchestrator for every switch, or it says what is missing."""
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "missing": []}
    web.services.settings.switches = "fs1=esl://:secret@127.0.0.1:8021"
    missing = client.get("/readyz", headers={"Accept-Language": "en"})
    assert missing.status_code == 503
    assert missing.json["missing"] == ["no orchestrator is connected to switch fs1"]
    web.services.redis.set(keys.lease("fs1"), "1 somebody")
    assert client.get("/readyz").status_code == 200


def test_database_away(client: FlaskClient, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-1, SAFE-1: without the database the process isn't ready and says why; what needs it is refused clearly."""

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(web.services.database, "execute_sql", fail)
    monkeypatch.setattr(web.services.database, "execute", fail)
    headers = {"Accept-Language": "en"}
    assert client.get("/readyz", headers=headers).json["missing"] == ["the database can't be reached"]
    answer = client.post("/api/v1/session", json={"login": "a", "password": "b"}, headers=headers)
    assert (answer.status_code, answer.json["error"]["id"]) == (503, "database_unavailable")


def test_redis_away(services: Services, pages: Path, tmp_path: Path) -> None:
    """OPS-1, SAFE-1: when Redis dies the process is alive, not ready, and answers with a clear error."""
    server = RedisServer(tmp_path)
    server.start()
    redis = connect(server.url)
    away = replace(services, redis=redis, sessions=Sessions(redis, services.clock.now, 3600))
    client = create_web(away, Directory("secret", "zuoxi.local", away.clock), pages).app.test_client()
    body = {"login": "supervisor@acme", "password": PASSWORD}
    assert client.post("/api/v1/session", json=body).status_code == 200
    server.kill()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz", headers={"Accept-Language": "en"}).json["missing"] == ["Redis can't be reached"]
    assert client.get("/metrics").status_code == 200
    refused = client.get("/api/v1/boards/seats")
    assert (refused.status_code, refused.json["error"]["id"]) == (503, "live_state_unavailable")


def test_metrics_count_agents_and_callers(client: FlaskClient, live: LiveCalls) -> None:
    """OPS-1: gauges of agents by state and of waiting callers, by tenant."""
    live.wait("acme", "c1")
    live._make().devices.registered("acme1001", True)
    text = client.get("/metrics").text
    assert 'zuoxi_agents{state="offline",tenant="acme"} 2.0' in text
    assert 'zuoxi_waiting_calls{queue="q1",tenant="acme"} 1.0' in text


@pytest.mark.parametrize(
    ("address", "headers"), [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})]
)
def test_metrics_are_not_for_everybody(
    client: FlaskClient, log_in: LogIn, address: str, headers: dict[str, str]
) -> None:
    """OPS-1, SAFE-3: from elsewhere, or through a proxy that isn't ours, only the operator may read them."""
    where = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    assert client.get("/metrics", **where).status_code == 401
    assert log_in("admin@acme").client.get("/metrics", **where).status_code == 403
    assert log_in("operator").client.get("/metrics", **where).status_code == 200
