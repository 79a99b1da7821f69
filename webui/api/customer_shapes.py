"""What requests about customers hold, and answers look like."""

from typing import Annotated

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field, StringConstraints

from orchestrator.database.customers import Card
from orchestrator.service.numbers import LONGEST
from webui.api.forms import NOTES, Tag
from webui.api.shapes import PRINTABLE, Input, Limit, Query, Term
from webui.customer_files import EMAIL, LIMITS
from webui.customers import LONGEST_NOTES, MOST_NUMBERS, MOST_TAGS
from webui.imports import Fate

Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PRINTABLE)]


class CustomerQuery(Query):
    """Which customers: `search` is a part of the name, company, e-mail or a number, however it is written."""

    cursor: Term | None = None
    limit: Limit = 50
    search: Term | None = None


class CustomerIn(Input):
    """What is known of a customer; numbers may be written in any way."""

    name: Annotated[Line, Field(min_length=1, max_length=LIMITS["name"])]
    company: Annotated[Line, Field(max_length=LIMITS["company"])] = ""
    email: Annotated[str, Field(max_length=LIMITS["email"], pattern=rf"^({EMAIL})?$")] = ""
    numbers: list[Annotated[str, Field(min_length=1, max_length=2 * LONGEST, pattern=PRINTABLE)]] = Field(
        default_factory=list, max_length=MOST_NUMBERS
    )
    tags: list[Tag] = Field(default_factory=list, max_length=MOST_TAGS)
    notes: str = Field(default="", max_length=LONGEST_NOTES, pattern=NOTES)

    def card(self) -> Card:
        """Return it as it is kept, numbers as they were written."""
        return Card(
            name=self.name,
            company=self.company,
            email=self.email,
            numbers=tuple(self.numbers),
            tags=tuple(dict.fromkeys(self.tags)),
            notes=self.notes,
        )


class CustomerOut(BaseModel):
    """A customer; `numbers` in their one spelling (E.164, short codes as digits)."""

    id: str
    name: str
    company: str
    email: str
    numbers: list[str]
    tags: list[str]
    notes: str
    created: int
    created_by: str
    created_by_name: str | None
    changed: int


class CustomerPage(BaseModel):
    """Customers, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[CustomerOut]
    next: str | None


class MergeIn(Input):
    """The customer who is taken over and then gone."""

    other: Term


class CustomerImportIn(Input):
    """A CSV or XLSX file with the columns name, company, numbers, e-mail, tags, notes, in Chinese or English."""

    file: UploadFile


class CustomerLineOut(BaseModel):
    """What became of a line; `reason` tells why it was refused."""

    line: int
    name: str
    result: Fate
    reason: str


class CustomerImportOut(BaseModel):
    """What became of the lines of a file."""

    added: int
    duplicates: int
    refused: int
    lines: list[CustomerLineOut]
