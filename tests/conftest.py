"""Fixtures that every kind of test may use."""

from collections.abc import Iterator

import pytest
import redis as redis_py
from playwright.sync_api import Browser

from tests.support.chromium import WHY_MISSING, chromium, find_chromium
from tests.support.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A redis-server for the whole session; tests that stop or kill one make their own `RedisServer`."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Where an empty Redis listens."""
    with redis_server.client() as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def redis(redis_url: str) -> Iterator["redis_py.Redis"]:
    """A client of an empty Redis; replies are bytes."""
    with redis_py.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; each test opens a context of its own. Skips where no browser is installed."""
    if find_chromium() is None:
        pytest.skip(WHY_MISSING)
    with chromium() as running:
        yield running
