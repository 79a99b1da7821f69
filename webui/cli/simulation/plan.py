"""What is simulated: how many call and answer, how they behave, what goes wrong."""

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Spans are seconds, drawn evenly; rates are shares (0-1) of rings.

    `rate` calls come in a second on average; a caller waits at most `max_wait_s` in a queue; `wrap_up_s` 0 = none.
    `kills` times, while callers come, a program is killed and started again. After `limit_s` it is enough.
    """

    seed: int
    calls: int
    rate: float
    agents: int
    talk: Span
    patience: Span
    answer_rate: float
    decline_rate: float
    wrap_up_s: int
    max_wait_s: int
    kills: int
    limit_s: float

    @property
    def coming_s(self) -> float:
        """For how long callers come, on average."""
        return self.calls / self.rate
