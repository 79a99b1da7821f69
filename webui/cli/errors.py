"""Errors as one clear sentence: what is wrong and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import click
from peewee import PeeweeException
from pydantic import ValidationError
from redis.exceptions import RedisError

from orchestrator.database.billing.accounts import TooMuchBackError
from orchestrator.settings import Settings


class CommandError(click.ClickException):
    """A command could not do what it was asked to; exit status 1."""


def read_settings() -> Settings:
    """Read the settings; raises CommandError naming the variable that makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        variable = "ZUOXI_" + "_".join(str(part) for part in first["loc"]).upper()
        raise CommandError(f"{variable} makes no sense: {first['msg']}.") from error


@contextmanager
def explained(settings: Settings) -> Iterator[None]:
    """Turn the failures of what we stand on into sentences."""
    try:
        yield
    except RedisError as error:
        where = without_password(settings.redis_url)
        raise CommandError(f"Redis at {where} failed ({error}): {redis_advice(error)}.") from error
    except PeeweeException as error:
        where = without_password(settings.database_url)
        raise CommandError(
            f"The database {where} failed ({_first_line(error)}): run `zuoxi doctor`, or set ZUOXI_DATABASE_URL."
        ) from error
    except (FileNotFoundError, TooMuchBackError) as error:
        raise CommandError(str(error)) from error


def redis_advice(error: RedisError) -> str:
    """Say what to do about a Redis that failed."""
    said = str(error)
    if "MISCONF" in said:
        return "its disk is full or broken, so it takes no change and no call is served: make room there now"
    if "OOM " in said:
        return "its memory (`maxmemory`) is full, so it takes no change and no call is served: give it more"
    return "start it, or set ZUOXI_REDIS_URL"


def without_password(url: str) -> str:
    """Return a URL that may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":...@", 1)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
