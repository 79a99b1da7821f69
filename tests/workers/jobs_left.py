"""What workers leave in Redis when everything is done."""

from redis import Redis

from workers.periodic import PERIODIC

#: Periodic jobs are kept for two of their periods, so that each runs once in a period.
KEPT = tuple(f"rq:job:{one.type.function.rpartition('.')[2]}-".encode() for one in PERIODIC)


def only_periodic_left(redis: "Redis") -> bool:
    """Tell whether no job is left but the periodic ones."""
    return all(key.startswith(KEPT) for key in redis.scan_iter("rq:job:*"))
