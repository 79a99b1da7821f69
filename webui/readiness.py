"""What the web process needs to do its work."""

from collections.abc import Iterator

from redis.exceptions import RedisError

from orchestrator.database.connection import answers
from orchestrator.store import keys
from webui.services import Services


def missing(services: Services) -> Iterator[tuple[str, str]]:
    """Yield what is missing: ("redis", ""), ("database", ""), ("switch", name)."""
    try:
        for switch in switch_names(services.settings.switches):
            if not services.redis.exists(keys.lease(switch)):
                yield "switch", switch
        services.redis.ping()
    except RedisError:
        yield "redis", ""
    if not answers(services.database):
        yield "database", ""


def switch_names(switches: str) -> list[str]:
    """Return the names in a list of `NAME=esl://...`."""
    return [switch.partition("=")[0] for switch in switches.split()]
