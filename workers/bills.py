"""When calls are charged: after their records, and again and again until they are."""

import time
from collections.abc import Callable, Iterable

import structlog
from rq import get_current_job

from orchestrator.database.billing.accounts import account_of
from orchestrator.database.billing.statements import close_months
from orchestrator.database.models import BillingAccount, CallRecord
from orchestrator.jobs import RATE_CALL, Jobs
from workers.rating import rate_call, unrated_calls

#: Calls without a charge are looked for this far back, and so many at a time.
LOOK_BACK_US, MOST = 40 * 86_400_000_000, 5000


def now_us() -> int:
    """Return microseconds UTC."""
    return time.time_ns() // 1000


def rate_later(tenant: str, calls: Iterable[str]) -> None:
    """Enqueue the charging of those calls that have ended, for a tenant that is billed.

    Whoever dies before this does the whole job again, and `keep_all` finds what was lost with Redis.
    """
    job = get_current_job()
    if job is None or account_of(tenant) is None:
        return
    jobs = Jobs(job.connection)
    table = CallRecord
    ended = table.select(table.call).where(table.tenant == tenant, table.call << sorted(calls))
    for call in sorted(row.call for row in ended):
        jobs.add(RATE_CALL, tenant, call, job_id=f"rate_{tenant}_{call}")


def billed_tenants() -> list[str]:
    """Name the tenants who are billed."""
    return [account.tenant_id for account in BillingAccount.select()]


def keep_all(now: int, publish: Callable[[str, Iterable[str]], None]) -> None:
    """Charge every tenant's calls that have no charge yet, then close the months that are over (`now`: us UTC).

    `publish` puts a tenant's balance into force and gives back what was set aside for legs.
    """
    log = structlog.get_logger("billing")
    for account in list(BillingAccount.select()):
        for call in unrated_calls(account.tenant_id, now - LOOK_BACK_US, MOST):
            publish(account.tenant_id, rate_call(account.tenant_id, call, now))
        for statement in close_months(account.tenant_id, now):
            log.info("month closed", tenant=statement.tenant, month=statement.month, charged=str(statement.charged))
        publish(account.tenant_id, ())
        if account.low_since is not None:
            log.warning("balance is low", tenant=account.tenant_id, since=account.low_since)
