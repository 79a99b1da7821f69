"""Brings news to the people whom they are for, as far as they are connected to this process."""

from collections.abc import Callable

import structlog
from redis.exceptions import RedisError

from orchestrator.store.news import News, Told
from webui.boards import Rooms

log = structlog.get_logger()

#: Seconds until Redis is asked again after it went away.
AGAIN_S = 1.0


def person_room(tenant: str, person: str) -> str:
    """Name of the room where all pages of a person (a user's id) are."""
    return f"{tenant}:person:{person}"


class Newsroom:
    """Listens to what is told and passes it on."""

    def __init__(self, news: News, rooms: Rooms) -> None:
        self._news, self._rooms = news, rooms

    def pass_on(self, told: Told) -> None:
        """Tell a person's pages."""
        self._rooms.emit(told.event, told.data, person_room(told.tenant, told.person))

    def keep_listening(self, pause: Callable[[float], object]) -> None:
        """Listen for ever; while Redis is away nothing is heard, and pages ask again when they are connected anew."""
        while True:
            try:
                self._news.listen(self.pass_on)
            except RedisError as error:
                log.warning("no news: Redis is away", error=str(error))
                pause(AGAIN_S)
