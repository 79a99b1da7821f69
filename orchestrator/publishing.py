"""Puts configurations from the database into force, one after the other for each tenant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from peewee import Database

from orchestrator.database.configuration import next_configuration
from orchestrator.domain.config import TenantConfig
from orchestrator.service.publish_configuration import PublishConfiguration
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis

#: Who waits longer (s) for the turn gives up; whoever has it loses it after TURN_S.
WAIT_S, TURN_S = 10, 60


class Publishing:
    """Publishes in the order in which changes are made, whatever process makes them."""

    def __init__(self, redis: TextRedis, database: Database, publisher: Callable[[], PublishConfiguration]) -> None:
        """`publisher` makes the use case; what it reads is fresh."""
        self._redis, self._database, self._publisher = redis, database, publisher

    @contextmanager
    def turn(self, tenant: str) -> Iterator[None]:
        """Change a tenant's configuration while nobody else does; after the block it is in force.

        The turn comes first: what can't be published for want of Redis isn't changed either. Raises
        redis.exceptions.LockError when others take too long, UnknownTenantError.
        """
        with self._redis.lock(keys.publishing(tenant), timeout=TURN_S, blocking_timeout=WAIT_S):
            yield
            self._publish(tenant)

    def publish(self, tenant: str) -> TenantConfig:
        """Put the configuration as it stands into force and return it; raises as `turn` does."""
        with self._redis.lock(keys.publishing(tenant), timeout=TURN_S, blocking_timeout=WAIT_S):
            return self._publish(tenant)

    def _publish(self, tenant: str) -> TenantConfig:
        config = next_configuration(self._database, tenant)
        self._publisher().publish(config)
        return config
