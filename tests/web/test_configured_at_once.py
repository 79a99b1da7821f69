"""Several administrators at once, through the web process as it runs, on either database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from peewee import Database

from orchestrator import publishing as publishing_module
from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.publishing import Publishing
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from tests.support.databases import running_postgres
from tests.web.configured import changes, in_force, to_queue
from tests.web.conftest import TENANTS, LogIn, populate
from tests.web.web_process import LIMIT, Browser, WebProcess

AT_ONCE = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def process(
    request: pytest.FixtureRequest,
    sqlite: Database,  # noqa: ARG001 - open before another is
    tmp_path: Path,
    redis_url: str,
    published: None,  # noqa: ARG001 - first
) -> Iterator[WebProcess]:
    """A web process on a database with both tenants, which is open here too."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/zuoxi.db"
        if request.param == "postgresql":
            url = stack.enter_context(running_postgres()).url
            database = open_database(url)
            stack.callback(database.close)
            migrate(database)
            for tenant in TENANTS:
                populate(tenant)
        web = WebProcess(tmp_path, redis_url, url).start()
        yield web
        assert web.stop() == 0


def test_changes_at_once_are_all_made_and_all_in_force(process: WebProcess, text_redis: TextRedis) -> None:
    """QUEUE-1, SAFE-1: none overwrites another's, and the last one published holds them all."""
    admin = Browser(process, "admin@acme").http

    def change(n: int) -> int:
        with requests.Session() as session:
            session.cookies.update(admin.cookies)
            body = {"key": f"new{n}", "name": f"New {n}", "agents": ["acme-a1"]}
            return session.post(f"{process.url}/api/v1/config/queues", json=body, timeout=LIMIT * 3).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(change, range(AT_ONCE))) == {201}
    config = in_force(text_redis)
    assert config.queues.keys() == {"q1", "q2", *(f"new{n}" for n in range(AT_ONCE))}
    assert config.agents["acme-a1"].queues == tuple(sorted(config.queues))
    assert config.version == AT_ONCE
    assert len(changes()) == AT_ONCE
    admin.close()


def test_one_name_is_given_once(process: WebProcess, text_redis: TextRedis) -> None:
    """QUEUE-1: of many who add a queue of one name at once, one does."""
    admin = Browser(process, "admin@acme").http

    def add(_: int) -> int:
        with requests.Session() as session:
            session.cookies.update(admin.cookies)
            body = {"name": "The one"}
            return session.post(f"{process.url}/api/v1/config/queues", json=body, timeout=LIMIT * 3).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = sorted(threads.map(add, range(AT_ONCE)))
    assert answers == [201] + [422] * (AT_ONCE - 1)
    assert [queue.name for queue in in_force(text_redis).queues.values()].count("The one") == 1
    admin.close()


def test_what_cannot_be_published_is_not_changed(
    log_in: LogIn, text_redis: TextRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: while another holds the turn for too long, the change is refused as a whole, to be tried again."""
    admin, before = log_in("admin@acme"), in_force(text_redis)
    monkeypatch.setattr(publishing_module, "WAIT_S", 0.05)
    with text_redis.lock(keys.publishing("acme"), timeout=30):
        refused = admin.put("/config/numbers/400acme", json={"route": to_queue("q2")})
    assert (refused.status_code, refused.json["error"]["id"]) == (503, "too_busy")
    assert (in_force(text_redis), changes()) == (before, [])
    assert admin.get("/config/numbers").json["items"][0]["route"]["target"] == "q1"
    assert admin.put("/config/numbers/400acme", json={"route": to_queue("q2")}).status_code == 200


def test_a_refusal_gives_the_turn_back(publishing: Publishing, text_redis: TextRedis, published: None) -> None:  # noqa: ARG001
    """SAFE-1: a change that fails is not published, and the next one needn't wait."""
    before = in_force(text_redis)
    with pytest.raises(RuntimeError), publishing.turn("acme"):
        raise RuntimeError
    assert in_force(text_redis) == before
    assert text_redis.exists(keys.publishing("acme")) == 0
    assert publishing.publish("acme").version == in_force(text_redis).version
