"""The live feed: Socket.IO events `watch`, `unwatch`; messages `seats`, `queues`, `colleagues`, `me`,
`pulse`, `reset`, `company`, `export`, `voicemail`, `alerts`.

There is no message queue between web processes, on purpose: every process reads the tenant streams itself
(webui/boards.py), so a message sent through a queue would arrive once per process. Clients of several processes
behind one address need either sticky sessions or the websocket transport alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from apiflask import APIFlask
from flask import request, session
from flask_socketio import ConnectionRefusedError as SocketRefusedError
from flask_socketio import SocketIO, disconnect, join_room, leave_room
from peewee import PeeweeException
from redis.exceptions import RedisError

from orchestrator.domain.monitor import Reach
from orchestrator.service.errors import RefusedError
from orchestrator.service.work import UnknownTenantError
from webui.auth import bearer
from webui.board_rooms import board_room
from webui.boards import Feeds, agent_room, tenant_room
from webui.connections import Connections
from webui.errors import WebError
from webui.identity import Identity, identity, tenant
from webui.newsroom import permission_room, person_room
from webui.permissions import Permission, permissions_of, public, requires
from webui.scoping import reach_of
from webui.services import Services

#: Largest message a client may send, bytes.
MAX_MESSAGE = 16_384
#: A client with more messages unsent than this is cut off; it connects again and gets a snapshot.
MAX_UNSENT = 200

#: A client that vanished without a word is noticed within twice this: seconds.
PING_S = 10

BOARD_PERMISSIONS = {
    "seats": Permission.VIEW_SEATS,
    "queues": Permission.VIEW_QUEUE_MONITOR,
    "colleagues": Permission.CONTROL_OWN_CALLS,
}

#: News are told to all who have one of these.
NEWS_FOR = (Permission.VIEW_VOICEMAIL, Permission.VIEW_ALERTS)

Handler = Callable[..., Any]


class UnknownBoardError(WebError):
    """There is no such board."""

    id, status = "unknown_board", 422


class Json:
    """orjson in the form that Socket.IO expects; it knows dataclasses."""

    @staticmethod
    def dumps(value: object, **_: object) -> str:
        """Encode."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: object) -> Any:  # noqa: ANN401 - JSON
        """Decode."""
        return orjson.loads(text)


class SocketRooms:
    """Rooms of this process' own Socket.IO clients; a message is encoded once per room."""

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio

    def emit(self, event: str, data: object, room: str) -> None:
        """Send a message to everybody in a room; whoever doesn't keep up is cut off."""
        self._socketio.emit(event, data, to=room)
        for sid, transport in self._members(room):
            if self._unsent(transport) > MAX_UNSENT:
                self._socketio.server.disconnect(sid)

    def occupied(self, room: str) -> bool:
        """Tell whether anybody is in a room."""
        return bool(self._members(room))

    def _members(self, room: str) -> list[tuple[str, str]]:
        return list(self._socketio.server.manager.get_participants("/", room))

    def _unsent(self, transport: str) -> int:
        found = self._socketio.server.eio.sockets.get(transport)
        return found.queue.qsize() if found else 0


def make_socketio(app: APIFlask) -> SocketIO:
    """Return the Socket.IO side of an application; only pages of the same origin may connect."""
    return SocketIO(
        app,
        async_mode="gevent",
        json=Json,
        manage_session=False,
        max_http_buffer_size=MAX_MESSAGE,
        ping_interval=PING_S,
        ping_timeout=PING_S,
    )


def board_permission(data: object = None, *_: object) -> Permission:
    """Return the permission for the board that a message names; raises UnknownBoardError."""
    board = data.get("board") if isinstance(data, dict) else None
    if not isinstance(board, str) or board not in BOARD_PERMISSIONS:
        raise UnknownBoardError
    return BOARD_PERMISSIONS[board]


def reach_on(board: str) -> Reach | None:
    """Return whose rows of a board whoever asks may see; a call can be sent on to any colleague."""
    return None if board == "colleagues" else reach_of(BOARD_PERMISSIONS[board])


class LiveFeed:
    """The handlers of the live feed's events."""

    def __init__(self, services: Services, feeds: Feeds, connections: Connections) -> None:
        """`feeds` make the boards, `connections` remember who is connected."""
        self._services, self._feeds, self._connections = services, feeds, connections

    def install(self, socketio: SocketIO) -> None:
        """Register every handler."""
        for event, handler in self.events().items():
            socketio.on_event(event, handler)

    def events(self) -> dict[str, Handler]:
        """Return what handles each event."""
        return {
            "connect": self._admitted(self.connect),
            "disconnect": self.disconnect,
            "watch": self._answered(self.watch),
            "unwatch": self._answered(self.unwatch),
        }

    @requires(Permission.USE_OWN_ACCOUNT)
    def connect(self, *_: object) -> None:
        """Let a person in; an agent hears about the own seat from now on."""
        person = identity()
        self._connections.add(_sid(), person, dict(session), bearer(request))
        if person.tenant:
            join_room(person_room(person.tenant, person.id))
            self._hear_news(person)
        if person.tenant and person.agent:
            self._follow_own_seat(person.tenant, person.agent)

    def _hear_news(self, person: Identity) -> None:
        """Whose rights change is connected anew (webui/connections.py)."""
        for permission in NEWS_FOR:
            if person.tenant and permission in permissions_of(person):
                join_room(permission_room(person.tenant, permission.value))

    @public
    def disconnect(self, *_: object) -> None:
        """Forget a connection; Socket.IO takes it out of its rooms."""
        self._connections.remove(_sid())

    @requires(lambda _, *arguments: board_permission(*arguments))
    def watch(self, data: dict[str, str], *_: object) -> dict[str, object]:
        """Answer with a board's snapshot and send its changes from now on."""
        board = data["board"]
        reach = reach_on(board)
        join_room(tenant_room(tenant()))
        snapshot = self._feeds.of(tenant()).watch(board, reach)
        join_room(board_room(tenant(), board, reach))
        return snapshot

    @requires(lambda _, *arguments: board_permission(*arguments))
    def unwatch(self, data: dict[str, str], *_: object) -> dict[str, object]:
        """Send a board's changes no more."""
        reach = reach_on(data["board"])
        leave_room(board_room(tenant(), data["board"], reach))
        return {}

    def _follow_own_seat(self, of: str, agent: str) -> None:
        join_room(tenant_room(of))
        try:
            feed = self._feeds.of(of)
        except (RedisError, UnknownTenantError):
            disconnect()
            return
        join_room(agent_room(of, agent))
        feed.tell_agent(agent)

    def _answered(self, handler: Handler) -> Handler:
        """Answer refusals as the REST API would."""

        @wraps(handler)
        def answered(*arguments: object) -> Any:  # noqa: ANN401 - JSON
            with self._services.database.connection_context():
                try:
                    return handler(*arguments)
                except (WebError, RefusedError) as refused:
                    return self._services.errors.describe(refused)
                except (RedisError, PeeweeException, UnknownTenantError) as unavailable:
                    return self._services.errors.unavailable(unavailable)

        return answered

    def _admitted(self, handler: Handler) -> Handler:
        """Refuse the connection with the reason."""
        answered = self._answered(handler)

        @wraps(handler)
        def admitted(*arguments: object) -> None:
            answer = answered(*arguments)
            if answer is not None:
                raise SocketRefusedError(answer["error"]["message"], answer)

        return admitted


def _sid() -> str:
    found: str = request.sid  # type: ignore[attr-defined]
    return found
