"""Published configurations: written by the web side, read by the call path from memory."""

import threading
import time
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError

from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json, to_json
from orchestrator.store.connection import TextRedis

#: Without notices copies are compared with Redis at least this often.
RECHECK_S = 2.0

#: The notices' connection is tried again after this long.
AGAIN_S = 1.0

#: Numbers and devices remembered, those of nobody included; more begin anew.
OWNERS_KEPT = 100_000


class RedisConfigurations:
    """Reads configurations, keeping copies: until a notice comes while listening, for RECHECK_S otherwise."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis
        self._copies: dict[str, tuple[float, TenantConfig | None]] = {}
        self._owners: dict[tuple[str, str], tuple[float, str | None]] = {}
        self._listening = False
        self._stopped = threading.Event()

    def tenant(self, tenant: str) -> TenantConfig | None:
        """Return the configuration in force, None for an unknown tenant."""
        copy = self._copies.get(tenant)
        if copy is None or not self._fresh(copy[0]):
            found = self._redis.get(keys.config(tenant))
            copy = (time.monotonic(), from_json(TenantConfig, found) if found else None)
            self._copies[tenant] = copy
        return copy[1]

    def tenants(self) -> Sequence[str]:
        """Return the ids of all tenants."""
        return sorted(self._redis.smembers(keys.TENANTS))

    def owner_of_number(self, number: str) -> str | None:
        """Return the tenant that owns a number."""
        return self._owner(keys.NUMBERS, number)

    def owner_of_device(self, device: str) -> tuple[str, str] | None:
        """Return (tenant, agent) of a SIP user."""
        found = self._owner(keys.DEVICES, device)
        if not found:
            return None
        tenant, _, agent = found.partition(" ")
        return tenant, agent

    def forget(self) -> None:
        """Look again at the next use: a new configuration was published."""
        self._copies.clear()
        self._owners.clear()

    def listen(self, connection: TextRedis, failed: Callable[[], object]) -> None:
        """Heed notices until stopped; `connection` is this loop's own, `failed()` counts its losses."""
        while not self._stopped.is_set():
            try:
                self._heed(connection)
            except (RedisError, OSError):
                failed()
            self._listening = False
            self._stopped.wait(AGAIN_S)

    def stop(self) -> None:
        """End `listen`."""
        self._stopped.set()

    def _heed(self, connection: TextRedis) -> None:
        with connection.pubsub(ignore_subscribe_messages=False) as notices:
            notices.subscribe(keys.CONFIG_CHANNEL)
            while not self._stopped.is_set():
                if notices.get_message(timeout=1.0):
                    self.forget()
                    self._listening = True

    def _fresh(self, since: float) -> bool:
        return self._listening or time.monotonic() - since < RECHECK_S

    def _owner(self, key: str, name: str) -> str | None:
        copy = self._owners.get((key, name))
        if copy is None or not self._fresh(copy[0]):
            if len(self._owners) > OWNERS_KEPT:
                self._owners.clear()
            copy = self._owners[key, name] = (time.monotonic(), self._redis.hget(key, name))
        return copy[1]


class RedisConfigurationWriter:
    """Puts configurations into force."""

    def __init__(self, redis: TextRedis, configurations: RedisConfigurations) -> None:
        """`configurations` is this process' own reader."""
        self._redis, self._configurations = redis, configurations

    def write(self, config: TenantConfig) -> TenantConfig | None:
        """Write the whole configuration, replace the tenant's numbers and devices, tell every process.

        Returns the configuration that was in force, None for a new tenant.
        """
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
        self._configurations.forget()
        return old


def _drop(pipe: TextRedis, key: str, fields: set[str]) -> None:
    if fields:
        pipe.hdel(key, *fields)
