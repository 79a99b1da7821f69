"""Opening hours with their holidays: always one tenant's."""

from dataclasses import dataclass

from orchestrator.database.documents import from_plain
from orchestrator.database.models import Holiday, Hours
from orchestrator.domain.config import OpeningHours

#: [from, to) in minutes of the day.
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySetting:
    """A date (`YYYY-MM-DD`) with hours of its own; none = closed."""

    date: str
    name: str
    spans: Spans = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSetting:
    """Opening hours as they are edited: holidays have names."""

    key: str
    name: str
    week: tuple[Spans, ...]
    holidays: tuple[HolidaySetting, ...] = ()

    def config(self) -> OpeningHours:
        """Return them as the call path needs them."""
        holidays = {holiday.date: holiday.spans for holiday in self.holidays}
        return OpeningHours(id=self.key, name=self.name, week=self.week, holidays=holidays)


class HoursArea:
    """The area `hours`."""

    name = "hours"

    def all(self, tenant: str) -> list[HoursSetting]:
        """Read all of a tenant's, by key."""
        return [_setting(row) for row in Hours.select().where(Hours.tenant == tenant).order_by(Hours.key)]

    def find(self, tenant: str, key: str) -> HoursSetting | None:
        """Read one, None for a key that the tenant doesn't have."""
        row = Hours.get_or_none(Hours.tenant == tenant, Hours.key == key)
        return _setting(row) if row else None

    def put(self, tenant: str, setting: HoursSetting) -> None:
        """Write one, new or not."""
        values = {"name": setting.name, "week": setting.week}
        Hours.insert(tenant=tenant, key=setting.key, **values).on_conflict(
            conflict_target=[Hours.tenant, Hours.key], update=values
        ).execute()
        row = Hours.get(Hours.tenant == tenant, Hours.key == setting.key)
        Holiday.delete().where(Holiday.hours == row).execute()
        for holiday in setting.holidays:
            Holiday.create(hours=row, date=holiday.date, name=holiday.name, spans=holiday.spans)

    def remove(self, tenant: str, key: str) -> None:
        """Delete one."""
        Hours.delete().where(Hours.tenant == tenant, Hours.key == key).execute()


def _setting(row: Hours) -> HoursSetting:
    holidays = Holiday.select().where(Holiday.hours == row).order_by(Holiday.date)
    return from_plain(
        HoursSetting,
        {
            "key": row.key,
            "name": row.name,
            "week": row.week,
            "holidays": [{"date": one.date, "name": one.name, "spans": one.spans} for one in holidays],
        },
    )
