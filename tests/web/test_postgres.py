"""The web process on PostgreSQL, with everybody coming at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from tests.support.databases import running_postgres
from tests.web.conftest import TENANTS, populate
from tests.web.live_calls import LiveCalls
from tests.web.web_process import LIMIT, Browser, WebProcess


@pytest.fixture
def process(live: LiveCalls, tmp_path: Path, redis_url: str) -> Iterator[WebProcess]:
    """A web process on a PostgreSQL of its own; one call of tenant acme is recorded."""
    with running_postgres() as server:
        database = open_database(server.url)
        migrate(database)
        for tenant in TENANTS:
            populate(tenant)
        live.wait("acme", "c1", caller="13912345678")
        live.hang_up("acme", "c1")
        live.write_records("acme")
        database.close()
        web = WebProcess(tmp_path, redis_url, server.url).start()
        yield web
        assert web.stop() == 0


def test_everybody_at_once(process: WebProcess) -> None:
    """SAFE-1, SAFE-2: more requests at a time than the database takes connections are all answered; NUL is refused."""
    supervisor = Browser(process, "supervisor@acme").http

    def ask(path: str) -> int:
        with requests.Session() as session:
            session.cookies.update(supervisor.cookies)
            return session.get(f"{process.url}/api/v1{path}", timeout=LIMIT * 3).status_code

    paths = ["/calls?number=139", "/calls/c1", "/calls/c1/story", "/state-log", "/session", "/agents"] * 15
    with ThreadPoolExecutor(len(paths)) as threads:
        assert set(threads.map(ask, paths)) == {200}
    assert ask("/calls?number=%00") == 422
    assert ask("/calls/%00") == 404
    assert ask("/calls/none") == 404
    supervisor.close()
