"""What agents may call, how often, and which number is shown (OUT-1, NUM-1, SAFE-4)."""

from decimal import Decimal
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from orchestrator.database.calling_out import CallingOutArea
from orchestrator.database.configuration import configuration
from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.checks import RULES, Place
from orchestrator.service.numbers import BadNumberError, normalise_entry
from orchestrator.store.called import Called
from webui.api.configuration.shapes import Setting
from webui.api.shapes import PRINTABLE, Term
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_calling_out", __name__, url_prefix="/api/v1/config/calling-out", tag="Configuration")

AREA = CallingOutArea()

#: Decimals that are kept of an amount.
PLACES = 6

#: An owned number, empty for none.
Owned = Annotated[str, Field(max_length=32, pattern=PRINTABLE)]
#: The beginning of numbers, with `*`, or a whole number, as on the blacklist.
Prefix = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=PRINTABLE)]
#: A number of calls, null = any number.
Calls = Annotated[int, Field(ge=0, le=1_000_000)] | None
#: An amount in the account's currency, null = any.
Amount = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=2)] | None


class CallingOutIn(Setting):
    """The rules; `caller_id` is shown where neither agent, nor group, nor the agent's own choice says otherwise.

    Of `allowed` and `denied` the longest that fits a number decides; with any `allowed` whatever fits none is refused.
    `hours` (a key, empty = always) are when customers are called. Limits are null where there are none.
    """

    read_only = frozenset({"today"})

    caller_id: Owned = ""
    group_caller_ids: dict[Term, Owned] = Field(default_factory=dict, max_length=1000)
    agent_caller_ids: dict[Term, Owned] = Field(default_factory=dict, max_length=10_000)
    choosable: list[Owned] = Field(default_factory=list, max_length=1000)
    international: bool = False
    premium: bool = False
    allowed: list[Prefix] = Field(default_factory=list, max_length=1000)
    denied: list[Prefix] = Field(default_factory=list, max_length=1000)
    hours: Annotated[str, Field(max_length=100, pattern=PRINTABLE)] = ""
    ring_s: Annotated[int, Field(ge=10, le=120)] = 45
    at_once: Calls = None
    tenant_calls: Calls = None
    agent_calls: Calls = None
    tenant_spend: Amount = None
    agent_spend: Amount = None

    def setting(self, country: str) -> CallingOut:
        """Return them as they are kept; raises InvalidSettingError for what is no number."""
        values = self.model_dump()
        for field in ("allowed", "denied"):
            values[field] = _entries(field, values[field], country)
        for field in ("tenant_spend", "agent_spend"):
            values[field] = None if values[field] is None else int(values[field].scaleb(PLACES))
        for field in ("group_caller_ids", "agent_caller_ids"):
            values[field] = {key: number for key, number in values[field].items() if number}
        return CallingOut(**{**values, "choosable": tuple(dict.fromkeys(values["choosable"]))})


class TodayOut(BaseModel):
    """What was called today, and how many calls that agents have placed are going on."""

    live: int
    calls: int
    spend: Decimal


class CallingOutOut(CallingOutIn):
    """The rules, and what they have to deal with today."""

    read_only = frozenset()

    today: TodayOut


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(CallingOutOut)
def show() -> CallingOutOut:
    """Show the rules."""
    return _shown(AREA.find(tenant(), RULES) or CallingOut())


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallingOutIn)
@bp.output(CallingOutOut)
def change(json_data: CallingOutIn) -> CallingOutOut:
    """Change the rules; they hold for the next call."""
    rules = json_data.setting(configuration(tenant()).country)
    with services().editor.change(AREA, tenant(), RULES, identity().id):
        AREA.put(tenant(), rules)
    return _shown(rules)


def _entries(field: str, written: list[str], country: str) -> tuple[str, ...]:
    entries, found = [], []
    for place, text in enumerate(written):
        try:
            entries.append(normalise_entry(text, country))
        except BadNumberError:
            found.append(Place(AREA.name, RULES, f"{field}.{place}").problem("not_a_prefix", text))
    services().editor.refuse(found)
    return tuple(dict.fromkeys(entries))


def _shown(rules: CallingOut) -> CallingOutOut:
    config = configuration(tenant())
    called = Called(services().redis).today(tenant(), services().clock.now(), config.timezone)
    values = {name: getattr(rules, name) for name in CallingOutIn.model_fields}
    for field in ("tenant_spend", "agent_spend"):
        values[field] = None if values[field] is None else _amount(values[field])
    today = TodayOut(live=called.live, calls=called.calls, spend=_amount(called.spend))
    return CallingOutOut(**values, today=today)


def _amount(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-PLACES).quantize(Decimal("0.01"))
