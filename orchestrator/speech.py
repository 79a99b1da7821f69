"""Hands what is to be spoken or converted to the workers."""

from redis import Redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

#: The queue whose jobs make sounds. Workers look into it when no records wait.
SPEECH = "speech"

MAKE_PROMPT = "workers.jobs.make_prompt"

#: Seconds: an engine and a conversion, both at their limits.
LIMIT_S = 240

#: Seconds between tries of a job that broke; one that tells why it can't be done isn't tried again.
RETRY_S = [2, 10, 60]


class SpeechJobs:
    """Enqueues jobs that name what is to be made; doing one twice changes nothing."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._queue = Queue(SPEECH, connection=redis, serializer=JSONSerializer)

    def make_prompt(self, tenant: str, key: str, number: int) -> None:
        """Have one version of a prompt made."""
        retry = Retry(max=len(RETRY_S), interval=[*RETRY_S])
        self._queue.enqueue(MAKE_PROMPT, tenant, key, number, retry=retry, job_timeout=LIMIT_S, result_ttl=0)
