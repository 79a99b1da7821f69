"""What reports count of conversations: who talked to the customer from when on, how it came about, the survey.

Filled for calls before from what was written of them: stays in queues that led to an agent, the last agent of a call,
a call's score. Whether a survey was asked that nobody answered was not written down.
"""

import peewee as pw
from peewee_migrate import Migrator

#: Each conversation is found on the channel of its agent that was answered before it; one that nothing tells of is
#: the call's last.
_FROM_STAYS = """
UPDATE call_leg SET joined = stay.ended, way = 'queue', queue = stay.queue, hold_us = 0, talk_us = stay.talk_us
FROM (
    SELECT queue_stay.record_id, queue_stay.queue, queue_stay.ended, offer.leg, coalesce(
        queue_stay.talk_us, CASE WHEN call_record.agent = queue_stay.agent THEN call_record.talk_us ELSE 0 END
    ) talk_us
    FROM queue_stay JOIN call_record ON call_record.id = queue_stay.record_id
        JOIN offer ON offer.record_id = queue_stay.record_id AND offer.agent = queue_stay.agent
        AND offer.result = 'accepted' AND offer.ended = queue_stay.ended
    WHERE queue_stay.outcome IN ('connected', 'called_back')
) stay
WHERE call_leg.record_id = stay.record_id AND call_leg.leg = stay.leg
"""

_DIRECT = """
UPDATE call_leg SET joined = taken.ended, way = 'direct', hold_us = 0, talk_us = call_leg.ended - taken.ended
FROM (SELECT record_id, leg, ended FROM offer WHERE result = 'accepted') taken
WHERE call_leg.joined IS NULL AND call_leg.record_id = taken.record_id AND call_leg.leg = taken.leg
"""

_OUT = """
UPDATE call_leg SET joined = record.connected, way = 'out', hold_us = 0, talk_us = record.talk_us
FROM (SELECT id, agent, connected, talk_us FROM call_record WHERE direction = 'out' AND connected IS NOT NULL) record
WHERE call_leg.joined IS NULL AND call_leg.record_id = record.id AND call_leg.role = 'agent'
    AND call_leg.agent = record.agent AND call_leg.answered <= record.connected
"""

_OUTSIDE = """
UPDATE call_leg SET joined = answered, way = 'outside', hold_us = 0, talk_us = ended - answered
WHERE role = 'outside' AND answered IS NOT NULL
    AND record_id IN (SELECT id FROM call_record WHERE outcome = 'forwarded')
"""

_AGAIN = """
UPDATE call_leg SET again = (
    SELECT min(later.joined) FROM call_leg later WHERE later.record_id = call_leg.record_id
        AND later.agent = call_leg.agent AND later.joined > call_leg.joined
) WHERE joined IS NOT NULL AND agent IS NOT NULL
"""

_SURVEYED = """
UPDATE call_leg SET asked = {true}, score = record.score, hold_us = coalesce(record.hold_us, 0)
FROM (SELECT id, agent, score, hold_us FROM call_record WHERE score IS NOT NULL) record
WHERE call_leg.record_id = record.id AND call_leg.agent = record.agent AND call_leg.joined IS NOT NULL
    AND call_leg.again IS NULL
"""


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns, and fill them."""
    migrator.add_fields(
        "call_leg",
        tenant=pw.TextField(null=True),
        joined=pw.BigIntegerField(null=True),
        way=pw.TextField(null=True),
        queue=pw.TextField(null=True),
        talk_us=pw.BigIntegerField(null=True),
        hold_us=pw.BigIntegerField(null=True),
        again=pw.BigIntegerField(null=True),
        asked=pw.BooleanField(default=False),
        score=pw.IntegerField(null=True),
    )
    migrator.run(_fill, database)
    migrator.add_index("call_leg", "tenant", "joined")


def _fill(database: pw.Database) -> None:
    true = "true" if isinstance(database, pw.PostgresqlDatabase) else "1"
    database.execute_sql(
        "UPDATE call_leg SET tenant = (SELECT tenant FROM call_record WHERE call_record.id = call_leg.record_id)"
    )
    for statement in (_FROM_STAYS, _DIRECT, _OUT, _OUTSIDE, _AGAIN, _SURVEYED):
        database.execute_sql(statement.format(true=true))
