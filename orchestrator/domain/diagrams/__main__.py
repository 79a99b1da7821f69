"""Print docs/states.md: every state machine as a diagram, drawn from its table."""

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum

from orchestrator.domain.agent import AGENT_MACHINE, RETURNS
from orchestrator.domain.call_states import CALL_MACHINE
from orchestrator.domain.consult import CONSULT_MACHINE
from orchestrator.domain.machine import Machine, State, Trigger
from orchestrator.domain.offer import OFFER_MACHINE

HEAD = """\
# The state machines

Drawn from the tables in `orchestrator/domain` by `make diagrams`; a test fails when this page is out of date.
A trigger that a state doesn't know means nothing there: it is counted and changes nothing."""


def diagram(machine: Machine[State, Trigger]) -> Iterator[str]:
    """Yield the lines of a Mermaid state diagram, in the order of the states' and triggers' definition."""
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    for (source, trigger), target in machine.table.items():
        arrows[source, target].append(trigger)
    states: list[State] = list(type(next(iter(machine.table))[0]))
    yield "stateDiagram-v2"
    yield f"    [*] --> {states[0]}"
    for source in states:
        for target in states:
            if triggers := arrows.get((source, target)):
                yield f"    {source} --> {target}: {', '.join(triggers)}"
    for state in states:
        if not any(source is state for source, _ in machine.table):
            yield f"    {state} --> [*]"


def section(machine: Machine[State, Trigger], note: str = "") -> str:
    """Return one machine's heading, note and diagram."""
    lines = [f"## {machine.name.capitalize()}", *([note] if note else [])]
    return "\n\n".join([*lines, "\n".join(["```mermaid", *diagram(machine), "```"])])


def names(triggers: tuple[StrEnum, ...]) -> str:
    """Return the triggers as code, separated by commas."""
    return ", ".join(f"`{trigger}`" for trigger in triggers)


def page() -> str:
    """Return the whole page."""
    back = f"After {names(RETURNS)} the agent is back in the state held before the call; the usual one is drawn."
    return "\n\n".join(
        [HEAD, section(AGENT_MACHINE, back), section(CALL_MACHINE), section(OFFER_MACHINE), section(CONSULT_MACHINE)]
    )


if __name__ == "__main__":
    print(page())
