"""Opening hours and holidays (CALL-1, IVR-1), as clocks on the wall of the tenant's time zone show them."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.opening_hours import HolidaySetting, HoursArea, HoursSetting, Spans
from orchestrator.domain.checks import Place
from webui.api.configuration.shapes import Setting, Title, WithKey
from webui.api.shapes import Input
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_hours", __name__, url_prefix="/api/v1/config/hours", tag="Configuration")

AREA = HoursArea()

#: `HH:MM`; 24:00 is the end of the day.
TimeOfDay = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
#: From (included) and to (excluded).
Span = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]
Day = Annotated[list[Span], Field(max_length=20)]


class HolidayShape(Input):
    """A date whose hours replace the week's; no spans = closed."""

    date: datetime.date
    name: Title
    spans: Day = Field(default_factory=list)


class HoursIn(Setting):
    """Opening hours: `week` has seven days, Monday first."""

    read_only = frozenset({"key"})

    name: Title
    week: Annotated[list[Day], Field(min_length=7, max_length=7)]
    holidays: list[HolidayShape] = Field(default_factory=list, max_length=1_000)

    def setting(self, key: str) -> HoursSetting:
        """Return them as they are kept."""
        holidays = (
            HolidaySetting(date=one.date.isoformat(), name=one.name, spans=_minutes(one.spans)) for one in self.holidays
        )
        return HoursSetting(
            key=key,
            name=self.name,
            week=tuple(_minutes(day) for day in self.week),
            holidays=tuple(sorted(holidays, key=lambda one: one.date)),
        )


class NewHours(WithKey, HoursIn):
    """Opening hours that are added."""

    read_only = frozenset()


class HoursOut(HoursIn):
    """Opening hours as they are configured."""

    read_only = frozenset()

    key: str


class HoursList(BaseModel):
    """All opening hours."""

    items: list[HoursOut]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(HoursList)
def index() -> HoursList:
    """List the opening hours."""
    return HoursList(items=[_shown(setting) for setting in AREA.all(tenant())])


@bp.post("")
@requires(Permission.EDIT_CONFIG)
@bp.input(NewHours)
@bp.output(HoursOut, status_code=201)
def add(json_data: NewHours) -> HoursOut:
    """Add opening hours."""
    return _put(json_data.setting(json_data.key), new=True)


@bp.get("/<key>")
@requires(Permission.VIEW_CONFIG)
@bp.output(HoursOut)
def show(key: str) -> HoursOut:
    """Show opening hours."""
    return _shown(_existing(key))


@bp.put("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.input(HoursIn)
@bp.output(HoursOut)
def change(key: str, json_data: HoursIn) -> HoursOut:
    """Change opening hours."""
    return _put(json_data.setting(key))


@bp.delete("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def remove(key: str) -> str:
    """Delete opening hours; refused with 409 while a number follows them."""
    with services().editor.change(AREA, tenant(), key, identity().id):
        AREA.remove(tenant(), key)
    return ""


def _put(setting: HoursSetting, *, new: bool = False) -> HoursOut:
    dates = Counter(holiday.date for holiday in setting.holidays)
    place = Place(AREA.name, setting.key, "holidays")
    services().editor.refuse(place.problem("holiday_twice", date) for date, times in dates.items() if times > 1)
    with services().editor.change(AREA, tenant(), setting.key, identity().id, new=new):
        AREA.put(tenant(), setting)
    return _shown(setting)


def _existing(key: str) -> HoursSetting:
    found = AREA.find(tenant(), key)
    if found is None:
        raise NotFoundError
    return found


def _shown(setting: HoursSetting) -> HoursOut:
    holidays = [
        HolidayShape(date=datetime.date.fromisoformat(one.date), name=one.name, spans=_clock(one.spans))
        for one in setting.holidays
    ]
    return HoursOut(key=setting.key, name=setting.name, week=[_clock(day) for day in setting.week], holidays=holidays)


def _minutes(spans: Iterable[list[str]]) -> Spans:
    return tuple((_minute(start), _minute(end)) for start, end in spans)


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _clock(spans: Spans) -> list[list[str]]:
    return [[f"{minute // 60:02}:{minute % 60:02}" for minute in span] for span in spans]
