"""What a tenant configures: queues, agents, numbers, devices. Published from here, whole, to the call path.

Destinations are JSON, as `Destination` has them: what they name is checked by `orchestrator.domain.checks`.
"""

from peewee import BigIntegerField, BooleanField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable, Table


def _hang_up() -> dict[str, object]:
    return {"way": "hang_up", "target": "", "prompt": "", "keep_wait": False, "priority": 0}


class Tenant(Table):
    """A customer company. `id` is a short name of letters, digits and hyphens; it names the keys in Redis.

    `wrap_up_s` 0 = no limit, `miss_limit` 0 = never; `config_version` is the last one made for publishing.
    `call_form` (null = true) gives agents a form to fill in after calls, `form_settings` is what it offers
    (`orchestrator.domain.forms.FormSettings`, null = nothing).
    `device_grace_s` is how long an agent whose web phone is lost stays on duty (null = 30).
    `calling_out` has the rules for agents' calls, as `CallingOut` (null = as they begin).
    `country` (ISO 3166, two letters, null = CN) is where numbers without a country's code belong.
    `record` is the recording policy (null = no), `record_pause_s` how long a pause of it lasts at most (null = 120),
    `recordings_days` after how many days recordings are deleted (null = never).
    `mobile` are the rules of `MobileAnswering`, `messages` those of `MessageRules`; null = as of every new tenant.
    `suspended` is since when the operator doesn't have it served (us UTC, null = it is), for `suspended_reason`.
    """

    id = TextField(primary_key=True)
    name = TextField()
    timezone = TextField(default="Asia/Shanghai")
    country = TextField(null=True)
    wrap_up_s = IntegerField(default=60)
    miss_limit = IntegerField(default=3)
    device_grace_s = IntegerField(null=True)
    break_reasons = JSONField(default=list)
    call_form = BooleanField(null=True)
    form_settings = JSONField(null=True)
    config_version = IntegerField(default=0)
    record = BooleanField(null=True)
    record_pause_s = IntegerField(null=True)
    recordings_days = IntegerField(null=True)
    mobile = JSONField(null=True)
    messages = JSONField(null=True)
    calling_out = JSONField(null=True)
    suspended = BigIntegerField(null=True)
    suspended_reason = TextField(null=True)


class Queue(NumberedTable):
    """A queue; the columns are those of `QueueConfig`, where ranges and what null means are explained.

    `key` is its id in calls.
    """

    tenant = ForeignKeyField(Tenant, backref="queues")
    key = TextField()
    name = TextField()
    strategy = TextField(default="longest_idle")
    music = TextField(default="default")
    ring_s = IntegerField(default=20)
    max_wait_s = IntegerField(null=True)
    priority = IntegerField(default=0)
    short_abandon_s = IntegerField(default=5)
    service_level_s = IntegerField(default=20)
    max_length = IntegerField(null=True)
    on_timeout = JSONField(null=True)
    on_full = JSONField(null=True)
    on_empty = JSONField(null=True)
    prompt = TextField(null=True)
    prompt_every_s = IntegerField(null=True)
    ranks = JSONField(null=True)
    widen_s = IntegerField(null=True)
    survey = JSONField(null=True)
    announce_position = BooleanField(null=True)
    announce_wait = BooleanField(null=True)
    announce_after_s = IntegerField(null=True)
    announce_every_s = IntegerField(null=True)
    announce_language = TextField(null=True)
    callback = JSONField(null=True)
    record = BooleanField(null=True)
    mobile_prompt = TextField(null=True)
    mobile_shows = TextField(null=True)

    class Meta:
        """A key names one queue of the tenant."""

        indexes = ((("tenant", "key"), True),)


class Agent(NumberedTable):
    """A call agent. `key` is the agent's id in calls and on wallboards, `device` the SIP user that rings.

    `record` says whether its calls are recorded (null = as queue and tenant say).
    `mobile` (E.164) is the telephone of the answer mode `mobile`, `pin` what is kept of the agent's PIN.
    `seat` tells whether the tenant has a call seat assigned (null = yes). Who is `removed` (null = no) is no agent any
    more and keeps the name that records have.
    """

    tenant = ForeignKeyField(Tenant, backref="agents")
    key = TextField()
    name = TextField()
    group = TextField(default="")
    mode = TextField(default="web")
    device = TextField(unique=True)
    record = BooleanField(null=True)
    mobile = TextField(null=True)
    pin = TextField(null=True)
    seat = BooleanField(null=True)
    removed = BooleanField(null=True)

    class Meta:
        """A key names one agent of the tenant."""

        indexes = ((("tenant", "key"), True),)


class QueueAgent(NumberedTable):
    """An agent serves a queue."""

    agent_id: int
    queue = ForeignKeyField(Queue, backref="queue_agents", on_delete="CASCADE")
    agent = ForeignKeyField(Agent, backref="queue_agents", on_delete="CASCADE")

    class Meta:
        """An agent serves a queue once."""

        indexes = ((("queue", "agent"), True),)


class QueueGroup(NumberedTable):
    """All agents of a group serve a queue."""

    queue_id: int
    queue = ForeignKeyField(Queue, backref="queue_groups", on_delete="CASCADE")
    group = TextField()

    class Meta:
        """A group serves a queue once."""

        indexes = ((("queue", "group"), True),)


class Number(NumberedTable):
    """A number that the tenant owns, as it is dialled; the columns are those of `NumberConfig`.

    `hours` is the key of opening hours, empty = always open; `trunk` a trunk's name, null = none; `priority` null = 0.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="numbers")
    number = TextField(unique=True)
    route = JSONField(default=_hang_up)
    hours = TextField(default="")
    closed = JSONField(default=_hang_up)
    holiday = JSONField(default=_hang_up)
    trunk = TextField(null=True)
    priority = IntegerField(null=True)


class TrunkRow(NumberedTable):
    """A trunk of the platform: `name` is that of the gateway on every switch, `rewrite` and `passes_on` (null = no) as
    `Trunk` has them.
    """

    name = TextField(unique=True)
    rewrite = JSONField(default=list)
    passes_on = BooleanField(null=True)

    class Meta:
        """Named as what it holds."""

        table_name = "trunk"


class SipCredential(NumberedTable):
    """What a device proves itself with: A1 = MD5 of `user:realm:password` (RFC 2617, 3.2.2.2).

    A device of the web phone has one at a time, given to the one `page` of the one `login` that it belongs to and
    `expires` unless that page renews it; `expires` null is for soft phones.
    """

    sip_user = TextField(unique=True)
    a1_hash = TextField()
    issued = BigIntegerField()
    expires = BigIntegerField(null=True)
    login = TextField(null=True)
    page = TextField(null=True)
