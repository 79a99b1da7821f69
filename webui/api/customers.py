"""Customers: who calls from which numbers (WEB-2)."""

from collections.abc import Iterator
from contextlib import contextmanager

from apiflask import APIBlueprint
from flask import Response

from orchestrator.database.customers import (
    CustomerFilter,
    NumberTakenError,
    all_customers,
    customer_by_number,
    find_customer,
    list_customers,
    numbers_of,
)
from orchestrator.database.models import Customer
from orchestrator.exports.customers import to_table
from orchestrator.service.numbers import BadNumberError
from webui.api.customer_shapes import (
    CustomerImportIn,
    CustomerImportOut,
    CustomerIn,
    CustomerOut,
    CustomerPage,
    CustomerQuery,
    MergeIn,
)
from webui.api.downloads import SAVED, saved
from webui.api.earlier import EarlierCalls, earlier_calls
from webui.api.entry_lists import EntryRefusedError, FormatQuery, brought, entry_id, report, shown, spelling
from webui.customer_files import to_lines
from webui.customers import LONGEST_NOTES, TooManyNumbersError
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, permissions_of, requires
from webui.scoping import people_within
from webui.services import services
from webui.texts import language

bp = APIBlueprint("customers", __name__, url_prefix="/api/v1/customers", tag="Customers")

#: Calls that a customer's history goes back.
HISTORY = 50


class CustomerNumberTakenError(WebError):
    """Another customer has the number: `number` is `name`'s."""

    id, status = "customer_number_taken", 409


@bp.get("")
@requires(Permission.VIEW_CUSTOMERS)
@bp.input(CustomerQuery, location="query")
@bp.output(CustomerPage)
def index(query_data: CustomerQuery) -> CustomerPage:
    """List customers."""
    made_by = people_within(Permission.VIEW_CUSTOMERS)
    wanted = CustomerFilter(text=query_data.search, spelling=spelling(query_data.search), made_by=made_by)
    page = list_customers(tenant(), wanted, query_data.cursor, query_data.limit)
    return CustomerPage(items=_shown(page.rows), next=page.next)


@bp.post("")
@requires(Permission.EDIT_CUSTOMERS)
@bp.input(CustomerIn)
@bp.output(CustomerOut, status_code=201)
def add(json_data: CustomerIn) -> CustomerOut:
    """Add a customer; refused with 409 when another one has one of the numbers."""
    with _refusals():
        row = services().customers.add(tenant(), identity().id, json_data.card())
    return _shown([row])[0]


@bp.get("/<customer>")
@requires(Permission.VIEW_CUSTOMERS)
@bp.output(CustomerOut)
def show(customer: str) -> CustomerOut:
    """Show a customer."""
    return _shown([_within(Permission.VIEW_CUSTOMERS, customer)])[0]


@bp.put("/<customer>")
@requires(Permission.EDIT_CUSTOMERS)
@bp.input(CustomerIn)
@bp.output(CustomerOut)
def change(customer: str, json_data: CustomerIn) -> CustomerOut:
    """Change a customer."""
    found = _within(Permission.EDIT_CUSTOMERS, customer)
    with _refusals():
        row = services().customers.change(tenant(), identity().id, found.id, json_data.card())
    if row is None:
        raise NotFoundError
    return _shown([row])[0]


@bp.delete("/<customer>")
@requires(Permission.MANAGE_CUSTOMERS)
@bp.output({}, status_code=204)
def remove(customer: str) -> tuple[str, int]:
    """Remove a customer; the calls stay."""
    found = _within(Permission.MANAGE_CUSTOMERS, customer)
    if not services().customers.remove(tenant(), identity().id, found.id):
        raise NotFoundError
    return "", 204


@bp.post("/<customer>/merge")
@requires(Permission.MANAGE_CUSTOMERS)
@bp.input(MergeIn)
@bp.output(CustomerOut)
def merge(customer: str, json_data: MergeIn) -> CustomerOut:
    """Take over another customer's numbers, tags and notes, and what this one lacks; the other one is gone then."""
    found, gone = (_within(Permission.MANAGE_CUSTOMERS, id_) for id_ in (customer, json_data.other))
    try:
        row = services().customers.merge(tenant(), identity().id, found.id, gone.id)
    except TooManyNumbersError as error:
        raise EntryRefusedError(fields={"other": _reason("too_many")}) from error
    if row is None:
        raise EntryRefusedError(fields={"other": _reason("same_customer")})
    return _shown([row])[0]


@bp.get("/<customer>/calls")
@requires(Permission.VIEW_CUSTOMERS)
@bp.output(EarlierCalls)
def calls(customer: str) -> EarlierCalls:
    """List the latest calls from the customer's numbers, with what agents wrote about them."""
    found = _within(Permission.VIEW_CUSTOMERS, customer)
    return earlier_calls(numbers_of([found])[found.id], HISTORY)


@bp.post("/import")
@requires(Permission.MANAGE_CUSTOMERS)
@bp.input(CustomerImportIn, location="files")
@bp.output(CustomerImportOut)
def bring_in(files_data: CustomerImportIn) -> CustomerImportOut:
    """Add the customers of a file; the answer tells what became of each line."""
    lines = to_lines(brought(files_data.file.read(), LONGEST_NOTES + 1))
    results = services().customers.bring_in(tenant(), identity().id, lines)
    return CustomerImportOut.model_validate(report(results, _reason, written="name"))


@bp.get("/export")
@requires(Permission.MANAGE_CUSTOMERS)
@bp.input(FormatQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: FormatQuery) -> Response:
    """Save all customers as a file, which can be brought in again."""
    return saved(to_table(all_customers(tenant()), language()), query_data.format, "customers")


def customer_with(number: str) -> CustomerOut | None:
    """Return the customer who has a number (in its one spelling), if whoever asks may see customers."""
    row = customer_by_number(tenant(), number)
    return _shown([row])[0] if row and _may(row, Permission.VIEW_CUSTOMERS) else None


def _taken(number: str) -> WebError:
    other = customer_by_number(tenant(), number)
    name = other.name if other else number
    fields = {"numbers": services().texts.message("customers.taken", number=number, customer=name)}
    return CustomerNumberTakenError(fields=fields, number=number, customer=name)


def _within(permission: Permission, customer: str) -> Customer:
    """Return a customer within the permission's scope, which asks who has added it."""
    found = find_customer(tenant(), entry_id(customer))
    if found is None or not _may(found, permission):
        raise NotFoundError
    return found


def _may(row: Customer, permission: Permission) -> bool:
    if permission not in permissions_of(identity()):
        return False
    made_by = people_within(permission)
    return made_by is None or row.created_by in made_by


def _shown(rows: list[Customer]) -> list[CustomerOut]:
    numbers = numbers_of(rows)
    return shown(CustomerOut, rows, lambda row: {"numbers": numbers[row.id]})


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what can't be taken into answers that name the field."""
    try:
        yield
    except BadNumberError as error:
        raise EntryRefusedError(fields={"numbers": _reason(error.reason)}) from error
    except NumberTakenError as error:
        raise _taken(error.number) from error


def _reason(id_: str) -> str:
    return services().texts.known(f"customers.{id_}", "") or services().texts.message(f"blacklist.{id_}")
