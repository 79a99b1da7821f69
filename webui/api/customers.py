"""Customers: who calls from which numbers (WEB-2)."""

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
from orchestrator.service.numbers import BadNumberError, normalise_entry
from webui.api.customer_shapes import (
    CustomerExportQuery,
    CustomerImportIn,
    CustomerImportOut,
    CustomerIn,
    CustomerLineOut,
    CustomerOut,
    CustomerPage,
    CustomerQuery,
    MergeIn,
)
from webui.api.downloads import SAVED, saved
from webui.api.earlier import EarlierCalls, earlier_calls
from webui.blacklist import Fate, country_of
from webui.customer_files import to_lines
from webui.customers import LONGEST_NOTES, TooManyNumbersError
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, permissions_of, requires
from webui.scoping import people_within
from webui.services import services
from webui.tables import BadTableError, Table, in_thread, read_table
from webui.texts import language

bp = APIBlueprint("customers", __name__, url_prefix="/api/v1/customers", tag="Customers")

#: Calls that a customer's history goes back.
HISTORY = 50


class CustomerRefusedError(WebError):
    """The customer, or the file, can't be taken; `fields` say why."""

    id, status = "invalid", 422


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
    with _Refusals():
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
    with _Refusals():
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
        raise CustomerRefusedError(fields={"other": _reason("too_many")}) from error
    if row is None:
        raise CustomerRefusedError(fields={"other": _reason("same_customer")})
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
    results = services().customers.bring_in(tenant(), identity().id, to_lines(_table(files_data.file.read())))
    fates = [result.fate for result in results]
    return CustomerImportOut(
        added=fates.count(Fate.ADDED),
        duplicates=fates.count(Fate.DUPLICATE),
        refused=fates.count(Fate.REFUSED),
        lines=[
            CustomerLineOut(
                line=one.line, name=one.number, result=one.fate, reason=_reason(one.reason) if one.reason else ""
            )
            for one in results
        ],
    )


@bp.get("/export")
@requires(Permission.MANAGE_CUSTOMERS)
@bp.input(CustomerExportQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: CustomerExportQuery) -> Response:
    """Save all customers as a file, which can be brought in again."""
    return saved(to_table(all_customers(tenant()), language()), query_data.format, "customers")


class _Refusals:
    """Turns what can't be taken into answers that name the field."""

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        match error:
            case BadNumberError():
                raise CustomerRefusedError(fields={"numbers": _reason(error.reason)}) from error
            case NumberTakenError():
                raise _taken(error.number) from error


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
    known = customer.isascii() and customer.isdigit() and len(customer) <= 18
    found = find_customer(tenant(), int(customer)) if known else None
    if found is None or not _may(found, permission):
        raise NotFoundError
    return found


def _may(row: Customer, permission: Permission) -> bool:
    if permission not in permissions_of(identity()):
        return False
    made_by = people_within(permission)
    return made_by is None or row.created_by in made_by


def spelling(search: str | None) -> str | None:
    """Return how numbers begin that hold what is searched for, None where that is no number."""
    try:
        return normalise_entry(f"{(search or '').strip().rstrip('*')}*", country_of(tenant())).removesuffix("*")
    except BadNumberError:
        return None


def _shown(rows: list[Customer]) -> list[CustomerOut]:
    people = services().names.people(tenant(), {row.created_by for row in rows})
    numbers = numbers_of(rows)
    return [
        CustomerOut(
            id=str(row.id),
            name=row.name,
            company=row.company,
            email=row.email,
            numbers=numbers[row.id],
            tags=row.tags,
            notes=row.notes,
            created=row.created,
            created_by=row.created_by,
            created_by_name=people.get(row.created_by),
            changed=row.changed,
        )
        for row in rows
    ]


def _table(data: bytes) -> Table:
    try:
        table: Table = in_thread(read_table, data, LONGEST_NOTES + 1)
    except BadTableError as error:
        raise CustomerRefusedError(fields={"file": services().texts.message(f"blacklist.{error.reason}")}) from error
    return table


def _reason(id_: str) -> str:
    return services().texts.known(f"customers.{id_}", "") or services().texts.message(f"blacklist.{id_}")
