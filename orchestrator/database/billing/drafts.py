"""Drafts of tariffs: written as often as one likes, published once; a published version is never changed."""

from dataclasses import replace

from orchestrator.database.billing.accounts import UnknownTariffError, add_version, versions_of
from orchestrator.database.connection import bound_database, one_writer
from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Tariff, TariffDraft
from orchestrator.domain.billing.flaws import flaws_of
from orchestrator.domain.billing.tariff import TariffVersion


def draft_of(tariff: str) -> tuple[TariffDraft, TariffVersion] | None:
    """Read the draft of a tariff's next version, None where there is none."""
    row = TariffDraft.get_or_none(TariffDraft.tariff == tariff)
    return None if row is None else (row, from_plain(TariffVersion, row.document))


def save_draft(version: TariffVersion, name: str, who: str, at: int) -> None:
    """Write a tariff's draft in place of the one there is; it may have flaws."""
    document = to_plain(replace(version, number=0))
    values = {"name": name, "document": document, "edited": at, "edited_by": who}
    table = TariffDraft
    kept = [table.name, table.document, table.edited, table.edited_by]
    table.insert(tariff=version.tariff, **values).on_conflict(conflict_target=[table.tariff], preserve=kept).execute()


def discard_draft(tariff: str) -> bool:
    """Throw a draft away; False when there is none."""
    return bool(TariffDraft.delete().where(TariffDraft.tariff == tariff).execute())


def publish_draft(tariff: str, who: str, at: int) -> TariffVersion:
    """Make a draft the next version of its tariff; raises UnknownTariffError without one, BadTariffError for flaws."""
    with one_writer(bound_database(), f"tariff {tariff}"):
        found = draft_of(tariff)
        if found is None:
            raise UnknownTariffError(tariff)
        row, version = found
        added = add_version(version, row.name, who, at)
        Tariff.update(name=row.name).where(Tariff.id == tariff).execute()
        discard_draft(tariff)
    return added


def draft_flaws(version: TariffVersion) -> list[tuple[str, str]]:
    """Say what keeps a draft from being published, as (place, reason)."""
    before = versions_of(version.tariff)
    other = any(one.currency != version.currency for one in before)
    return [*flaws_of(version), *([("currency", "other_currency")] if other else [])]
