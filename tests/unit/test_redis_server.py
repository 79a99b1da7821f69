"""The tests' own redis-server is real, empty for each test, and survives what it should survive."""

from pathlib import Path

import pytest
import redis as redis_py

from tests.support.redis_server import RedisServer


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_redis_empty(redis: "redis_py.Redis", turn: str) -> None:
    """What one test wrote isn't there in the next."""
    assert redis.dbsize() == 0
    redis.set("turn", turn)


def test_a_killed_server_comes_back_on_its_port_with_its_data(tmp_path: Path) -> None:
    """SAFE-1: a Redis with an append-only file that is killed and started again still has what it confirmed."""
    server = RedisServer(tmp_path, appendonly="yes", appendfsync="always")
    server.start()
    try:
        port = server.port
        server.client().set("kept", "yes")
        server.kill()
        server.start()
        assert (server.port, server.client().get("kept")) == (port, b"yes")
    finally:
        server.stop()
