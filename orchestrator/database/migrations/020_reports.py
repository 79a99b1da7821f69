"""What reports are made of: the talk of each stay in a queue, and a caller's earlier calls.

A caller who takes the waiting time along to another queue has two stays with one time of entry.
"""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column, null where it was not written down: reports then take the call's own talk."""
    migrator.add_fields("queue_stay", talk_us=pw.BigIntegerField(null=True))
    migrator.add_index("call_record", "tenant", "caller", "arrived")
    migrator.add_index("queue_stay", "ended")
    migrator.sql("DROP INDEX queuestay_record_id_entered")
    migrator.add_index("queue_stay", "record", "entered", "ended", unique=True)
