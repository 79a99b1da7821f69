"""Who changed what, when, from what to what."""

from orchestrator.database.documents import to_plain
from orchestrator.database.models import AuditRow


def note_change(tenant: str, area: str, key: str, who: str, at: int, before: object, after: object) -> None:
    """Note a change by a user (an id) at `at` (us UTC); `before` and `after` are documents, None = there is none."""
    AuditRow.create(
        tenant=tenant,
        area=area,
        key=key,
        who=who,
        at=at,
        before=None if before is None else to_plain(before),
        after=None if after is None else to_plain(after),
    )


def changes_of(tenant: str, area: str, key: str) -> list[AuditRow]:
    """Read the changes of one thing, newest first."""
    found = AuditRow.select().where(AuditRow.tenant == tenant, AuditRow.area == area, AuditRow.key == key)
    return list(found.order_by(AuditRow.at.desc(), AuditRow.id.desc()))
