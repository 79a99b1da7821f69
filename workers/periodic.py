"""Jobs that run once in every period, however many workers live.

Every worker enqueues the job of the present period under an id made of its name and the period. Redis takes an id once
while the job is kept, and it is kept for two periods: so the first worker wins, and one that dies misses nothing.
"""

from dataclasses import dataclass

from orchestrator.jobs import (
    CARE_FOR_EXPORTS,
    CARE_FOR_RECORDINGS,
    CLEAR_BLACKLISTS,
    CLOSE_DRAFTS,
    FIND_MISSING_PIECES,
    KEEP_BILLS,
    KEEP_MONTHS,
    KEEP_RETENTION,
    KEEP_SUMS,
    SEND_REPORTS,
    SEND_WEBHOOKS,
    WATCH_DISKS,
    Jobs,
    JobType,
)

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job without arguments, once every `every_s` seconds, counted from 1970 (UTC)."""

    type: JobType
    every_s: int


PERIODIC = (
    Periodic(CLEAR_BLACKLISTS, HOUR_S),
    Periodic(KEEP_BILLS, 600),
    Periodic(CARE_FOR_RECORDINGS, HOUR_S),
    Periodic(SEND_WEBHOOKS, 10),
    Periodic(KEEP_MONTHS, HOUR_S),
    Periodic(CARE_FOR_EXPORTS, 600),
    Periodic(KEEP_RETENTION, HOUR_S),
    Periodic(CLOSE_DRAFTS, 60),
    Periodic(SEND_REPORTS, 60),
    Periodic(FIND_MISSING_PIECES, 600),
    Periodic(KEEP_SUMS, 60),
    Periodic(WATCH_DISKS, 60),
)


def enqueue_periodic(jobs: Jobs, now_s: float, periodic: tuple[Periodic, ...] = PERIODIC) -> int:
    """Enqueue what has not been enqueued in the present period; returns how many."""
    return sum(_enqueue(jobs, one, int(now_s) // one.every_s) for one in periodic)


def _enqueue(jobs: Jobs, one: Periodic, period: int) -> bool:
    name = one.type.function.rpartition(".")[2]
    return jobs.add(one.type, job_id=f"{name}-{period}", keep_s=2 * one.every_s)
