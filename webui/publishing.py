"""Putting what the database holds into force, for the next call."""

from collections.abc import Callable

from peewee import Database

from orchestrator.database.configuration import next_configuration
from orchestrator.service.use_cases import UseCases
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import TextRedis


class Publishing:
    """Makes a tenant's configuration of the tables and publishes it."""

    def __init__(self, database: Database, redis: TextRedis, use_cases: Callable[[], UseCases]) -> None:
        """`use_cases` makes a set without working copies."""
        self._database, self._redis, self._use_cases = database, redis, use_cases

    def publish(self, tenant: str) -> int:
        """Put the configuration into force; returns its version. Raises UnknownTenantError."""
        config = next_configuration(self._database, tenant)
        writer = RedisConfigurationWriter(self._redis, RedisConfigurations(self._redis))
        self._use_cases().publisher(writer).publish(config)
        return config.version
