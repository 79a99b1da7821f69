"""The worker process: does background jobs until told to stop (SIGTERM, SIGINT).

`python -m workers` serves every queue, `python -m workers records billing` these, in this order.
"""

import sys
import time
from collections.abc import Sequence

import structlog
from peewee import Database
from redis import Redis
from redis.exceptions import RedisError

from orchestrator import logging
from orchestrator.database.connection import open_database
from orchestrator.jobs import QueueName
from orchestrator.settings import Settings
from tts.engines import make_engine
from tts.settings import SpeechSettings
from workers.heartbeat import Heartbeat
from workers.worker import JobWorker

#: Seconds before the worker begins again after Redis was away.
AGAIN_S = 1.0


def main() -> int:
    """Wire the worker and run it; returns the exit code."""
    unknown = set(sys.argv[1:]) - set(QueueName)
    if unknown:
        print(f"There is no queue {', '.join(sorted(unknown))}: name some of {', '.join(QueueName)}.", file=sys.stderr)
        return 2
    names = [QueueName(name) for name in sys.argv[1:]] or list(QueueName)
    settings = Settings()
    make_engine(SpeechSettings())  # a wrong setting ends the worker now, not each prompt later
    logging.configure(settings.log_level, settings.log_json)
    work(Redis.from_url(settings.redis_url), open_database(settings.database_url), names)
    return 0


def work(redis: "Redis", database: Database, names: Sequence[QueueName]) -> None:
    """Work until told to stop; RQ's worker ends with Redis, ours begins again."""
    log = structlog.get_logger("worker")
    log.info("worker started", queues=[*names])
    while not _work_once(redis, database, names):
        log.warning("worker begins again: Redis or the job queue failed")
        time.sleep(AGAIN_S)
    log.info("worker stopped")


def _work_once(redis: "Redis", database: Database, names: Sequence[QueueName]) -> bool:
    """Work until told to stop (True) or until Redis fails (False)."""
    try:
        worker = JobWorker(redis, database, names)
        with Heartbeat(worker):
            worker.work(logging_level="WARNING")
    except RedisError:
        return False
    return worker.stopping


if __name__ == "__main__":
    sys.exit(main())
