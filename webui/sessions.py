"""Log-ins that are over before their cookie is: logged out, or ended by a supervisor."""

import secrets
from collections.abc import Callable, MutableMapping
from typing import Any

from orchestrator.store.connection import TextRedis

#: Names in the signed cookie: which log-in it is, and when it began (us UTC, Redis' clock).
LOGIN, BEGAN = "login", "began"


class Sessions:
    """Remembers in Redis what the signed cookie can't know: that its log-in has ended."""

    def __init__(self, redis: TextRedis, now: Callable[[], int], lifetime_s: int) -> None:
        """`lifetime_s` is how long a cookie lives without use; `now` gives microseconds UTC."""
        self._redis, self._now, self._lifetime_s = redis, now, lifetime_s

    def begin(self, cookie: MutableMapping[str, Any]) -> None:
        """Make a new log-in of a cookie; whatever it held before is dropped."""
        cookie.clear()
        cookie[LOGIN], cookie[BEGAN] = secrets.token_urlsafe(16), self._now()

    def end(self, cookie: MutableMapping[str, Any]) -> None:
        """End this log-in, also for copies of the cookie."""
        if login := cookie.get(LOGIN):
            self._redis.set(_ended(login), 1, ex=self._lifetime_s)
        cookie.clear()

    def end_all(self, user: str) -> None:
        """End every log-in that a person has now."""
        self._redis.set(_ended_before(user), self._now(), ex=self._lifetime_s)

    def alive(self, cookie: MutableMapping[str, Any], user: str) -> bool:
        """Tell whether a cookie's log-in still holds."""
        if LOGIN not in cookie or BEGAN not in cookie:
            return False
        ended, before = self._redis.mget(_ended(cookie[LOGIN]), _ended_before(user))
        return ended is None and cookie[BEGAN] > int(before or 0)


def _ended(login: str) -> str:
    return f"{{cc}}:web:ended:{login}"


def _ended_before(user: str) -> str:
    return f"{{cc}}:web:ended-before:{user}"
