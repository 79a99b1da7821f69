"""Random histories counted by hand: what reports are compared with (REP-1)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestrator.domain.agent import AgentState
from orchestrator.domain.events import AgentChanged
from orchestrator.domain.reports import Step
from tests.workers.histories import GROUPS, MINUTE, History, Hit, S, given


def label(at: int, step: Step, zone: ZoneInfo) -> str:
    """Name the stretch of time that a moment is in, as a calendar on the wall would."""
    local = datetime.fromtimestamp(at // S, UTC).astimezone(zone)
    match step:
        case Step.HOUR:
            return local.strftime("%Y-%m-%d %H %z")
        case Step.WEEK:
            return "{}-W{}".format(*local.isocalendar())
        case _:
            return local.strftime("%Y-%m-%d" if step is Step.DAY else "%Y-%m")


def keys_of(made: History, hit: Hit, by: str) -> Sequence[str]:
    """Return the lines that a hit is in."""
    tags = {tag for _, some in made.tags.get(hit.call, ()) for tag in some}
    lines = {
        "total": [""],
        "queue": [hit.queue],
        "agent": [hit.agent],
        "group": [GROUPS.get(hit.agent or "")],
        "number": [hit.number],
        "tag": sorted(tags),
    }[by]
    return [line for line in lines if line or by == "total"]  # type: ignore[misc]


def has_written(made: History, call: str, dispositions: Sequence[str], tags: Sequence[str]) -> bool:
    """Tell whether agents gave a call any of the dispositions, and any of the tags (empty = any or none)."""
    forms = made.tags.get(call, ())
    said = not dispositions or any(given(call, agent) in dispositions for agent, _ in forms)
    return said and (not tags or any(tag in tags for _, some in forms for tag in some))


def recount(
    made: History, hits: Sequence[Hit], by: str, step: Step, zone: ZoneInfo
) -> dict[tuple[str, str], dict[str, int]]:
    """Add hits up by the stretch of time and the line, leaving out what is nought."""
    lines: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for hit in hits:
        for key in keys_of(made, hit, by):
            if hit.by:
                lines[label(hit.at, step, zone), key][hit.name] += hit.by
    return {line: dict(sums) for line, sums in lines.items()}


def work_of(made: History) -> Iterator[Hit]:
    """Yield the agents' time in calls and wrap-up, and waiting, minute by minute, from their changes."""
    since: dict[str, tuple[AgentState, int]] = {}
    for event in [*made.events]:
        if not isinstance(event, AgentChanged):
            continue
        state, begun = since.get(event.agent.id, (AgentState.OFFLINE, event.at))
        since[event.agent.id] = (event.agent.state, event.at)
        yield from _minutes(event.agent.id, state, begun, event.at)
    for agent, (state, begun) in since.items():
        yield from _minutes(agent, state, begun, made.now)


def _minutes(agent: str, state: AgentState, begun: int, over: int) -> Iterator[Hit]:
    name = {AgentState.IN_CALL: "working_us", AgentState.WRAP_UP: "working_us", AgentState.ONLINE: "ready_us"}.get(
        state
    )
    while name and begun < over:
        end = min(over, begun // MINUTE * MINUTE + MINUTE)
        yield Hit(name, begun, end - begun, None, agent, "", "")
        begun = end
