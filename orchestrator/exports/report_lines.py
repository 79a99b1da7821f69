"""Adding a report up, wherever it is wanted: on a page, as a file, by e-mail (REP-1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from orchestrator.database.report_sums import TAGGED, Asked, asked_of, cover, summed
from orchestrator.database.reports import ReportFilter, slices, within_threshold
from orchestrator.database.work_time import work_by_slice
from orchestrator.domain.report_sums import Span, minus
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
    asked = asked_of(wanted, layout.by, layout.groups)
    found = _pieces(tenant, wanted, layout, asked, now)
    lines = dict(sorted(fold(found, layout.step, layout.zone, layout.by, layout.groups).items()))
    if layout.by is not Dimension.TAG:
        return lines, sum(lines.values(), Tally())
    whole = replace(layout, by=Dimension.TOTAL)
    tagged = _pieces(tenant, replace(wanted, tagged=True), whole, asked and Asked(TAGGED), now)
    return lines, sum((piece.tally for piece in tagged), Tally())


def _pieces(tenant: str, wanted: ReportFilter, layout: Layout, asked: Asked | None, now: int) -> Iterator[Slice]:
    """Yield what sums that hold answer, and the rest from the records."""
    span = Span(wanted.since, wanted.until)
    rest = [span]
    if asked is not None:
        found = cover(tenant, span, layout.step, layout.zone, asked)
        rest = found.rest
        sums = summed(tenant, asked, found, layout.step, layout.zone)
        if wanted.threshold_us is None:
            yield from sums
        else:
            yield from (replace(piece, tally=replace(piece.tally, within=0)) for piece in sums)
            for piece in minus([span], rest):
                yield from within_threshold(tenant, _in(wanted, piece), layout.by)
    for piece in rest:
        yield from from_records(tenant, _in(wanted, piece), layout.by, now)


def from_records(tenant: str, wanted: ReportFilter, by: Dimension | None, now: int) -> Iterator[Slice]:
    """Yield what the records add up to, by quarters of an hour; what lasts still lasts until `now` (us UTC).

    `by` is what lines will be of, None: queue, agent and number.
    """
    yield from slices(tenant, wanted, by)
    if not wanted.tagged and _at_work(wanted, by):
        yield from work_by_slice(tenant, wanted, now)


def _in(wanted: ReportFilter, span: Span) -> ReportFilter:
    return replace(wanted, since=span.since, until=span.until)


def members_of(agents: Sequence[str], some: Collection[str], groups: Mapping[str, str]) -> tuple[str, ...]:
    """Return those of the agents (empty = all) who are in some groups (empty = any or none); nobody is NOBODY."""
    if not some:
        return tuple(agents)
    inside = {agent for agent, group in groups.items() if group in some}
    return tuple(agent for agent in agents or sorted(inside) if agent in inside) or NOBODY


def _at_work(wanted: ReportFilter, by: Dimension | None) -> bool:
    """Tell whether occupancy means anything: agents wait for all their queues and numbers at once."""
    of_calls = wanted.queues or wanted.numbers or wanted.dispositions or wanted.tags
    return not of_calls and by not in (Dimension.QUEUE, Dimension.NUMBER, Dimension.TAG)
