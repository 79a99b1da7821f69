"""Puts configurations from the database into force, one after the other for each tenant."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import structlog
from peewee import Database, PeeweeException
from redis.exceptions import RedisError

from orchestrator.balances import publish_balance
from orchestrator.database.configuration import next_configuration, tenants
from orchestrator.database.promises import open_promises
from orchestrator.database.state_log import last_chosen
from orchestrator.domain.agent import Agent
from orchestrator.domain.config import TenantConfig
from orchestrator.service.promise_again import PromiseAgain
from orchestrator.service.publish_configuration import PublishConfiguration
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis

#: Who waits longer (s) for the turn gives up; whoever has it loses it after TURN_S.
WAIT_S, TURN_S = 10, 60

#: Redis is asked this often (s) whether it still has every configuration.
KEEP_S = 2.0


class Publishing:
    """Publishes in the order in which changes are made, whatever process makes them."""

    def __init__(
        self,
        redis: TextRedis,
        database: Database,
        publisher: Callable[[], PublishConfiguration],
        promises: Callable[[], PromiseAgain],
    ) -> None:
        """`publisher` and `promises` make the use cases; what they read is fresh."""
        self._redis, self._database = redis, database
        self._publisher, self._promises = publisher, promises

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

    def restore(self) -> list[str]:
        """Publish what Redis has lost, agents in the states they had chosen and promises to call back in their places.

        Returns those tenants.
        """
        with self._database.connection_context():
            lost = [tenant for tenant in tenants() if not self._redis.exists(keys.config(tenant))]
            for tenant in lost:
                with self._redis.lock(keys.publishing(tenant), timeout=TURN_S, blocking_timeout=WAIT_S):
                    self._publish(tenant, last_chosen(tenant))
                    self._promise_again(tenant)
        return lost

    def _publish(self, tenant: str, past: Mapping[str, Agent] = MappingProxyType({})) -> TenantConfig:
        config = next_configuration(self._database, tenant)
        self._publisher().publish(config, past)
        publish_balance(self._redis, tenant)
        return config

    def _promise_again(self, tenant: str) -> None:
        for promise in open_promises(tenant, RedisClock(self._redis).now()):
            self._promises().restore(tenant, promise)


def keep(publishing: Publishing, failed: Callable[[], object], pause: Callable[[float], object]) -> None:
    """Put back whatever Redis loses, for ever; `failed()` counts rounds without Redis or database."""
    log = structlog.get_logger("publishing")
    while True:
        try:
            for tenant in publishing.restore():
                log.warning("configuration was not in Redis and is back", tenant=tenant)
        except (RedisError, PeeweeException):
            failed()
            log.exception("lost configurations not looked for")
        pause(KEEP_S)
