"""A channel as a switch describes it when asked."""

from dataclasses import dataclass

#: So much of a step's id names its question on the channel: names are short, each event repeats them.
NAMED = 8


def question_name(step: str) -> str:
    """Name the question of a step."""
    return step[:NAMED]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSeen:
    """One live channel with the marks we left on it. Times microseconds UTC, 0 = never.

    `sound` is what it plays if it is `playing`; `conferring`: it is in a conference. `question` names the latest
    question (`question_name` of its step): it is still `asking`, or over and `key` is what was pressed, right or wrong.
    `transfer_to` is the number that an agent's telephone has transferred it to (REFER).
    `called` is the number outside that it was made to, in its one spelling, empty where it costs nothing.
    `recording` and `masked` are the marks of its recording (`CallRecording.marks`).
    `dialling` tells that the channel rings another one, or talks to it since; `disposition` how the last ringing ended.
    """

    leg: str
    role: str = ""
    tenant: str = ""
    call: str = ""
    agent: str = ""
    queue: str = ""
    state: str = ""
    entered: int = 0
    priority: int = 0
    inbound: bool = False
    ours: bool = True
    answered: int = 0
    created: int = 0
    parked: bool = False
    rings: bool = False
    bridged: bool = False
    playing: bool = False
    sound: str = ""
    asking: bool = False
    question: str = ""
    key: str = ""
    conferring: bool = False
    dialling: bool = False
    disposition: str = ""
    caller: str = ""
    caller_name: str = ""
    number: str = ""
    called: str = ""
    recording: str = ""
    masked: int | None = None
    transfer_to: str = ""

    @property
    def is_caller(self) -> bool:
        """Tell whether this is a customer's channel, which the dialplan parked for us or an agent has called."""
        return (self.inbound and self.role != "agent" and self.ours) or self.role == "customer"

    def asks(self, step: str) -> bool:
        """Tell whether the question of this step is being asked."""
        return self.asking and bool(step) and self.question == question_name(step)

    def answers(self, step: str) -> bool:
        """Tell whether the question of this step is over, answered or not."""
        return not self.asking and bool(step) and self.question == question_name(step)
