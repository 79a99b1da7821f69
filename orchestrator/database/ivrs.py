"""IVRs: a draft that is edited, and the versions that were put into force. Always one tenant's."""

from dataclasses import dataclass

from peewee import fn

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Ivr, IvrVersion
from orchestrator.domain.ivr import Tree


class UnknownVersionError(LookupError):
    """The IVR has no version of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IvrSetting:
    """An IVR: `tree` is the draft; `version` and `published` are what is in force, None = nothing yet."""

    key: str
    name: str
    tree: Tree
    version: int | None = None
    published: Tree | None = None

    @property
    def draft(self) -> bool:
        """Whether the draft differs from what is in force."""
        return self.tree != self.published


class Ivrs:
    """The area `ivrs`."""

    name = "ivrs"

    def all(self, tenant: str) -> list[IvrSetting]:
        """Read all of a tenant's, by key."""
        return [_setting(row) for row in Ivr.select().where(Ivr.tenant == tenant).order_by(Ivr.key)]

    def find(self, tenant: str, key: str) -> IvrSetting | None:
        """Read one, None for a key that the tenant doesn't have."""
        row = _row(tenant, key)
        return _setting(row) if row else None

    def put(self, tenant: str, ivr: IvrSetting) -> None:
        """Write name and draft, new or not; what is in force stays."""
        values = {"name": ivr.name, "draft": to_plain(ivr.tree)}
        Ivr.insert(tenant=tenant, key=ivr.key, **values).on_conflict(
            conflict_target=[Ivr.tenant, Ivr.key], update=values
        ).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Delete one with all versions."""
        Ivr.delete().where(Ivr.tenant == tenant, Ivr.key == key).execute()

    def publish(self, tenant: str, key: str, who: str, now: int) -> None:
        """Put the draft of an IVR that exists into force as the next version, unless it is in force already."""
        row = _row(tenant, key)
        if row is None or not _setting(row).draft:
            return
        newest = IvrVersion.select(fn.MAX(IvrVersion.number)).where(IvrVersion.ivr == row).scalar() or 0
        IvrVersion.create(ivr=row, number=newest + 1, tree=row.draft, at=now, who=who)
        Ivr.update(version=newest + 1).where(Ivr.id == row.id).execute()

    def roll_back(self, tenant: str, key: str, number: int) -> None:
        """Put an earlier version into force again; a draft that waits for nothing follows it.

        Raises UnknownVersionError.
        """
        row = _row(tenant, key)
        version = _version(row, number) if row else None
        if row is None or version is None:
            raise UnknownVersionError(f"{key!r} has no version {number}")
        draft = row.draft if _setting(row).draft else version.tree
        Ivr.update(version=number, draft=draft).where(Ivr.id == row.id).execute()

    def versions(self, tenant: str, key: str) -> list[IvrVersion]:
        """Read the versions of an IVR, newest first."""
        found = IvrVersion.select().join(Ivr).where(Ivr.tenant == tenant, Ivr.key == key)
        return list(found.order_by(IvrVersion.number.desc()))


def _row(tenant: str, key: str) -> Ivr | None:
    row: Ivr | None = Ivr.get_or_none(Ivr.tenant == tenant, Ivr.key == key)
    return row


def _version(row: Ivr, number: int | None) -> IvrVersion | None:
    found: IvrVersion | None = IvrVersion.get_or_none(IvrVersion.ivr == row, IvrVersion.number == number)
    return found


def _setting(row: Ivr) -> IvrSetting:
    version = _version(row, row.version) if row.version else None
    return IvrSetting(
        key=row.key,
        name=row.name,
        tree=from_plain(Tree, row.draft),
        version=row.version,
        published=from_plain(Tree, version.tree) if version else None,
    )
