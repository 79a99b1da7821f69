"""Who is connected to the live feed, and whether they still may be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from peewee import Database
from prometheus_client import Counter as Metric

from webui.accounts import Accounts
from webui.identity import Identity
from webui.sessions import Sessions

log = structlog.get_logger()

#: How often every connection's log-in is looked at again: seconds.
REVIEW_S = 15.0


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection and what let it in: a session cookie or an API token."""

    person: Identity
    cookie: dict[str, Any]
    token: str | None


class Connections:
    """Connections of this process. A log-in that ends takes its connections along, within REVIEW_S everywhere."""

    def __init__(
        self,
        accounts: Accounts,
        sessions: Sessions,
        database: Database,
        drop: Callable[[str], object],
        failures: Metric,
    ) -> None:
        """`drop(id)` cuts a connection off; `failures` counts reviews that came to nothing."""
        self._failures = failures
        self._accounts, self._sessions, self._database, self._drop = accounts, sessions, database, drop
        self._connected: dict[str, Connection] = {}

    def __len__(self) -> int:
        """How many are connected."""
        return len(self._connected)

    def add(self, id_: str, person: Identity, cookie: dict[str, Any], token: str | None) -> None:
        """Remember a connection."""
        self._connected[id_] = Connection(person, cookie, token)

    def remove(self, id_: str) -> None:
        """Forget a connection."""
        self._connected.pop(id_, None)

    def review(self, user: str | None = None) -> None:
        """Cut off connections (of one person, or all) whose log-in doesn't hold any more."""
        with self._database.connection_context():
            for id_, connection in list(self._connected.items()):
                if user in (None, connection.person.id) and not self._holds(connection):
                    self.remove(id_)
                    self._drop(id_)

    def keep_reviewing(self, pause: Callable[[float], object]) -> None:
        """Review for ever."""
        while True:
            pause(REVIEW_S)
            self.review_safely()

    def review_safely(self) -> None:
        """Review everybody; while that fails (Redis or the database away) nobody is cut off."""
        try:
            self.review()
        except Exception:
            self._failures.inc()
            log.exception("connections not reviewed")

    def _holds(self, connection: Connection) -> bool:
        if connection.token:
            found = self._accounts.by_token(connection.token)
        else:
            alive = self._sessions.alive(connection.cookie, connection.person.id)
            found = self._accounts.by_session(connection.person.get_id()) if alive else None
        person = connection.person
        return found is not None and _rights(found) == _rights(person)


def _rights(person: Identity) -> tuple[object, ...]:
    return person.role, person.tenant, person.agent, person.grants, person.leads, person.limits
