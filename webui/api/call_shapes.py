"""What belongs to a call's record: its channels, stays in queues, and offers."""

from pydantic import BaseModel, ConfigDict, Field

from orchestrator.domain.choice import Standing, Verdict
from orchestrator.domain.config import Strategy


class Row(BaseModel):
    """Base of what is made of a row of the database."""

    model_config = ConfigDict(from_attributes=True)


class LegOut(Row):
    """A channel of the call, as the switch measured it."""

    leg: str
    role: str
    agent: str | None
    created: int
    progress: int | None
    answered: int | None
    ended: int
    billed_ms: int
    cause: str
    hung_up: bool


class StayOut(Row):
    """A stay in a queue."""

    queue: str
    entered: int
    ended: int
    priority: int
    wait_us: int
    outcome: str
    short: bool
    within_service_level: bool
    agent: str | None


class CandidateOut(BaseModel):
    """An agent who was ready; the lowest `rank`, then `score`, is asked first, `verdict` tells why this one was not.

    The score is the moment of the last offer (round_robin) or of the beginning of idleness (longest_idle) in
    microseconds, today's answered calls times 10**13 plus the moment of the last offer in milliseconds
    (fewest_answered), or 0 (random).
    """

    agent: str
    score: int
    verdict: Verdict
    rank: int = 1


class ChoiceOut(BaseModel):
    """Why this agent: the chosen one and the first 20 ready ones, and how many of the queue's agents did what.

    `others`: up to 20 agents who were not ready, and what they were doing; empty in records of earlier versions.
    """

    strategy: Strategy
    candidates: list[CandidateOut]
    standings: dict[Standing, int]
    others: dict[str, Standing] = Field(default_factory=dict)


class OfferOut(Row):
    """An agent was asked: when, why this one, and why not taken. `choice` is null where it is not known."""

    leg: str
    queue: str
    agent: str
    offered: int
    rang: int | None
    won: int | None
    ended: int
    result: str
    cause: str
    choice: ChoiceOut | None
