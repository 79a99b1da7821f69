"""The report at the end of a simulation: what came in, what became of it, and whether everything adds up."""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.domain.call_states import Outcome
from webui.cli.simulation.figures import Figures, Spread
from webui.cli.simulation.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the world was at the end: `switch` are the simulated switch's own figures (None = callers were left).

    `engaged` are calls and agents that were not over, `told` the events that were appended, `dead` jobs that failed at
    every try, `gone` programs that had ended by themselves, `killed` how often each was killed; `took_s` in seconds.
    """

    switch: dict[str, int] | None
    engaged: list[str]
    told: int
    dead: int
    gone: list[str]
    killed: dict[str, int]
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What must hold, whether it does, and the figures."""

    what: str
    holds: bool
    figures: str


def checks(ended: Ended, found: Figures) -> list[Check]:
    """Everything that must hold, whatever was killed."""
    placed, joined = (ended.switch or {}).get("placed", 0), (ended.switch or {}).get("joined", 0)
    lost = found.outcomes.get(Outcome.LOST, 0)
    connected = found.outcomes.get(Outcome.CONNECTED, 0)
    made = [
        ("all calls came in and ended in time", ended.switch is not None, f"{placed} calls"),
        ("no call was lost", lost == 0, f"{lost} lost"),
        ("every call has one record", placed == found.records == found.calls, f"{found.records} records"),
        ("whom the switch joined is answered", joined == connected, f"{joined} joined, {connected} answered"),
        ("no call and no agent is stuck", not ended.engaged, ", ".join(ended.engaged[:5]) or "none"),
        ("every event is stored", ended.told == found.events, f"{found.events} of {ended.told}"),
        ("the state log has no gap and no overlap", found.breaks == 0, f"{found.breaks} breaks"),
        ("every answered caller is charged", found.uncharged == 0, f"{found.uncharged} uncharged"),
        ("charges are what the balance moved by", found.charged == found.moved, f"{found.charged} {found.moved}"),
        ("no background job failed", ended.dead == 0, f"{ended.dead} failed"),
        ("no program ended by itself", not ended.gone, ", ".join(ended.gone) or "none"),
    ]
    return [Check(what=what, holds=holds, figures=figures) for what, holds, figures in made]


def lines(plan: Plan, ended: Ended, found: Figures) -> Iterator[str]:
    """Write the report, a line each."""
    load = f"{plan.calls} calls at {plan.rate:g} a second, {plan.agents} agents"
    yield f"Simulation with seed {plan.seed}: {load}; it took {ended.took_s:.0f} s"
    switch = ended.switch or {}
    yield f"  {'came in':<12} {switch.get('placed', 0):>7}   at most {switch.get('peak', 0)} legs at a time"
    for outcome in Outcome:
        if outcome in (Outcome.CONNECTED, Outcome.LOST) or found.outcomes.get(outcome):
            count = found.outcomes.get(outcome, 0)
            yield f"  {_name(outcome):<12} {count:>7}   {count / max(1, found.records):.1%}"
    yield from _times("waited", found.wait)
    yield from _times("phone rings", found.ring)
    asked = ", ".join(f"{count} {_name(result)}" for result, count in sorted(found.offers.items()))
    yield f"  {'asked':<12} {sum(found.offers.values()):>7}   {asked or 'nobody'}"
    yield f"  {'events':<12} {found.events:>7}   {found.events / max(1.0, ended.took_s):.0f} a second"
    killed = ", ".join(f"{name} {count}" for name, count in sorted(ended.killed.items()))
    yield f"  {'killed':<12} {sum(ended.killed.values()):>7}   {killed or 'nothing'}"


def verdicts(made: list[Check]) -> Iterator[str]:
    """Write the checks, a line each."""
    for check in made:
        yield f"  {'ok    ' if check.holds else 'FAILED'} {check.what} ({check.figures})"


def _times(name: str, spread: Spread | None) -> Iterator[str]:
    if spread:
        rest = f"95 % within {spread.p95:.2f} s, the longest {spread.most:.2f} s"
        yield f"  {name:<12} {spread.average:>7.2f} s on average, {rest}"


def _name(value: str) -> str:
    return value.replace("_", " ")
