"""What the wallboards warn of."""

from peewee import ForeignKeyField, JSONField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class BoardThresholds(NumberedTable):
    """From which figures on a tenant's queue monitor warns: `company` for all queues, `queues` by a queue's id.

    Each is `{figure: [warning, alarm]}`, as `orchestrator.database.board_thresholds` reads it.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="board_thresholds", unique=True)
    company = JSONField()
    queues = JSONField()

    class Meta:
        """One row a tenant."""

        table_name = "board_thresholds"
