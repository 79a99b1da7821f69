"""Roles: the usual ones are there for everybody, a company makes others by copying (ROLE-1)."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from peewee import Database, IntegrityError

from orchestrator.database.audit import note_change
from orchestrator.database.models import Role, User
from orchestrator.publishing import Publishing
from orchestrator.service.ports import Clock
from webui.errors import InUseError, InvalidSettingError, NotFoundError
from webui.permissions import MATRIX, Permission, Scope, grants_from, reaches
from webui.texts import Texts

Grants = Mapping[Permission, Scope]

#: The usual roles of a company; they can be copied and not be changed.
PREPARED = ("agent", "supervisor", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSetting:
    """A role: `grants` has the scope of each permission granted."""

    name: str
    grants: dict[Permission, Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A role as listed: prepared ones have no name of their own; `people` have it."""

    key: str
    prepared: bool
    setting: RoleSetting
    people: int


def role_exists(tenant: str, key: str) -> bool:
    """Tell whether people of a tenant can have a role."""
    return key in PREPARED or Role.get_or_none(Role.tenant == tenant, Role.key == key) is not None


def grants_of(tenant: str, key: str) -> Grants:
    """Return the rights of a role, none for one that the tenant doesn't have."""
    if key in PREPARED:
        return MATRIX[key]
    row = Role.get_or_none(Role.tenant == tenant, Role.key == key)
    return grants_from(row.grants) if row else {}


class Roles:
    """Changes the roles that a company has made; each change is noted, and in force at once."""

    def __init__(self, publishing: Publishing, database: Database, clock: Clock, texts: Texts) -> None:
        """`texts` say what is wrong with a field."""
        self._publishing, self._database, self._clock, self._texts = publishing, database, clock, texts

    def all(self, tenant: str) -> list[RoleRow]:
        """List the prepared roles, then the tenant's own by name."""
        rows = [(key, True, key, MATRIX[key]) for key in PREPARED]
        made = Role.select().where(Role.tenant == tenant).order_by(Role.name)
        rows += [(row.key, False, row.name, grants_from(row.grants)) for row in made]
        held = [user.role for user in User.select(User.role).where(User.tenant == tenant)]
        return [
            RoleRow(
                key=key, prepared=prepared, setting=RoleSetting(name=name, grants=dict(grants)), people=held.count(key)
            )
            for key, prepared, name, grants in rows
        ]

    def find(self, tenant: str, key: str) -> RoleRow:
        """Read one; raises NotFoundError."""
        found = next((row for row in self.all(tenant) if row.key == key), None)
        if found is None:
            raise NotFoundError
        return found

    def add(self, tenant: str, setting: RoleSetting, who: str, held: Grants) -> RoleRow:
        """Make a role; raises MoreThanYoursError where `held`, the rights of `who`, don't reach as far."""
        key = secrets.token_hex(4)
        with self._change(tenant):
            self._expect(setting.grants, held)
            with self._named(setting.name):
                Role.create(tenant=tenant, key=key, name=setting.name, grants=_plain(setting))
            note_change(tenant, "role", key, who, self._clock.now(), None, setting)
        return self.find(tenant, key)

    def change(self, tenant: str, key: str, setting: RoleSetting, who: str, held: Grants) -> RoleRow:
        """Write a role anew; nobody changes one that has, or is to have, rights that they lack."""
        with self._change(tenant):
            before = self._own(tenant, key)
            self._expect(before.setting.grants, held)
            self._expect(setting.grants, held)
            mine = (Role.tenant == tenant) & (Role.key == key)
            with self._named(setting.name):
                Role.update(name=setting.name, grants=_plain(setting)).where(mine).execute()
            note_change(tenant, "role", key, who, self._clock.now(), before.setting, setting)
        return self.find(tenant, key)

    def remove(self, tenant: str, key: str, who: str) -> None:
        """Delete a role that nobody has."""
        with self._change(tenant):
            before = self._own(tenant, key)
            if before.people:
                raise InUseError(where=self._texts.message("areas.people", name=str(before.people)))
            Role.delete().where(Role.tenant == tenant, Role.key == key).execute()
            note_change(tenant, "role", key, who, self._clock.now(), before.setting, None)

    @contextmanager
    def _change(self, tenant: str) -> Iterator[None]:
        """Have the change heard of everywhere, as a configuration is: connections with other rights are cut off."""
        with self._publishing.turn(tenant), self._database.atomic():
            yield

    def _own(self, tenant: str, key: str) -> RoleRow:
        found = self.find(tenant, key)
        if found.prepared:
            raise NotFoundError
        return found

    def _expect(self, grants: Grants, held: Grants) -> None:
        lacking = [permission.value for permission, scope in grants.items() if not reaches(held, {permission: scope})]
        if lacking:
            message = self._texts.message("problems.more_than_yours", name="")
            raise InvalidSettingError(fields={f"grants.{permission}": message for permission in lacking})

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        try:
            with self._database.atomic():
                yield
        except IntegrityError as taken:
            message = self._texts.message("problems.name_taken", name=name)
            raise InvalidSettingError(fields={"name": message}) from taken


def _plain(setting: RoleSetting) -> dict[str, str]:
    return {permission.value: scope.value for permission, scope in setting.grants.items()}
