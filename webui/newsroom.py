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


def permission_room(tenant: str, permission: str) -> str:
    """Name of the room where the pages of all are who have a permission, whatever its scope."""
    return f"{tenant}:may:{permission}"


class Newsroom:
    """Listens to what is told and passes it on."""

    def __init__(self, news: News, rooms: Rooms) -> None:
        self._news, self._rooms = news, rooms

    def pass_on(self, told: Told) -> None:
        """Tell a person's pages, or those of all who have the permission."""
        one, all_ = person_room(told.tenant, told.person), permission_room(told.tenant, told.permission)
        self._rooms.emit(told.event, told.data, one if told.person else all_)

    def keep_listening(self, pause: Callable[[float], object]) -> None:
        """Listen for ever; while Redis is away nothing is heard, and pages ask again when they are connected anew."""
        while True:
            try:
                self._news.listen(self.pass_on)
            except RedisError as error:
                log.warning("no news: Redis is away", error=str(error))
                pause(AGAIN_S)
