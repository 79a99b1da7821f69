"""What processes want from a switch that another process owns: a stream per switch, each wish with a deadline."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from orchestrator.domain.commands import COMMAND_TYPES, Command
from orchestrator.service.ports import Clock
from orchestrator.store import keys
from orchestrator.store.codec import from_json, to_json
from orchestrator.store.connection import TextRedis

#: A wish that its owner reads later than this isn't done: whoever wished has a deadline of his own by then.
WISH_US = 3_000_000

#: Wishes kept for an owner that does not read (a switch without any orchestrator).
WISHES = 10_000


class RemoteTelephony:
    """Sends commands to whoever owns the switch."""

    def __init__(self, redis: TextRedis, clock: Clock) -> None:
        """`clock` is Redis'."""
        self._redis, self._clock = redis, clock

    def send(self, switch: str, commands: Sequence[Command]) -> None:
        """Append the commands to the switch's requests."""
        body = [[command.type, to_json(command)] for command in commands]
        fields = {"due": self._clock.now() + WISH_US, "commands": orjson.dumps(body).decode()}
        self._redis.xadd(keys.requests(switch), fields, maxlen=WISHES, approximate=True)


class Requests:
    """The owner's side of one switch's requests."""

    def __init__(self, redis: TextRedis, clock: Clock, switch: str) -> None:
        """`redis` is a connection of its own: reading blocks it."""
        self._redis, self._clock, self._key = redis, clock, keys.requests(switch)

    def skip(self) -> None:
        """Drop everything wished until now: whoever has read the calls after this tells it anew where it is missing."""
        self._redis.xtrim(self._key, maxlen=0, approximate=False)

    def read(
        self, block_ms: int, act: Callable[[Sequence[Command]], object], late: Callable[[Sequence[Command]], object]
    ) -> None:
        """Wait up to `block_ms` for wishes, act on those still due, tell `late` of the others, drop them all."""
        found: Any = self._redis.xread({self._key: "0"}, count=100, block=block_ms)
        for _, entries in found or []:
            for id_, fields in entries:
                heed = act if int(fields["due"]) >= self._clock.now() else late
                heed(_commands(fields["commands"]))
                self._redis.xdel(self._key, id_)


def _commands(body: str) -> tuple[Command, ...]:
    return tuple(from_json(COMMAND_TYPES[kind], text) for kind, text in orjson.loads(body))
