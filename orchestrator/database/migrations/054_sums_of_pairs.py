"""Days are added up by queue and agent together, too: what was added up before has no such sums, so all is done anew.

Reports are right meanwhile; what is not added up they read from the records.
"""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Forget what was added up. A database without the tables gets them by a later migration."""
    if database.table_exists("report_period"):
        migrator.sql("DELETE FROM report_period")
