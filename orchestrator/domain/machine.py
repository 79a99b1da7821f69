"""One table per state machine: which trigger leads from which state to which other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)
Trigger = TypeVar("Trigger", bound=StrEnum)


class IllegalTransitionError(Exception):
    """The trigger means nothing in this state; nothing was changed."""

    def __init__(self, machine: str, state: str, trigger: str) -> None:
        super().__init__(f"{machine}: {trigger} means nothing in state {state}")
        self.machine, self.state, self.trigger = machine, state, trigger


@dataclass(frozen=True)
class Machine(Generic[State, Trigger]):
    """A named transition table; the diagrams in docs/ are drawn from it."""

    name: str
    table: Mapping[tuple[State, Trigger], State]

    def allows(self, state: State, trigger: Trigger) -> bool:
        """Tell whether the trigger means anything in the state."""
        return (state, trigger) in self.table

    def next(self, state: State, trigger: Trigger) -> State:
        """Return the state after the trigger, or raise IllegalTransitionError."""
        try:
            return self.table[state, trigger]
        except KeyError:
            raise IllegalTransitionError(self.name, state, trigger) from None
