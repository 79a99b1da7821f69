"""Who may log in, and with what."""

from peewee import BigIntegerField, BooleanField, ForeignKeyField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Agent, Tenant


class User(NumberedTable):
    """A person who logs in. `role` is agent, supervisor, admin, operator or a `Role`'s key; only
    operators have no tenant.

    `password` is an argon2id hash; `language` zh, en or empty (the browser's); `agent` is set for call agents,
    `chat_seat` for those who hold a chat seat (null = no); `leads` names the groups that the scope *group* means;
    links to choose a password go to `email`, null = no address; alerts are read until `alerts_read` (us UTC).
    """

    tenant_id: str | None
    tenant = ForeignKeyField(Tenant, backref="users", null=True)
    login = TextField(unique=True)
    name = TextField()
    password = TextField()
    role = TextField()
    language = TextField(default="")
    active = BooleanField(default=True)
    agent = ForeignKeyField(Agent, backref="users", null=True, unique=True, on_delete="SET NULL")
    chat_seat = BooleanField(null=True)
    leads = JSONField(null=True)
    email = TextField(null=True)
    alerts_read = BigIntegerField(null=True)


class Role(NumberedTable):
    """A role that a tenant has made: `grants` has the scope (own, group, all) of each permission, by their names."""

    tenant = ForeignKeyField(Tenant, backref="roles")
    key = TextField()
    name = TextField()
    grants = JSONField(default=dict)

    class Meta:
        """Keys and names are those of one role of the tenant."""

        indexes = ((("tenant", "key"), True), (("tenant", "name"), True))


class TeamGroup(NumberedTable):
    """A group that agents may be in; those that agents are in need no row here."""

    tenant = ForeignKeyField(Tenant, backref="team_groups")
    name = TextField()

    class Meta:
        """Named once in the tenant."""

        indexes = ((("tenant", "name"), True),)


class ApiToken(NumberedTable):
    """A token for the REST API; only its SHA-256 (hex) is kept. Without a `user` it is the tenant's own.

    `scopes` has the scope of each permission that it grants, null = all rights of its user. `created_by` is a user's
    id, null in older rows.
    """

    tenant_id: str | None
    tenant = ForeignKeyField(Tenant, backref="tokens", null=True)
    user_id: int | None
    user = ForeignKeyField(User, backref="tokens", on_delete="CASCADE", null=True)
    name = TextField()
    sha256 = TextField(unique=True)
    created = BigIntegerField()
    expires = BigIntegerField(null=True)
    last_used = BigIntegerField(null=True)
    scopes = JSONField(null=True)
    created_by = TextField(null=True)

    class Meta:
        """A user tells tokens apart by their names."""

        indexes = ((("user", "name"), True),)
