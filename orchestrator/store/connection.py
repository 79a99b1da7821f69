"""Connections to Redis."""

from typing import Any, TypeAlias

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

#: A client that decodes responses. redis-py types each reply as every form it might have; ours is text.
TextRedis: TypeAlias = Any

#: How a Redis that answers says that it takes no change now: its disk or memory is full, it is a replica, it begins.
REFUSALS = ("MISCONF ", "OOM ", "READONLY ", "LOADING ", "CLUSTERDOWN ", "NOREPLICAS ")


def is_away(error: RedisError) -> bool:
    """Tell whether Redis serves nobody now, and it was not about what it was told."""
    unreached = isinstance(error, RedisConnectionError | RedisTimeoutError)
    return unreached or any(word in str(error) for word in REFUSALS)


def connect(url: str) -> TextRedis:
    """Open a client for text; it reconnects by itself and gives up an answer after 5 s."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=10,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.02), 5),
        retry_on_error=[RedisConnectionError],
    )
