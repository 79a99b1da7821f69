"""The worker process: `python -m workers` writes records and makes sounds until told to stop (SIGTERM, SIGINT)."""

import time

import structlog
from peewee import Database
from redis import Redis
from redis.exceptions import RedisError

from orchestrator import logging
from orchestrator.database.connection import open_database
from orchestrator.settings import Settings
from tts.engines import make_engine
from tts.settings import SpeechSettings
from workers.worker import JobWorker

#: Seconds before the worker begins again after Redis was away.
AGAIN_S = 1.0


def main() -> None:
    """Wire the worker and run it."""
    settings = Settings()
    make_engine(SpeechSettings())  # a wrong setting ends the worker now, not each prompt later
    logging.configure(settings.log_level, settings.log_json)
    work(Redis.from_url(settings.redis_url), open_database(settings.database_url))


def work(redis: "Redis", database: Database) -> None:
    """Work until told to stop; RQ's worker ends with Redis, ours begins again."""
    log = structlog.get_logger("worker")
    log.info("worker started")
    while not _work_once(redis, database):
        log.warning("worker begins again: Redis or the job queue failed")
        time.sleep(AGAIN_S)
    log.info("worker stopped")


def _work_once(redis: "Redis", database: Database) -> bool:
    """Work until told to stop (True) or until Redis fails (False)."""
    try:
        worker = JobWorker(redis, database)
        worker.work(logging_level="WARNING")
    except RedisError:
        return False
    return worker.stopping


if __name__ == "__main__":
    main()
