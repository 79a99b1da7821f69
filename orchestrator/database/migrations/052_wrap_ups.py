"""Finding how long agents wrapped up after a call, without reading all that they did since."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the index."""
    migrator.add_index("agent_state_interval", "tenant", "call")
