"""Background commands that are over. An originate that failed without a channel has no other sign."""

from collections.abc import Callable, Mapping

from esl_handlers.legs import Legs
from esl_handlers.switch_events import JobFinished

#: Told of a leg that never came to be: tenant, call, leg, cause.
Failed = Callable[[str, str, str, str], object]


class Jobs:
    """Handlers of finished jobs. The job of an originate is named as its leg."""

    def __init__(self, legs: Legs, failed: Mapping[str, Failed]) -> None:
        """`legs` knows which call a job was for; `failed` has who is told, by the leg's role."""
        self._legs, self._failed = legs, failed

    def finished(self, switch: str, event: JobFinished) -> None:
        """A job is over."""
        known = self._legs.find(event.job_uuid)
        tell = self._failed.get(known.role) if known else None
        if known and tell and event.cause:
            self._legs.forget(event.job_uuid)
            tell(known.tenant, known.call, event.job_uuid, event.cause)
