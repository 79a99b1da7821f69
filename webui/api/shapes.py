"""What requests hold and answers look like, as far as several areas share it."""

from typing import Annotated, Any, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestrator.domain.agent import Unreached
from orchestrator.domain.monitor import Colleague, LiveCall, QueueRow, SeatRow


class Input(BaseModel):
    """Base of request bodies: fields that don't exist are refused, so a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class Query(Input):
    """Base of query strings. A list is the parameter repeated: `?agent=a1&agent=a2`."""

    @model_validator(mode="before")
    @classmethod
    def _repeated(cls, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        lists = [name for name, field in cls.model_fields.items() if get_origin(field.annotation) is list]
        aliases = {cls.model_fields[name].alias or name for name in lists}
        return {**data, **{name: request.args.getlist(name) for name in aliases if name in data}}


#: Text without control characters: databases and switches choke on some of them.
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
#: An id, a number, a key: what people enter to find something.
Term = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
#: Microseconds UTC, up to the year 2255, which JavaScript still holds exactly.
Moment = Annotated[int, Field(ge=0, le=9_007_199_254_740_991)]
Limit = Annotated[int, Field(ge=1, le=200)]


class SeatBoardOut(BaseModel):
    """The seat board at one moment."""

    sequence: int
    now: int
    rows: list[SeatRow]


class QueueBoardOut(BaseModel):
    """The queue board at one moment."""

    sequence: int
    now: int
    rows: list[QueueRow]


class ColleaguesOut(BaseModel):
    """All agents as other agents see them: `ready` tells whether a call would ring there now."""

    sequence: int
    now: int
    rows: list[Colleague]


class OwnSeatOut(BaseModel):
    """An agent's own seat: `chosen` is the state held before the call, `due` when wrap-up ends by itself.

    `unreached` is the last own call that came to nothing: how (an outcome), and the switch's cause.
    `page` is the id of the page that has the web phone, empty for other phones.
    """

    now: int
    row: SeatRow
    chosen: str
    due: int | None
    call: LiveCall | None
    unreached: Unreached | None = None
    page: str


class Name(BaseModel):
    """An id and what people call it."""

    id: str
    name: str


class Names(BaseModel):
    """Names for filters and lists."""

    items: list[Name]
