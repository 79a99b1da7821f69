"""Hands what is to be spoken or converted to the workers."""

from redis import Redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

#: The queue whose jobs make sounds. Workers look into it when no records wait.
SPEECH = "speech"

MAKE_PROMPT = "workers.jobs.make_prompt"
MAKE_PIECES = "workers.jobs.make_pieces"

#: Seconds: an engine and a conversion at their limits; a language has some forty pieces of a word or two.
PROMPT_LIMIT_S = 240
PIECES_LIMIT_S = 1200

#: Seconds between tries of a job that broke; one that tells why it can't be done isn't tried again.
RETRY_S = [2, 10, 60]


class SpeechJobs:
    """Enqueues jobs that name what is to be made; doing one twice changes nothing."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._queue = Queue(SPEECH, connection=redis, serializer=JSONSerializer)

    def make_prompt(self, tenant: str, key: str, number: int) -> None:
        """Have one version of a prompt made."""
        self._enqueue(MAKE_PROMPT, PROMPT_LIMIT_S, tenant, key, number)

    def make_pieces(self, tenant: str, language: str) -> None:
        """Have all pieces of a language made that are drafts."""
        self._enqueue(MAKE_PIECES, PIECES_LIMIT_S, tenant, language)

    def _enqueue(self, job: str, limit_s: int, *arguments: str | int) -> None:
        retry = Retry(max=len(RETRY_S), interval=[*RETRY_S])
        self._queue.enqueue(job, *arguments, retry=retry, job_timeout=limit_s, result_ttl=0)
