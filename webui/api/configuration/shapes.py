"""What several areas of the configuration share."""

import secrets
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from orchestrator.domain.config import RINGING_WAYS, Destination, Way
from webui.api.shapes import PRINTABLE, Input, Term

#: A name that people give.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=PRINTABLE)]
#: An id in calls, in Redis and on the switch; never changed. Without dots: they separate IVR and menu.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
#: A prompt's id, empty for none.
PromptKey = Annotated[str, Field(max_length=100, pattern=PRINTABLE)]

#: A call that is not taken is sent on at most so often by one destination.
LINKS = 3


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


#: Ways that lead to one place only, in which nobody waits.
NOWHERE_ELSE = (Way.HANG_UP, Way.SERVICE)


class DestinationShape(Input):
    """Where a call goes, and what is played first.

    `target` is a queue's or an agent's key, `<ivr>.<menu>` or a telephone number. `keep_wait` lets callers who come
    from another queue keep the waiting time, and with it the place in the line. `priority` is the least that the caller
    has of its own from here on, over the queue's. `otherwise` is for calls not taken by whoever is rung for `ring_s`
    seconds (null = hang up), three times at most. `caller_id` is the owned number that is shown to a telephone outside,
    empty for the one that was dialled.
    """

    way: Way
    target: Annotated[str, Field(max_length=100, pattern=PRINTABLE)] = ""
    prompt: PromptKey = ""
    keep_wait: bool = False
    priority: Annotated[int, Field(ge=0, le=99)] = 0
    caller_id: Annotated[str, Field(max_length=32, pattern=PRINTABLE)] = ""
    ring_s: Annotated[int, Field(ge=5, le=120)] | None = None
    otherwise: "DestinationShape | None" = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self._links() > LINKS:
            raise PydanticCustomError("too_many_links", "at most {links} times", {"links": LINKS})
        return self

    def _links(self) -> int:
        return 1 + self.otherwise._links() if self.otherwise else 0

    def domain(self) -> Destination:
        """Return it without what its way has no use for."""
        rings = self.way in RINGING_WAYS
        return Destination(
            way=self.way,
            target="" if self.way in NOWHERE_ELSE else self.target,
            prompt=self.prompt,
            keep_wait=self.keep_wait and self.way is Way.QUEUE,
            priority=0 if self.way in NOWHERE_ELSE else self.priority,
            caller_id=self.caller_id if self.way is Way.NUMBER else "",
            ring_s=self.ring_s if rings else None,
            otherwise=self.otherwise.domain() if self.otherwise and rings else None,
        )


def hang_up() -> DestinationShape:
    """Return where calls go that nothing else was said about."""
    return DestinationShape(way=Way.HANG_UP)


def unique(values: list[Term]) -> tuple[str, ...]:
    """Return values once each, in order."""
    return tuple(sorted(set(values)))
