"""Every way to look for calls has an index, so that no list reads a whole table, however few calls are meant."""

import peewee as pw
from peewee_migrate import Migrator

INDEXES = (
    "call_record_outcome ON call_record (tenant, outcome, arrived)",
    "call_record_direction ON call_record (tenant, direction, arrived)",
    "call_record_score ON call_record (tenant, score, arrived) WHERE score IS NOT NULL",
    "call_record_blocked ON call_record (tenant, blocked_by, ended) WHERE blocked_by IS NOT NULL",
    "call_leg_leg ON call_leg (leg)",
    "call_form_disposition ON call_form (tenant_id, disposition, call)",
)


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the indexes. Calls of the time before calls were placed came in; only few are blocked."""
    migrator.sql("UPDATE call_record SET direction = 'in' WHERE direction IS NULL")
    migrator.drop_index("call_record", "tenant", "blocked_by", "ended")
    for index in INDEXES:
        migrator.sql(f"CREATE INDEX {index}")
    if isinstance(database, pw.PostgresqlDatabase):
        migrator.run(_find_parts, database)


def _find_parts(database: pw.Database) -> None:
    """Index what numbers contain, where the server has the extension for it and lets us have it.

    Without it lists are the same, but looking for a part of a number reads the tenant's calls until a page is full.
    """
    if not database.execute_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone():
        return
    try:
        with database.atomic():
            database.execute_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except pw.ProgrammingError:  # a database that is not ours
        return
    database.execute_sql(
        "CREATE INDEX call_record_parts ON call_record USING gin (caller gin_trgm_ops, number gin_trgm_ops)"
    )
