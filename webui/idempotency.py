"""Requests that may be sent again after a lost answer: the same key does the thing once (API-1)."""

import re
from collections.abc import Callable

from flask import request

from orchestrator.store.connection import TextRedis
from webui.errors import BadKeyError

#: A key is remembered so long, seconds.
REMEMBERED_S = 86_400


_KEY = re.compile(r"[\x21-\x7e]{0,100}")


def idempotency_key() -> str:
    """Return the header `Idempotency-Key` of this request, empty for none: up to 100 characters without spaces."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise BadKeyError
    return key


def once(redis: TextRedis, tenant: str, user: str, key: str, new: str, act: Callable[[], object]) -> str:
    """Do something that is then known by the id `new`, unless the user's key has done it: then return its id.

    What is refused (`act` raises) leaves the key as it was.
    """
    if not key:
        act()
        return new
    name = f"{{cc:{tenant}}}:once:{user}:{key}"
    if not redis.set(name, new, nx=True, ex=REMEMBERED_S):
        return redis.get(name) or new
    try:
        act()
    except BaseException:
        redis.delete(name)
        raise
    return new
