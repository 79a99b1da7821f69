"""Adding a report up, wherever it is wanted: on a page, as a file, by e-mail (REP-1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orchestrator.database.reports import ReportFilter, slices
from orchestrator.database.work_time import work_by_slice
from orchestrator.domain.reports import Dimension, Slice, Step, Tally, fold

#: No agent has this id: of nobody, where empty means all.
NOBODY = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a report is laid out: steps of local time, of whom each line is, and each agent's group."""

    step: Step
    by: Dimension
    zone: ZoneInfo
    groups: Mapping[str, str]


def added_up(
    tenant: str, wanted: ReportFilter, layout: Layout, now: int
) -> tuple[Mapping[tuple[int, str], Tally], Tally]:
    """Return the lines in order, and all of them together; what lasts still lasts until `now` (us UTC)."""
    by_tag = layout.by is Dimension.TAG

    def found() -> Iterator[Slice]:
        yield from slices(tenant, wanted, by_tag=by_tag)
        if _at_work(wanted, layout.by):
            yield from work_by_slice(tenant, wanted, now)

    lines = dict(sorted(fold(found(), layout.step, layout.zone, layout.by, layout.groups).items()))
    if by_tag:
        return lines, sum((piece.tally for piece in slices(tenant, wanted)), Tally())
    return lines, sum(lines.values(), Tally())


def members_of(agents: Sequence[str], some: Collection[str], groups: Mapping[str, str]) -> tuple[str, ...]:
    """Return those of the agents (empty = all) who are in some groups (empty = any or none); nobody is NOBODY."""
    if not some:
        return tuple(agents)
    inside = {agent for agent, group in groups.items() if group in some}
    return tuple(agent for agent in agents or sorted(inside) if agent in inside) or NOBODY


def _at_work(wanted: ReportFilter, by: Dimension) -> bool:
    """Tell whether occupancy means anything: agents wait for all their queues and numbers at once."""
    of_calls = wanted.queues or wanted.numbers or wanted.dispositions or wanted.tags
    return not of_calls and by not in (Dimension.QUEUE, Dimension.NUMBER, Dimension.TAG)
