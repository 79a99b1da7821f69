"""Groups that agents are in: who is in them, who leads them, which queues they serve (SEAT-2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.configuration import in_service
from orchestrator.database.models import Agent, Queue, QueueGroup, TeamGroup, User
from orchestrator.publishing import Publishing
from orchestrator.service.ports import Clock
from webui.errors import InUseError, InvalidSettingError, NotFoundError
from webui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group: the names of its agents, of who leads it, and of the queues it serves."""

    name: str
    agents: tuple[str, ...]
    leaders: tuple[str, ...]
    queues: tuple[str, ...]


class Groups:
    """Changes groups; a new name goes wherever the old one stood."""

    def __init__(self, publishing: Publishing, database: Database, clock: Clock, texts: Texts) -> None:
        """`texts` say what is wrong with a field."""
        self._publishing, self._database, self._clock, self._texts = publishing, database, clock, texts

    def all(self, tenant: str) -> list[GroupRow]:
        """List a tenant's groups by name."""
        agents = list(Agent.select().where(Agent.tenant == tenant, in_service()).order_by(Agent.name))
        people = list(User.select().where(User.tenant == tenant, User.active).order_by(User.name))
        served = [
            (row.group, row.queue.name)
            for row in QueueGroup.select(QueueGroup, Queue).join(Queue).where(Queue.tenant == tenant)
        ]
        names = {row.name for row in TeamGroup.select().where(TeamGroup.tenant == tenant)}
        names |= {agent.group for agent in agents if agent.group} | {group for group, _ in served}
        return [
            GroupRow(
                name=name,
                agents=tuple(agent.name for agent in agents if agent.group == name),
                leaders=tuple(person.name for person in people if name in (person.leads or ())),
                queues=tuple(sorted(queue for group, queue in served if group == name)),
            )
            for name in sorted(names)
        ]

    def find(self, tenant: str, name: str) -> GroupRow:
        """Read one; raises NotFoundError."""
        found = next((row for row in self.all(tenant) if row.name == name), None)
        if found is None:
            raise NotFoundError
        return found

    def add(self, tenant: str, name: str, who: str) -> GroupRow:
        """Make a group with nobody in it."""
        with self._change(tenant):
            self._expect_new(tenant, name)
            TeamGroup.create(tenant=tenant, name=name)
            note_change(tenant, "group", name, who, self._clock.now(), None, {"name": name})
        return self.find(tenant, name)

    def rename(self, tenant: str, name: str, new: str, who: str) -> GroupRow:
        """Call a group something else; its agents, queues and leaders stay."""
        with self._change(tenant):
            self.find(tenant, name)
            if new != name:
                self._expect_new(tenant, new)
                _rename(tenant, name, new)
                note_change(tenant, "group", name, who, self._clock.now(), {"name": name}, {"name": new})
        return self.find(tenant, new)

    def remove(self, tenant: str, name: str, who: str) -> None:
        """Delete a group that no agent is in and that serves no queue."""
        with self._change(tenant):
            found = self.find(tenant, name)
            if found.agents or found.queues:
                raise InUseError(where="、".join((*found.queues, *found.agents)))
            TeamGroup.delete().where(TeamGroup.tenant == tenant, TeamGroup.name == name).execute()
            _lead(tenant, name, None)
            note_change(tenant, "group", name, who, self._clock.now(), {"name": name}, None)

    @contextmanager
    def _change(self, tenant: str) -> Iterator[None]:
        with self._publishing.turn(tenant), self._database.atomic():
            yield

    def _expect_new(self, tenant: str, name: str) -> None:
        if any(row.name == name for row in self.all(tenant)):
            raise InvalidSettingError(fields={"name": self._texts.message("problems.name_taken", name=name)})


def _rename(tenant: str, name: str, new: str) -> None:
    TeamGroup.delete().where(TeamGroup.tenant == tenant, TeamGroup.name == name).execute()
    TeamGroup.create(tenant=tenant, name=new)
    Agent.update(group=new).where(Agent.tenant == tenant, Agent.group == name).execute()
    queues = Queue.select(Queue.id).where(Queue.tenant == tenant)
    QueueGroup.update(group=new).where(QueueGroup.group == name, QueueGroup.queue.in_(queues)).execute()
    _lead(tenant, name, new)


def _lead(tenant: str, name: str, new: str | None) -> None:
    """Have whoever leads a group lead it by its new name, or not any more."""
    for person in User.select().where(User.tenant == tenant):
        if name in (person.leads or ()):
            person.leads = [new if group == name else group for group in person.leads if new or group != name]
            person.save(only=[User.leads])
