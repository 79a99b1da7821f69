"""Draws among the ready agents of a queue whose strategy is random."""

from collections.abc import Callable

from orchestrator.domain.routing import RANK_SPAN, RANKS
from orchestrator.store.connection import TextRedis


def draw(redis: TextRedis, ready: str, limit: int, ranked: bool, chance: Callable[[], float]) -> list[str]:
    """Draw up to `limit` agents; where they are `ranked`, those of a lower rank come first."""
    if not ranked:
        drawn = redis.zrandmember(ready, limit)
        return sorted(drawn, key=lambda _: chance())  # Redis draws fairly but answers in no fair order
    found: list[str] = []
    bounds = [redis.zcount(ready, "-inf", f"({rank * RANK_SPAN}") for rank in range(1, RANKS + 1)]
    for first, beyond in zip([0, *bounds], bounds, strict=False):
        found += _some(redis, ready, _places(first, beyond, limit - len(found), chance))
    return found


def _places(first: int, beyond: int, limit: int, chance: Callable[[], float]) -> list[int]:
    """Choose different places of [first, beyond), each equally likely (Floyd's sampling), in random order."""
    chosen: list[int] = []
    for last in range(max(first, beyond - limit), beyond):
        place = first + int(chance() * (last - first + 1))
        chosen.append(last if place in chosen else place)
    return sorted(chosen, key=lambda _: chance())


def _some(redis: TextRedis, ready: str, places: list[int]) -> list[str]:
    with redis.pipeline(transaction=False) as pipe:
        for place in places:
            pipe.zrange(ready, place, place)
        return [agent for found in pipe.execute() for agent in found]
