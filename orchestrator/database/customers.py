"""Customers in the database: always one tenant's."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from peewee import Expression, IntegrityError, chunked

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Customer, CustomerNumber
from orchestrator.database.number_lists import BATCH, all_rows, find_row, known
from orchestrator.database.paging import Page, read_page


class NumberTakenError(ValueError):
    """Another customer has the number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"{number} is another customer's")
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a customer; `numbers` in their one spelling."""

    name: str
    company: str = ""
    email: str = ""
    numbers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """Which customers: `text` is a part of name, company, e-mail or number, which may also read `spelling`.

    `made_by` are the users (ids) who added them. None = all.
    """

    text: str | None = None
    spelling: str | None = None
    made_by: frozenset[str] | None = None


def list_customers(tenant: str, wanted: CustomerFilter, cursor: str | None = None, size: int = 50) -> Page[Customer]:
    """Read a page of customers, newest first; raises BadCursorError."""
    conditions = [Customer.tenant == tenant, *_conditions(tenant, wanted)]
    return read_page(Customer, Customer.created, conditions, cursor, size)


def count_customers(tenant: str, wanted: CustomerFilter) -> int:
    """Count customers."""
    return int(Customer.select().where(Customer.tenant == tenant, *_conditions(tenant, wanted)).count())


def all_customers(tenant: str) -> Iterator[tuple[Customer, list[str]]]:
    """Read all customers with their numbers, oldest first."""
    for rows in chunked(all_rows(Customer, tenant), BATCH):
        numbers = numbers_of(rows)
        yield from ((row, numbers[row.id]) for row in rows)


def find_customer(tenant: str, id_: int) -> Customer | None:
    """Read one, None when the tenant has none of this id."""
    return find_row(Customer, tenant, id_)


def customer_by_number(tenant: str, number: str) -> Customer | None:
    """Read the customer who has a number, None for nobody."""
    table = CustomerNumber
    found: Customer | None = Customer.select().join(table).where(table.tenant == tenant, table.number == number).first()
    return found


def known_numbers(tenant: str, numbers: Collection[str]) -> set[str]:
    """Return those numbers that are some customer's."""
    return known(CustomerNumber.number, tenant, numbers)


def numbers_of(rows: Sequence[Customer]) -> dict[int, list[str]]:
    """Return the numbers of customers by their ids, in the order in which they were written."""
    found: dict[int, list[str]] = {row.id: [] for row in rows}
    table = CustomerNumber
    for row in table.select().where(table.customer.in_(list(found))).order_by(table.id):
        found[row.customer_id].append(row.number)
    return found


def card_of(row: Customer) -> Card:
    """Return what is known of a customer."""
    return Card(
        name=row.name,
        company=row.company,
        email=row.email,
        numbers=tuple(numbers_of([row])[row.id]),
        tags=tuple(row.tags),
        notes=row.notes,
    )


def add_customer(tenant: str, card: Card, who: str, at: int) -> Customer:
    """Add a customer made by a user (an id) at `at` (us UTC); raises NumberTakenError."""
    with bound_database().atomic():
        row = Customer.create(tenant=tenant, created=at, created_by=who, changed=at, **_values(card))
        _give(tenant, row, card.numbers)
    return row


def change_customer(tenant: str, row: Customer, card: Card, at: int) -> None:
    """Change what is known of a customer; raises NumberTakenError."""
    with bound_database().atomic():
        for name, value in (*_values(card).items(), ("changed", at)):
            setattr(row, name, value)
        row.save(only=row.dirty_fields)
        CustomerNumber.delete().where(CustomerNumber.customer == row).execute()
        _give(tenant, row, card.numbers)


def remove_customer(row: Customer) -> None:
    """Remove a customer with the numbers."""
    row.delete_instance()


def _give(tenant: str, row: Customer, numbers: Sequence[str]) -> None:
    for number in numbers:
        try:
            with bound_database().atomic():
                CustomerNumber.create(tenant=tenant, customer=row, number=number)
        except IntegrityError as error:
            raise NumberTakenError(number) from error


def _values(card: Card) -> dict[str, object]:
    return {
        "name": card.name,
        "company": card.company,
        "email": card.email,
        "tags": list(card.tags),
        "notes": card.notes,
    }


def _conditions(tenant: str, wanted: CustomerFilter) -> Iterator[Expression]:
    if wanted.made_by is not None:
        yield Customer.created_by.in_(sorted(wanted.made_by))
    if wanted.text:
        number = CustomerNumber.number
        reads = number.contains(wanted.text) | number.contains(wanted.spelling or wanted.text)
        called = CustomerNumber.select(CustomerNumber.customer).where(CustomerNumber.tenant == tenant, reads)
        named = (Customer.name, Customer.company, Customer.email)
        found = Customer.id.in_(called)
        for column in named:
            found = found | column.contains(wanted.text)
        yield found
