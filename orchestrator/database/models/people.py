"""Who may log in, and with what."""

from peewee import BigIntegerField, BooleanField, ForeignKeyField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Agent, Tenant


class User(NumberedTable):
    """A person who logs in. `role` is agent, supervisor, admin or operator; only operators have no tenant.

    `password` is an argon2id hash; `language` zh, en or empty (the browser's); `agent` is set for call agents.
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


class ApiToken(NumberedTable):
    """A token of a user for the REST API; only its SHA-256 (hex) is kept."""

    tenant_id: str | None
    tenant = ForeignKeyField(Tenant, backref="tokens", null=True)
    user_id: int
    user = ForeignKeyField(User, backref="tokens", on_delete="CASCADE")
    name = TextField()
    sha256 = TextField(unique=True)
    created = BigIntegerField()
    expires = BigIntegerField(null=True)
    last_used = BigIntegerField(null=True)

    class Meta:
        """A user tells tokens apart by their names."""

        indexes = ((("user", "name"), True),)
