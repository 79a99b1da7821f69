"""A batch that cannot be written is halved until what is wrong stands alone: nothing else waits for it (SAFE-1).

What is wrong then is a dead letter of its own with its cause, to be done again when that is mended.
"""

from collections.abc import Sequence

import structlog
from peewee import DataError, IntegrityError
from rq import get_current_job

from orchestrator.records import RecordJobs
from workers.event_log import EventMessage

#: What an event may be the reason of: it isn't JSON, lacks a field, has a value that the database does not take. A
#: database that is away, full or behind is none of these: then no half would fare better.
UNWRITABLE = (DataError, IntegrityError, ValueError, TypeError, LookupError, OverflowError)

_log = structlog.get_logger("records")


def halve(tenant: str, batch: Sequence[EventMessage], why: Exception) -> bool:
    """Have the halves of a batch written, each by a job; False for a single event, and outside of a job.

    Who is killed on the way does it again: jobs are named after what they carry.
    """
    job = get_current_job()
    if job is None or len(batch) < 2:
        return False
    _log.warning("a batch can't be written and is halved", tenant=tenant, events=len(batch), error=repr(why))
    jobs, middle = RecordJobs(job.connection), len(batch) // 2
    for half in (batch[:middle], batch[middle:]):
        entries = [[str(value) for value in message] for message in half]
        if len(entries) == 1:
            jobs.write_alone(tenant, entries[0])
        else:
            jobs.write(tenant, entries)
    return True
