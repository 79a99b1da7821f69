"""Tells, while a job runs, that its worker lives: a job without a sign of life is taken over by another worker."""

from threading import Event, Thread
from types import TracebackType

import structlog
from redis.exceptions import RedisError
from rq import SimpleWorker

#: Seconds between signs of life.
BEAT_S = 2

#: Seconds without a sign of life after which a job counts as abandoned. With `CARE_S` until somebody looks, the pause
#: before the next try (1 s) and `CARE_S` until it is put back, an abandoned record job runs again within 20 s.
ABANDONED_S = 8


class Heartbeat(Thread):
    """Beats for the jobs that a worker runs; it dies with the process."""

    def __init__(self, worker: SimpleWorker) -> None:
        """Nothing beats before `with`."""
        super().__init__(daemon=True, name="heartbeat")
        self._worker, self._stopped = worker, Event()
        self._log = structlog.get_logger("worker")

    def __enter__(self) -> None:
        """Begin."""
        self.start()

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        """End."""
        self._stopped.set()
        self.join()

    def run(self) -> None:
        """Beat until ended; without Redis a beat is left out."""
        while not self._stopped.wait(BEAT_S):
            try:
                self.beat()
            except RedisError as error:
                self._log.warning("no sign of life given: Redis does not answer", error=repr(error))

    def beat(self) -> None:
        """Give one sign of life for each job that runs."""
        for execution in list(self._worker.executions.values()):
            self._worker.maintain_heartbeats(execution.job, execution)
