"""Money that is set aside for legs which are not there any more: processes died on the way (BILL-1, SAFE-1)."""

from collections.abc import Iterator

import structlog

from orchestrator.database.models import BillingAccount, CallLeg, CallRecord, ChargeRow
from orchestrator.domain.call import Call
from orchestrator.store import keys
from orchestrator.store.balances import RedisBalances
from orchestrator.store.connection import TextRedis
from orchestrator.store.live_store import unpack

#: A leg that neither a running call nor a record knows is waited for so long, us: its events may come late.
CLAIM_US = 3_600_000_000


def release_unclaimed(redis: TextRedis, now: int) -> None:
    """Give back what is set aside for legs that are charged, were never answered, or that nobody knows for an hour."""
    balances = RedisBalances(redis)
    for account in list(BillingAccount.select()):
        tenant = account.tenant_id
        held = balances.held(tenant)
        # What is set aside while this reads is not in `held`; what begins to run meanwhile is in the calls read after.
        running = _running(redis, tenant)
        lost = list(_lost(redis, tenant, sorted(held.keys() - running), now))
        if lost:
            balances.release(tenant, lost)
            redis.zrem(keys.unclaimed(tenant), *lost)
            structlog.get_logger("billing").warning("money was held in vain", tenant=tenant, legs=lost)


def _running(redis: TextRedis, tenant: str) -> set[str]:
    calls = (unpack(Call, value).document for value in redis.hvals(keys.calls(tenant)))
    return {meter.leg for call in calls for meter in call.meters}


def _lost(redis: TextRedis, tenant: str, legs: list[str], now: int) -> Iterator[str]:
    for leg in legs:
        known = _is_over(tenant, leg)
        if known is None:
            redis.zadd(keys.unclaimed(tenant), {leg: now // 1000}, nx=True)
            since = redis.zscore(keys.unclaimed(tenant), leg)
            known = since is not None and now - int(since) * 1000 >= CLAIM_US
        if known:
            yield leg


def _is_over(tenant: str, leg: str) -> bool | None:
    """Tell whether a leg needs no money any more; None for one that no record knows."""
    charges = ChargeRow
    if charges.select().where(charges.tenant == tenant, charges.reference == leg).exists():
        return True
    found = CallLeg.select().join(CallRecord).where(CallRecord.tenant == tenant, CallLeg.leg == leg).first()
    return None if found is None else found.answered is None
