"""Wallboards kept up to date: one feed a watched tenant reads the tenant's stream and tells the rooms.

Every web process reads the streams itself and tells its own clients only. Nothing goes from process to process, so
nothing is told twice, and a process more costs Redis one blocked read a watched tenant.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

import structlog
from prometheus_client import Counter as Metric
from pydantic import ValidationError
from redis.exceptions import RedisError

from orchestrator.domain.config import TenantConfig
from orchestrator.domain.events import ConfigurationPublished, Event, SeatsChanged, Supervised
from orchestrator.domain.monitor import OwnSeat, QueueBoard, Reach, SeatBoard
from orchestrator.domain.supervision import FAILED
from orchestrator.service.ports import Clock
from orchestrator.service.work import UnknownTenantError, day_of
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json, from_json
from orchestrator.store.connection import TextRedis
from webui.board_rooms import BOARDS, BoardRoom, board_room
from webui.live import Snapshot, take_snapshot

log = structlog.get_logger()

#: Changes are told at most this often (10 a second), the first after a pause at once.
FLUSH_S = 0.1
#: How often the rooms hear that the data is alive.
PULSE_S = 1.0
#: Pause before reading again after a failure.
RETRY_S = 1.0
#: Events taken in one read.
BATCH = 500


class Rooms(Protocol):
    """Where messages go, and who is there."""

    def emit(self, event: str, data: object, room: str) -> None:
        """Send a message to everybody in a room."""

    def occupied(self, room: str) -> bool:
        """Tell whether anybody is in a room."""


class GapError(Exception):
    """Events are missing: the boards must be made anew."""


def tenant_room(tenant: str) -> str:
    """Name of the room of everybody who watches anything of a tenant."""
    return f"{tenant}:all"


def agent_room(tenant: str, agent: str) -> str:
    """Name of the room where an agent's own page listens."""
    return f"{tenant}:agent:{agent}"


def _shown_of(config: TenantConfig) -> tuple[object, ...]:
    """What every page shows of a company."""
    return config.name, config.licence, config.break_reasons


class TenantFeed:
    """One tenant's boards. `step` does one round: read, apply, tell what is due."""

    def __init__(
        self,
        tenant: str,
        redis: TextRedis,
        rooms: Rooms,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
        configured: Callable[[], object] = lambda: None,
    ) -> None:
        """Takes the first snapshot; raises UnknownTenantError. `redis` decodes responses.

        `configured()` hears of every configuration that is put into force: rights may be others (ROLE-1).
        """
        self._configured = configured
        self.tenant = tenant
        self._redis, self._rooms, self._clock, self._monotonic = redis, rooms, clock, monotonic
        self._flushed = self._pulsed = monotonic() - PULSE_S
        self._behind: int | None = None
        self._deserted: set[tuple[str, Reach | None]] = set()
        self._take(take_snapshot(redis, tenant))

    def watch(self, board: str, reach: Reach | None = None) -> dict[str, object]:
        """Return a board's snapshot, to which the next message in its room fits exactly."""
        now = self._clock.now()
        self._tell(now)
        if (board, reach) not in self._rooms_of:
            shown = self._boards[BOARDS[board]]
            self._rooms_of[board, reach] = BoardRoom(board, shown, self._sequence, reach)
        return self._rooms_of[board, reach].snapshot(now)

    def tell_agent(self, agent: str) -> None:
        """Tell an agent's own page what it shows now."""
        self._tell_agent(agent, self._clock.now())

    def step(self) -> None:
        """Wait for events until something else is due, apply them, tell the rooms."""
        try:
            self._advance(self._read())
        except (GapError, KeyError, ValidationError) as error:
            log.warning("boards made anew", tenant=self.tenant, cause=repr(error))
            self.rebuild()
        if self._pending and self._monotonic() >= self._flushed + FLUSH_S:
            self._tell(self._clock.now())
        if self._monotonic() >= self._pulsed + PULSE_S:
            self._pulse()

    def rebuild(self) -> None:
        """Make the boards anew and have everybody watch again."""
        watched = list(self._rooms_of)
        self._take(take_snapshot(self._redis, self.tenant))
        for board, reach in watched:
            self._rooms.emit("reset", {"board": board, "reset": True}, board_room(self.tenant, board, reach))
        now = self._clock.now()
        for row in self._seats.rows():
            self._tell_agent(row.id, now)

    def _take(self, snapshot: Snapshot) -> None:
        self._sequence, self._position, self._config = snapshot.sequence, snapshot.position, snapshot.config
        self._seats = snapshot.seats()
        self._boards: dict[str, SeatBoard | QueueBoard] = {"seats": self._seats, "queues": snapshot.queues()}
        self._rooms_of: dict[tuple[str, Reach | None], BoardRoom] = {
            (name, None): BoardRoom(name, board, snapshot.sequence) for name, board in self._boards.items()
        }

    @property
    def _pending(self) -> bool:
        return any(room.touched for room in self._rooms_of.values())

    def _read(self) -> Iterable[tuple[str, Mapping[str, str]]]:
        due = self._pulsed + PULSE_S
        if self._pending:
            due = min(due, self._flushed + FLUSH_S)
        block_ms = max(1, int(1000 * min(PULSE_S, due - self._monotonic())))
        found: Any = self._redis.xread({keys.events(self.tenant): self._position}, count=BATCH, block=block_ms)
        return found[0][1] if found else []

    def _advance(self, entries: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        for position, fields in entries:
            if int(fields["n"]) != self._sequence + 1:
                raise GapError(f"{fields['n']} came after {self._sequence}")
            self._apply(event_from_json(fields["e"]))
            self._sequence, self._position = self._sequence + 1, position

    def _apply(self, event: Event) -> None:
        if isinstance(event, ConfigurationPublished):
            before, self._config = self._config, self._configuration()
            if _shown_of(before) != _shown_of(self._config):
                self._tell_company()
            self._touch(lambda board: board.configure(self._config))
            self._configured()
        if isinstance(event, SeatsChanged):
            self._tell_company()
        if isinstance(event, Supervised) and event.mode == FAILED:
            message = {"call": event.call, "agent": event.agent, "cause": event.cause}
            self._rooms.emit("not_listening", message, agent_room(self.tenant, event.supervisor))
        self._touch(lambda board: board.apply(event))

    def _tell_company(self) -> None:
        """Have every page ask again whether the company is served, and what it can choose."""
        self._rooms.emit("company", {"now": self._clock.now()}, tenant_room(self.tenant))

    def _touch(self, change: Callable[[SeatBoard | QueueBoard], set[str]]) -> None:
        """Change every board once, and note what all those who watch it must be told."""
        touched = {name: change(board) for name, board in self._boards.items()}
        for (name, _), room in self._rooms_of.items():
            room.touched |= touched[BOARDS[name]]

    def _configuration(self) -> TenantConfig:
        text = self._redis.get(keys.config(self.tenant))
        if text is None:
            raise UnknownTenantError(self.tenant)
        return from_json(TenantConfig, text)

    def _tell(self, now: int) -> None:
        agents = set(self._rooms_of["seats", None].touched)
        for (name, reach), watched in self._rooms_of.items():
            message, room = watched.changes(self._sequence, now), board_room(self.tenant, name, reach)
            if message and self._rooms.occupied(room):
                self._rooms.emit(name, message, room)
        for agent in agents:
            self._tell_agent(agent, now)
        self._flushed = self._monotonic()

    def _tell_agent(self, agent: str, now: int) -> None:
        if self._rooms.occupied(room := agent_room(self.tenant, agent)):
            self._rooms.emit("me", self._own(agent, now), room)

    def _own(self, agent: str, now: int) -> dict[str, object] | None:
        seat: OwnSeat | None = self._seats.own(agent)
        if seat is None:
            return None
        return {"now": now} | {field.name: getattr(seat, field.name) for field in dataclasses.fields(seat)}

    def _pulse(self) -> None:
        self._pulsed = self._monotonic()
        sequence = int(self._redis.get(keys.sequence(self.tenant)) or 0)
        now = self._clock.now()
        day = day_of(now, self._config.timezone)
        self._touch(lambda board: board.new_day(day))
        self._rooms.emit("pulse", {"sequence": self._sequence, "now": now}, tenant_room(self.tenant))
        self._notice_stall(sequence)
        self._drop_deserted()

    def _drop_deserted(self) -> None:
        """Forget rooms of a reach where nobody was at the last pulse either: whoever asks may not have entered yet."""
        empty = {
            (name, reach)
            for name, reach in self._rooms_of
            if (reach or name not in self._boards) and not self._rooms.occupied(board_room(self.tenant, name, reach))
        }
        for gone in empty & self._deserted:
            del self._rooms_of[gone]
        self._deserted = empty

    def _notice_stall(self, sequence: int) -> None:
        """Make the boards anew if Redis has another number than we, and had at the last pulse, and nothing came."""
        behind = self._sequence if sequence != self._sequence else None
        if behind is not None and behind == self._behind:
            log.warning("boards made anew", tenant=self.tenant, cause=f"{sequence} in Redis, {self._sequence} here")
            self.rebuild()
            behind = None
        self._behind = behind


def run_feed(feed: TenantFeed, wanted: Callable[[], bool], failures: Metric, pause: Callable[[float], object]) -> None:
    """Keep a feed going as long as it is wanted; after a failure wait, then make its boards anew."""
    broken = False
    while wanted():
        try:
            if broken:
                feed.rebuild()
            feed.step()
            broken = False
        except Exception as error:
            broken = True
            failures.inc()
            log.warning("boards stand still", tenant=feed.tenant, exc_info=not isinstance(error, RedisError))
            pause(RETRY_S)


class Feeds:
    """The feeds of all tenants that somebody watches; a feed ends when its last watcher has left."""

    def __init__(
        self,
        redis: TextRedis,
        rooms: Rooms,
        clock: Clock,
        failures: Metric,
        spawn: Callable[..., object],
        pause: Callable[[float], object],
        configured: Callable[[], object] = lambda: None,
    ) -> None:
        """`spawn(function, *arguments)` runs something beside; `pause(seconds)` lets others run meanwhile.

        `configured()` is run beside whenever a watched tenant's configuration is put into force.
        """
        self._configured = configured
        self._redis, self._rooms, self._clock = redis, rooms, clock
        self._failures, self._spawn, self._pause = failures, spawn, pause
        self._feeds: dict[str, TenantFeed] = {}
        self._lock = threading.Lock()

    def of(self, tenant: str) -> TenantFeed:
        """Return a tenant's feed, started if need be; whoever asks has entered the tenant's room before.

        Raises UnknownTenantError.
        """
        with self._lock:
            if tenant not in self._feeds:
                beside = partial(self._spawn, self._configured)
                self._feeds[tenant] = TenantFeed(tenant, self._redis, self._rooms, self._clock, configured=beside)
                self._spawn(self._run, tenant)
            return self._feeds[tenant]

    def running(self) -> list[str]:
        """Name the tenants whose streams are being read."""
        return sorted(self._feeds)

    def _run(self, tenant: str) -> None:
        try:
            run_feed(
                self._feeds[tenant], lambda: self._rooms.occupied(tenant_room(tenant)), self._failures, self._pause
            )
        finally:
            del self._feeds[tenant]
