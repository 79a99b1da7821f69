"""Days are added up by disposition, too: what was added up before has no such sums, so all is done anew.

Reports are right meanwhile; what is not added up they read from the records.
"""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Forget what was added up."""
    migrator.run(_forget, database)


def _forget(database: pw.Database) -> None:
    # A database that has not been so far yet gets the table by a later migration.
    if database.table_exists("report_period"):
        database.execute_sql("DELETE FROM report_period")
