"""Seats: bought, assigned, in use; and assigning them (SEAT-2)."""

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.licences import licence_of
from orchestrator.database.models import Agent, Tenant, User
from orchestrator.domain.licence import Licence, SeatKind
from orchestrator.publishing import Publishing
from orchestrator.service.ports import Clock
from webui.errors import NotAnAgentError, NotFoundError, WebError


class ChatSeatsTakenError(WebError):
    """As many chat seats are assigned as are bought: `limit`."""

    id, status = "chat_seats_taken", 409


class Seats:
    """Assigns seats and releases them; in force at once."""

    def __init__(self, publishing: Publishing, database: Database, clock: Clock) -> None:
        """`clock` is Redis'."""
        self._publishing, self._database, self._clock = publishing, database, clock

    def licence(self, tenant: str) -> Licence:
        """Return what the tenant has bought; raises peewee's DoesNotExist."""
        return licence_of(Tenant.get_by_id(tenant))

    def assign(self, tenant: str, person: str, kind: SeatKind, assigned: bool, who: str) -> None:
        """Assign a seat to a person, or release it. Who works goes on until the next log-in.

        Call seats may be assigned to more agents than are bought: the log-in is what is limited (SEAT-3). Nobody logs
        in for chats, so chat seats can't: raises ChatSeatsTakenError. Raises NotFoundError, NotAnAgentError.
        """
        with self._publishing.turn(tenant), self._database.atomic():
            user = _person(tenant, person)
            before = self._write(user, kind, assigned)
            if before != assigned:
                changed = ({"kind": kind, "assigned": before}, {"kind": kind, "assigned": assigned})
                note_change(tenant, "seat", person, who, self._clock.now(), *changed)

    def _write(self, user: User, kind: SeatKind, assigned: bool) -> bool:
        if kind is SeatKind.CALL:
            if user.agent is None or user.agent.removed:
                raise NotAnAgentError
            Agent.update(seat=assigned).where(Agent.id == user.agent.id).execute()
            return user.agent.seat is not False
        if assigned and not user.chat_seat:
            self._expect_chat_seat(str(user.tenant_id))
        User.update(chat_seat=assigned).where(User.id == user.id).execute()
        return bool(user.chat_seat)

    def _expect_chat_seat(self, tenant: str) -> None:
        limit = self.licence(tenant).purchased(SeatKind.CHAT, self._clock.now())
        held = User.select().where(User.tenant == tenant, User.active, User.chat_seat).count()
        if limit is not None and held >= limit:
            raise ChatSeatsTakenError(limit=str(limit))


def _person(tenant: str, id_: str) -> User:
    number = int(id_) if id_.isascii() and id_.isdigit() else None
    found: User | None = User.get_or_none(User.tenant == tenant, User.id == number)
    if found is None:
        raise NotFoundError
    return found
