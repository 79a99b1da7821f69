"""A promise to call a caller back: the call keeps its place in the line, and nobody holds the line (QUEUE-5)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRule:
    """How a queue calls back (QUEUE-5): whoever presses `key` while waiting hears `prompt` and may hang up.

    The customer is rung for `ring_s` (10-120) once an agent is on the line, up to `tries` times (1-10), with a pause
    of `retry_s` (60-86400); what has not come about `expires_h` hours (1-168) after the promise is given up.

    With a `number_prompt` callers are asked for the number first, which is read to them, followed by `confirm_prompt`:
    1 takes it, 2 asks again. After a number that is none they hear `invalid_prompt`, after one that must not be called
    `refused_prompt`. Who keys in none is called back on the number he calls from.
    """

    key: str = "1"
    prompt: str = ""
    ring_s: int = 30
    tries: int = 3
    retry_s: int = 900
    expires_h: int = 24
    number_prompt: str = ""
    confirm_prompt: str = ""
    invalid_prompt: str = ""
    refused_prompt: str = ""

    @property
    def prompts(self) -> tuple[str, ...]:
        """All prompts that it may play (ids, empty for none)."""
        return self.prompt, self.number_prompt, self.confirm_prompt, self.invalid_prompt, self.refused_prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What the live call knows of it. Times are microseconds UTC.

    `number` is rung, showing `caller_id`; `tries` counts how often it was. `leg` is the customer's channel while it is
    rung or talked on, `ring_due` when it must have answered; `again` is when the call is back in the line after a try
    that reached nobody.
    """

    number: str
    caller_id: str
    promised: int
    tries: int = 0
    leg: str | None = None
    ring_due: int | None = None
    again: int | None = None

    def due(self, limit: int | None) -> int | None:
        """Return when the ringing, or the rest, is over; `limit` is when the promise expires (us)."""
        return self.ring_due or min((t for t in (self.again, limit) if t is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPromise:
    """A promise that was not kept yet, with what the call was before it. Times are microseconds UTC.

    `dialled` is the number that the caller called, `number` the one to ring. `next`: a supervisor wants it called next.
    """

    call: str
    switch: str
    caller: str
    caller_name: str
    dialled: str
    arrived: int
    queue: str
    priority: int
    number: str
    caller_id: str
    promised: int
    entered: int
    expires: int
    tries: int
    next: bool
