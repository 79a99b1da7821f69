"""What several areas of the configuration share."""

import secrets
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field, StringConstraints, model_validator

from orchestrator.database.documents import from_plain
from orchestrator.domain.config import Destination, Way
from webui.api.shapes import PRINTABLE, Input, Term

#: A name that people give.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=PRINTABLE)]
#: An id in calls, in Redis and on the switch; never changed. Without dots: they separate IVR and menu.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
#: A prompt's id, empty for none.
PromptKey = Annotated[str, Field(max_length=100, pattern=PRINTABLE)]


#: Ways that ring somebody, which may come to nothing.
OUTSIDE = (Way.NUMBER,)


class Setting(Input):
    """Base of what is configured: what was read may be written back, read-only fields are passed over."""

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _without_read_only(cls, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name not in cls.read_only}


class WithKey(BaseModel):
    """The id of something new; left out, one is made."""

    key: Key = Field(default_factory=lambda: secrets.token_hex(4))


class LastDestination(Input):
    """Where a call goes: `target` is a queue's key, `<ivr>.<menu>` or a telephone number; `prompt` is played first.

    `keep_wait` lets callers who come from another queue keep the waiting time, and with it the place in the line.
    `priority` is the least that the caller has of its own from here on, over the queue's.
    """

    way: Way
    target: Annotated[str, Field(max_length=100, pattern=PRINTABLE)] = ""
    prompt: PromptKey = ""
    keep_wait: bool = False
    priority: Annotated[int, Field(ge=0, le=99)] = 0
    caller_id: Annotated[str, Field(max_length=32, pattern=PRINTABLE)] = ""
    ring_s: Annotated[int, Field(ge=5, le=120)] | None = None

    def domain(self) -> Destination:
        """Return it without what its way has no use for."""
        values = self.model_dump()
        if self.way not in OUTSIDE:
            values.update(caller_id="", ring_s=None, otherwise=None)
        if self.way is Way.HANG_UP:
            values.update(target="", priority=0)
        if self.way is not Way.QUEUE:
            values["keep_wait"] = False
        return from_plain(Destination, values)


class DestinationShape(LastDestination):
    """Where a call goes; `otherwise` is for calls that nobody outside takes within `ring_s` seconds (null = hang up).

    `caller_id` is the owned number that is shown there, empty for the one that was dialled.
    """

    otherwise: LastDestination | None = None

    def domain(self) -> Destination:
        """Return it without what its way has no use for."""
        otherwise = self.otherwise.domain() if self.otherwise and self.way in OUTSIDE else None
        return replace(super().domain(), otherwise=otherwise)


def hang_up() -> DestinationShape:
    """Return where calls go that nothing else was said about."""
    return DestinationShape(way=Way.HANG_UP)


def unique(values: list[Term]) -> tuple[str, ...]:
    """Return values once each, in order."""
    return tuple(sorted(set(values)))
