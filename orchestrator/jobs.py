"""Background jobs: the queues by urgency, the kinds of job, and how one is enqueued (docs/jobs.md).

This is the one place that defines them. A worker looks into its queues one by one in this order: from a single queue
RQ moves a job atomically to where it is found after a crash, from several at once it pops one and could lose it.
Long jobs must not keep short ones waiting: the Procfile has a worker for the first two queues, one for webhooks, which
may have to wait for other systems, one for exports, which take minutes, and one for the rest.
"""

from dataclasses import dataclass
from enum import StrEnum

from redis import Redis
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer


class QueueName(StrEnum):
    """The queues, the most urgent first."""

    RECORDS = "records"
    BILLING = "billing"
    WEBHOOKS = "webhooks"
    RECORDINGS = "recordings"
    SPEECH = "speech"
    REPORTS = "reports"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobType:
    """A kind of job: a function of `workers.jobs` whose name never changes, and that may run more than once.

    `limit_s`: a try is stopped after this many seconds. `retry_s`: pauses between tries, the last one repeated;
    after `retries` of them the job is a dead letter, kept for a year and replayed by hand.
    """

    function: str
    queue: QueueName
    limit_s: int
    retry_s: tuple[int, ...] = (1, 5, 30, 120, 600)
    retries: int = 5


#: A batch takes milliseconds; a database away for hours loses nothing.
WRITE_EVENTS = JobType(
    function="workers.jobs.write_events",
    queue=QueueName.RECORDS,
    limit_s=30,
    retry_s=(1, 2, 5, 10, 30, 60),
    retries=2000,
)

#: What kept its batch from being written: perhaps only for a moment.
WRITE_EVENT = JobType(
    function="workers.jobs.write_event", queue=QueueName.RECORDS, limit_s=30, retry_s=(2, 30), retries=2
)

#: An engine and a conversion, both at their limits; a job that tells why it can't be done isn't tried again.
MAKE_PROMPT = JobType(
    function="workers.jobs.make_prompt", queue=QueueName.SPEECH, limit_s=240, retry_s=(2, 10, 60), retries=3
)

#: The pieces that a newer version brought, one after the other; what fails is tried again by the next period.
COMPLETE_PIECES = JobType(
    function="workers.jobs.complete_pieces", queue=QueueName.SPEECH, limit_s=1800, retry_s=(10, 60), retries=2
)

FIND_MISSING_PIECES = JobType(function="workers.jobs.find_missing_pieces", queue=QueueName.MAINTENANCE, limit_s=60)

#: A file that is late comes within minutes; a disk that is full has room again within a day, or is a dead letter.
STORE_RECORDING = JobType(
    function="workers.jobs.store_recording",
    queue=QueueName.RECORDINGS,
    limit_s=900,
    retry_s=(2, 10, 60, 300, 1800),
    retries=55,
)

DELETE_RECORDING = JobType(function="workers.jobs.delete_recording", queue=QueueName.MAINTENANCE, limit_s=60)

#: Each run deletes what has become too old, a piece at a time.
CARE_FOR_RECORDINGS = JobType(function="workers.jobs.care_for_recordings", queue=QueueName.MAINTENANCE, limit_s=3600)

CLEAR_BLACKLISTS = JobType(function="workers.jobs.clear_blacklists", queue=QueueName.MAINTENANCE, limit_s=60)

#: Waits as long as the database or Redis is away: no charge is lost.
RATE_CALL = JobType(
    function="workers.jobs.rate_call",
    queue=QueueName.BILLING,
    limit_s=30,
    retry_s=(1, 2, 5, 10, 30, 60),
    retries=2000,
)

RERATE = JobType(function="workers.jobs.rerate", queue=QueueName.BILLING, limit_s=600)

KEEP_BILLS = JobType(function="workers.jobs.keep_bills", queue=QueueName.MAINTENANCE, limit_s=600)

#: What fails is tried again by the deliveries' own times: the job itself only when the database or Redis is away.
DELIVER_WEBHOOK = JobType(
    function="workers.jobs.deliver_webhook", queue=QueueName.WEBHOOKS, limit_s=60, retry_s=(5, 30), retries=2
)

SEND_WEBHOOKS = JobType(function="workers.jobs.send_webhooks", queue=QueueName.WEBHOOKS, limit_s=60, retries=1)

#: A mail server that refuses for a day: then it is no news, and a dead letter.
SEND_MAIL = JobType(
    function="workers.jobs.send_mail",
    queue=QueueName.WEBHOOKS,
    limit_s=120,
    retry_s=(30, 120, 600, 3600, 7200),
    retries=14,
)

#: Millions of lines take many minutes; a try begins from the first line.
MAKE_EXPORT = JobType(
    function="workers.jobs.make_export", queue=QueueName.REPORTS, limit_s=4 * 3600, retry_s=(2, 30, 300), retries=3
)

MAKE_REPORT = JobType(
    function="workers.jobs.make_report", queue=QueueName.REPORTS, limit_s=900, retry_s=(5, 60, 600), retries=3
)

SEND_REPORTS = JobType(function="workers.jobs.send_reports", queue=QueueName.MAINTENANCE, limit_s=60, retries=1)

CARE_FOR_EXPORTS = JobType(function="workers.jobs.care_for_exports", queue=QueueName.MAINTENANCE, limit_s=600)

#: Millions of rows a night, a batch at a time; who is stopped goes on in the next hour of the night.
KEEP_RETENTION = JobType(
    function="workers.jobs.keep_retention", queue=QueueName.MAINTENANCE, limit_s=3600, retry_s=(60,), retries=2
)

FORGET_MESSAGES = JobType(function="workers.jobs.forget_messages", queue=QueueName.MAINTENANCE, limit_s=600)

KEEP_MONTHS = JobType(function="workers.jobs.keep_months", queue=QueueName.MAINTENANCE, limit_s=600)

#: Does what it can in half a minute, then the next run goes on.
KEEP_SUMS = JobType(function="workers.jobs.keep_sums", queue=QueueName.MAINTENANCE, limit_s=600, retries=1)

CLOSE_DRAFTS = JobType(function="workers.jobs.close_drafts", queue=QueueName.MAINTENANCE, limit_s=600)

WATCH_DISKS = JobType(function="workers.jobs.watch_disks", queue=QueueName.MAINTENANCE, limit_s=60, retries=1)

#: Every kind of job, by its function.
_TYPES = (
    WRITE_EVENTS,
    WRITE_EVENT,
    STORE_RECORDING,
    DELETE_RECORDING,
    CARE_FOR_RECORDINGS,
    MAKE_PROMPT,
    COMPLETE_PIECES,
    FIND_MISSING_PIECES,
    CLEAR_BLACKLISTS,
    RATE_CALL,
    RERATE,
    KEEP_BILLS,
    DELIVER_WEBHOOK,
    SEND_WEBHOOKS,
    SEND_MAIL,
    FORGET_MESSAGES,
    KEEP_MONTHS,
    KEEP_RETENTION,
    MAKE_EXPORT,
    MAKE_REPORT,
    SEND_REPORTS,
    CARE_FOR_EXPORTS,
    CLOSE_DRAFTS,
    KEEP_SUMS,
    WATCH_DISKS,
)
JOB_TYPES = {type_.function: type_ for type_ in _TYPES}


def describe(type_: JobType, arguments: tuple[object, ...]) -> str:
    """Return what a job is, and whose: its function and, if its first argument is one, its tenant."""
    return f"{type_.function} {arguments[0]}" if arguments else type_.function


class Jobs:
    """Enqueues jobs."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QueueName}

    def is_dead(self, type_: JobType, job_id: str) -> bool:
        """Tell whether a job has failed at every try, and waits to be done again by hand."""
        return job_id in self._queues[type_.queue].failed_job_registry

    def add(self, type_: JobType, *arguments: object, job_id: str | None = None, keep_s: int = 0) -> bool:
        """Enqueue a job with arguments that JSON knows; False when one of this id waits, runs, failed or is kept.

        `job_id` (letters, digits, `_`, `-`) names what the job is about, such as the event that caused it. The id is
        taken while the job is kept: for `keep_s` seconds after it was done.
        """
        try:
            self._queues[type_.queue].enqueue(
                type_.function,
                args=arguments,
                description=describe(type_, arguments),
                job_id=job_id,
                unique=job_id is not None,
                retry=Retry(max=type_.retries, interval=[*type_.retry_s]),
                job_timeout=type_.limit_s,
                result_ttl=keep_s,
            )
        except DuplicateJobError:
            return False
        return True
