"""What happened: events as they came, and the records made of them. Written by the workers only.

On PostgreSQL the tables of events, records and parts of records are divided by month (docs/decisions/0011): there a
unique key has the time in it as well, and queries that name a time read the months they need.

Records name tenants, queues and agents by their ids in calls, not by reference: they outlive the configuration.
"""

from peewee import SQL, BigIntegerField, BooleanField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable


class CallEventRow(NumberedTable):
    """An event of a tenant's stream. `ms` is the stream's own time; `ms`, `n` give the order, also across a loss
    of Redis, after which `n` starts anew. `json` is the event as `orchestrator.store.codec` writes it.
    """

    tenant = TextField()
    stream_id = TextField()
    ms = BigIntegerField()
    n = BigIntegerField()
    type = TextField()
    call = TextField(null=True)
    agent = TextField(null=True)
    at = BigIntegerField()
    json = TextField()

    class Meta:
        """An event is stored once, and found by its call or its agent."""

        table_name = "call_event"
        indexes = (
            (("tenant", "stream_id"), True),
            (("tenant", "call", "ms", "n"), False),
            (("tenant", "agent", "ms", "n"), False),
        )


CallEventRow.add_index(
    CallEventRow.index(
        CallEventRow.tenant, CallEventRow.at, where=SQL("type = 'callback_promised'"), name="call_event_promised"
    )
)


class CallRecord(NumberedTable):
    """A customer's call, once. `call` is the caller's channel; `queue` and `agent` are the last ones.

    `wait_us` is the time in all queues, `ring_us` the time agents' phones rang, `talk_us` the time joined to agents,
    `hold_us` the part of it on hold (null in older records);
    `blocked_by` is the entry of the blacklist that refused it; `score` (1-5) is what the caller said of the agent.
    `direction` is in or out: then an agent has called, and `caller` is the customer called,
    `number` what was shown.
    `refused` is why the tenant wasn't served (SEAT-4), null = it was.
    """

    tenant = TextField()
    call = TextField()
    switch = TextField()
    caller = TextField()
    caller_name = TextField()
    number = TextField()
    queue = TextField(null=True)
    agent = TextField(null=True)
    arrived = BigIntegerField()
    answered = BigIntegerField(null=True)
    connected = BigIntegerField(null=True)
    ended = BigIntegerField()
    wait_us = BigIntegerField()
    ring_us = BigIntegerField()
    talk_us = BigIntegerField()
    hold_us = BigIntegerField(null=True)
    outcome = TextField()
    short = BooleanField()
    hung_up_by = TextField()
    cause = TextField()
    blocked_by = TextField(null=True)
    refused = TextField(null=True)
    score = IntegerField(null=True)
    direction = TextField(null=True, default="in")

    class Meta:
        """Listed newest first, of a tenant, a queue, an agent or a number."""

        indexes = (
            (("tenant", "call"), True),
            (("tenant", "arrived", "id"), False),
            (("tenant", "queue", "arrived"), False),
            (("tenant", "agent", "arrived"), False),
            (("tenant", "caller", "arrived"), False),
            (("tenant", "number", "arrived"), False),
        )


for _few, _order in ((CallRecord.score, CallRecord.arrived), (CallRecord.blocked_by, CallRecord.ended)):
    CallRecord.add_index(CallRecord.tenant, _few, _order, where=_few.is_null(False), name=f"call_record_{_few.name}")
CallRecord.add_index(CallRecord.tenant, CallRecord.outcome, CallRecord.arrived, name="call_record_outcome")
CallRecord.add_index(CallRecord.tenant, CallRecord.direction, CallRecord.arrived, name="call_record_direction")


class CallLeg(NumberedTable):
    """A channel of a call, as the switch measured it; times null = never.

    `arrived` is the record's, as in all parts of a record.

    `role` is caller, customer (who was called), agent, outside or callback. `number` (one spelling) is the telephone
    outside that it rang, null for any other.

    From `joined` on the customer heard it for `talk_us`, of which `hold_us` on hold; `way` tells how that came about:
    out of the line of `queue`, direct, out (the agent called), outside. `again` is when the same agent began to talk
    in this call once more, `asked` tells that a survey followed, `score` (1-5) what it brought. All null in a channel
    without a conversation.
    """

    record = ForeignKeyField(CallRecord, backref="legs", on_delete="CASCADE")
    arrived = BigIntegerField(null=True)
    leg = TextField()
    role = TextField()
    number = TextField(null=True)
    agent = TextField(null=True)
    created = BigIntegerField()
    progress = BigIntegerField(null=True)
    answered = BigIntegerField(null=True)
    ended = BigIntegerField()
    billed_ms = BigIntegerField()
    cause = TextField()
    hung_up = BooleanField()
    tenant = TextField(null=True)
    joined = BigIntegerField(null=True)
    way = TextField(null=True)
    queue = TextField(null=True)
    talk_us = BigIntegerField(null=True)
    hold_us = BigIntegerField(null=True)
    again = BigIntegerField(null=True)
    asked = BooleanField(default=False)
    score = IntegerField(null=True)

    class Meta:
        """A channel ends once; reports are of a tenant, by when conversations began."""

        indexes = ((("record", "leg"), True), (("leg",), False), (("tenant", "joined"), False))


class QueueStay(NumberedTable):
    """A call's stay in a queue. `entered` is the place in the line; `outcome` is how the stay ended.

    `talk_us` is the time joined to the agent it led to; null in records older than the column.
    """

    record = ForeignKeyField(CallRecord, backref="stays", on_delete="CASCADE")
    arrived = BigIntegerField(null=True)
    tenant = TextField(null=True)
    queue = TextField()
    entered = BigIntegerField()
    ended = BigIntegerField()
    priority = IntegerField()
    wait_us = BigIntegerField()
    outcome = TextField()
    short = BooleanField()
    within_service_level = BooleanField()
    agent = TextField(null=True)
    talk_us = BigIntegerField(null=True)

    class Meta:
        """A call has one place at a time; reports are of a tenant, by when it was left."""

        indexes = ((("record", "entered", "ended"), True), (("tenant", "ended"), False))


class OfferRow(NumberedTable):
    """An agent was asked to take a call. `result` is how that ended, with the switch's `cause`; `leg` names it.

    `choice` tells why this agent was asked, as `orchestrator.domain.choice.Choice`; null where that is not known.
    """

    record = ForeignKeyField(CallRecord, backref="offers", on_delete="CASCADE")
    arrived = BigIntegerField(null=True)
    leg = TextField()
    queue = TextField()
    agent = TextField()
    offered = BigIntegerField()
    rang = BigIntegerField(null=True)
    won = BigIntegerField(null=True)
    ended = BigIntegerField()
    result = TextField()
    cause = TextField()
    choice = JSONField(null=True)

    class Meta:
        """A leg is one offer."""

        table_name = "offer"
        indexes = ((("record", "leg"), True),)


class AgentStateInterval(NumberedTable):
    """An agent was in one state, with one device state and answer mode, from `started` to `ended` (null = still).

    `since` is when the state itself began, also where a change of the device divides it. `ms`, `n` place the event
    that began the interval in the stream; `cause`, `by` and `call` tell what did it (LOG-1).
    """

    tenant = TextField()
    agent = TextField()
    started = BigIntegerField()
    ended = BigIntegerField(null=True)
    state = TextField()
    since = BigIntegerField()
    reason = TextField()
    mode = TextField()
    registered = BooleanField()
    cause = TextField()
    by = TextField(null=True)
    call = TextField(null=True)
    ms = BigIntegerField()
    n = BigIntegerField()

    class Meta:
        """An agent is in one state at a time; the log is listed newest first."""

        indexes = (
            (("tenant", "agent", "started"), True),
            (("tenant", "started", "id"), False),
            (("tenant", "call"), False),
        )
