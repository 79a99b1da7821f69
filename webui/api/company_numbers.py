"""The numbers that companies own, for operators (NUM-1): given, taken back, and by which trunk they go out."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.models import Tenant
from orchestrator.database.numbers import Numbers, NumberTakenError
from orchestrator.database.trunks import Trunks
from orchestrator.domain.config import NumberConfig, Way
from webui.api.company_accounts import known
from webui.api.shapes import PRINTABLE, Input
from webui.errors import InvalidSettingError
from webui.identity import identity
from webui.owned_numbers import NotDialledError, UnknownTrunkError
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("company_numbers", __name__, url_prefix="/api/v1/companies/<company>/numbers", tag="Companies")

#: A trunk's name, empty for none.
TrunkName = Annotated[str, Field(max_length=64, pattern=PRINTABLE)]


class TrunkIn(Input):
    """By which trunk calls go out that show a number; empty = it can't be shown."""

    trunk: TrunkName = ""


class GivenIn(TrunkIn):
    """A number as the trunk sends it: 2 to 20 digits, a plus before them if it comes with one."""

    number: Annotated[str, Field(min_length=1, max_length=40, pattern=PRINTABLE)]


class OwnedOut(BaseModel):
    """An owned number: `way` is where its calls go while it is open, `trunk` empty where it can't be shown."""

    number: str
    trunk: str
    way: Way


class OwnedList(BaseModel):
    """A company's numbers, and the trunks that there are to choose from."""

    items: list[OwnedOut]
    trunks: list[str]


@bp.get("")
@requires(Permission.ORDER_SEATS)
@bp.output(OwnedList)
def index(company: str) -> OwnedList:
    """List a company's numbers."""
    return _shown(known(company))


@bp.post("")
@requires(Permission.ORDER_SEATS)
@bp.input(GivenIn)
@bp.output(OwnedList, status_code=201)
def give(company: str, json_data: GivenIn) -> OwnedList:
    """Give a company a number; its calls are hung up until the company says where they go."""
    tenant = known(company)
    try:
        services().owned_numbers.give(company, json_data.number, json_data.trunk, identity().id)
    except NotDialledError as error:
        raise _wrong("number", "not_dialled", json_data.number) from error
    except NumberTakenError as error:
        problem = "number_owned" if error.owner == company else "number_given"
        raise _wrong("number", problem, error.number, Tenant.get_by_id(error.owner).name) from error
    except UnknownTrunkError as error:
        raise _wrong("trunk", "unknown_trunk", json_data.trunk) from error
    return _shown(tenant)


@bp.put("/<number>")
@requires(Permission.ORDER_SEATS)
@bp.input(TrunkIn)
@bp.output(OwnedList)
def assign(company: str, number: str, json_data: TrunkIn) -> OwnedList:
    """Let calls that show a number go out by another trunk, or by none."""
    tenant = known(company)
    try:
        services().owned_numbers.assign(company, number, json_data.trunk, identity().id)
    except UnknownTrunkError as error:
        raise _wrong("trunk", "unknown_trunk", json_data.trunk) from error
    return _shown(tenant)


@bp.delete("/<number>")
@requires(Permission.ORDER_SEATS)
@bp.output(OwnedList)
def take_back(company: str, number: str) -> OwnedList:
    """Take a number back: nobody answers it from the next call on, running calls go on."""
    tenant = known(company)
    services().owned_numbers.take_back(company, number, identity().id)
    return _shown(tenant)


def _wrong(field: str, problem: str, name: str, owner: str = "") -> InvalidSettingError:
    return InvalidSettingError(fields={field: services().texts.message(f"problems.{problem}", name=name, owner=owner)})


def _shown(tenant: Tenant) -> OwnedList:
    return OwnedList(
        items=[_owned(number) for number in Numbers().all(tenant.id)], trunks=[one.name for one in Trunks().all()]
    )


def _owned(number: NumberConfig) -> OwnedOut:
    return OwnedOut(number=number.number, trunk=number.trunk, way=number.route.way)
