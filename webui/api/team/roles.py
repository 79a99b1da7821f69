"""Roles and what they may do, on whose data (ROLE-1)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from webui.api.configuration.shapes import Setting, Title
from webui.errors import InvalidSettingError
from webui.identity import identity, tenant
from webui.permissions import GRANTABLE, Permission, Scope, permissions_of, requires, scopes_of
from webui.services import services
from webui.team.roles import RoleRow, RoleSetting

bp = APIBlueprint("roles", __name__, url_prefix="/api/v1/team/roles", tag="Team")


class RoleIn(Setting):
    """A role that the company makes: the scope of each permission that it grants."""

    read_only = frozenset({"key", "prepared", "people"})

    name: Title
    grants: Annotated[dict[Permission, Scope], Field(max_length=200)]

    def setting(self) -> RoleSetting:
        """Return it as it is kept; raises InvalidSettingError for a scope that a permission can't have."""
        wrong = [one for one, scope in self.grants.items() if one not in GRANTABLE or scope not in scopes_of(one)]
        if wrong:
            message = services().texts.message("problems.no_such_scope", name="")
            raise InvalidSettingError(fields={f"grants.{permission}": message for permission in wrong})
        return RoleSetting(name=self.name, grants=self.grants)


class RoleOut(BaseModel):
    """A role; prepared ones can't be changed, `people` have it."""

    key: str
    prepared: bool
    name: str
    grants: dict[Permission, Scope]
    people: int


class PermissionOut(BaseModel):
    """A permission that roles can grant, and the scopes it can have, the narrowest first."""

    permission: Permission
    scopes: list[Scope]


class RoleList(BaseModel):
    """All roles, and what can be granted."""

    items: list[RoleOut]
    permissions: list[PermissionOut]


@bp.get("")
@requires(Permission.VIEW_TEAM)
@bp.output(RoleList)
def index() -> RoleList:
    """List the roles: the prepared ones, then the company's own."""
    return RoleList(
        items=[_shown(row) for row in services().roles.all(tenant())],
        permissions=[PermissionOut(permission=one, scopes=list(scopes_of(one))) for one in GRANTABLE],
    )


@bp.post("")
@requires(Permission.EDIT_ROLES)
@bp.input(RoleIn)
@bp.output(RoleOut, status_code=201)
def add(json_data: RoleIn) -> RoleOut:
    """Make a role; nobody grants what they lack."""
    held = permissions_of(identity())
    return _shown(services().roles.add(tenant(), json_data.setting(), identity().id, held))


@bp.put("/<role>")
@requires(Permission.EDIT_ROLES)
@bp.input(RoleIn)
@bp.output(RoleOut)
def change(role: str, json_data: RoleIn) -> RoleOut:
    """Change a role that the company has made; in force at once for whoever has it."""
    held = permissions_of(identity())
    return _shown(services().roles.change(tenant(), role, json_data.setting(), identity().id, held))


@bp.delete("/<role>")
@requires(Permission.EDIT_ROLES)
@bp.output({}, status_code=204)
def remove(role: str) -> tuple[str, int]:
    """Delete a role that nobody has."""
    services().roles.remove(tenant(), role, identity().id)
    return "", 204


def _shown(row: RoleRow) -> RoleOut:
    return RoleOut(
        key=row.key, prepared=row.prepared, name=row.setting.name, grants=row.setting.grants, people=row.people
    )
