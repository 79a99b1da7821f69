"""Hands what is to be spoken or converted to the workers."""

from redis import Redis

from orchestrator.jobs import MAKE_PROMPT, Jobs


class SpeechJobs:
    """Enqueues jobs that name what is to be made; doing one twice changes nothing."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._jobs = Jobs(redis)

    def make_prompt(self, tenant: str, key: str, number: int) -> None:
        """Have one version of a prompt made."""
        self._jobs.add(MAKE_PROMPT, tenant, key, number)
