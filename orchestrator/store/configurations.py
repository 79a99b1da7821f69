"""Published configurations: written by the web side, read by the call path from memory."""

import time
from collections.abc import Sequence

from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json, to_json
from orchestrator.store.connection import TextRedis

#: Copies are compared with Redis at least this often, should a notice have been lost.
RECHECK_S = 2.0


class RedisConfigurations:
    """Reads configurations, keeping copies until a notice or RECHECK_S says to look again."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis
        self._copies: dict[str, tuple[float, str | None, TenantConfig | None]] = {}

    def tenant(self, tenant: str) -> TenantConfig | None:
        """Return the configuration in force, None for an unknown tenant."""
        checked, text, config = self._copies.get(tenant, (float("-inf"), None, None))
        if time.monotonic() - checked < RECHECK_S:
            return config
        found: str | None = self._redis.get(keys.config(tenant))
        if found != text:
            config = from_json(TenantConfig, found) if found else None
        self._copies[tenant] = (time.monotonic(), found, config)
        return config

    def tenants(self) -> Sequence[str]:
        """Return the ids of all tenants."""
        return sorted(self._redis.smembers(keys.TENANTS))

    def owner_of_number(self, number: str) -> str | None:
        """Return the tenant that owns a number."""
        found: str | None = self._redis.hget(keys.NUMBERS, number)
        return found

    def owner_of_device(self, device: str) -> tuple[str, str] | None:
        """Return (tenant, agent) of a SIP user."""
        found = self._redis.hget(keys.DEVICES, device)
        if not found:
            return None
        tenant, _, agent = found.partition(" ")
        return tenant, agent

    def forget(self, tenant: str) -> None:
        """Look again at the next use: a new configuration was published."""
        self._copies.pop(tenant, None)


class RedisConfigurationWriter:
    """Puts configurations into force."""

    def __init__(self, redis: TextRedis, configurations: RedisConfigurations) -> None:
        """`configurations` is this process' own reader."""
        self._redis, self._configurations = redis, configurations

    def write(self, config: TenantConfig) -> None:
        """Write the whole configuration, replace the tenant's numbers and devices, tell every process."""
        before = self._redis.get(keys.config(config.id))
        old = from_json(TenantConfig, before) if before else None
        with self._redis.pipeline(transaction=True) as pipe:
            if old:
                _drop(pipe, keys.NUMBERS, old.numbers.keys() - config.numbers.keys())
                devices = {a.device for a in old.agents.values()} - {a.device for a in config.agents.values()}
                _drop(pipe, keys.DEVICES, devices)
            pipe.set(keys.config(config.id), to_json(config))
            pipe.sadd(keys.TENANTS, config.id)
            for number in config.numbers:
                pipe.hset(keys.NUMBERS, number, config.id)
            for agent in config.agents.values():
                pipe.hset(keys.DEVICES, agent.device, f"{config.id} {agent.id}")
            pipe.publish(keys.CONFIG_CHANNEL, config.id)
            pipe.execute()
        self._configurations.forget(config.id)


def _drop(pipe: TextRedis, key: str, fields: set[str]) -> None:
    if fields:
        pipe.hdel(key, *fields)
