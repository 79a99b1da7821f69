"""The lines of a report: whose they are, and what each is of (REP-1)."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from orchestrator.database.call_records import CallFilter
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.reports import Dimension
from orchestrator.exports.report_lines import NOBODY, members_of
from webui.identity import tenant
from webui.services import services


def members(agents: Sequence[str], groups: Collection[str]) -> tuple[str, ...]:
    """Return those of the agents (empty = all) who are in the groups (empty = any or none), empty = all."""
    return members_of(agents, groups, services().names.groups(tenant()) if groups else {})


def both(agents: tuple[str, ...], some: Collection[str]) -> tuple[str, ...]:
    """Return those of the agents (empty = all) who are among `some`, never empty."""
    return tuple(agent for agent in agents or sorted(some) if agent in some) or NOBODY


def narrowed(wanted: ReportFilter, by: Dimension, key: str | None) -> ReportFilter:
    """Return what one line of a report is of; without a key, all lines."""
    line = of_line(CallFilter(queues=wanted.queues, agents=wanted.agents, numbers=wanted.numbers), by, key)
    return replace(
        wanted,
        queues=line.queues or (),
        agents=line.agents or (),
        numbers=line.numbers or (),
        tag=line.tag or None,
        tagged=line.tag == "",
        keyed=line.keyed,
    )


def of_line(wanted: CallFilter, by: Dimension, key: str | None) -> CallFilter:
    """Return the calls of one line of a report; without a key, of all lines."""
    match by:
        case Dimension.QUEUE if key:
            return replace(wanted, queues=(key,))
        case Dimension.AGENT if key:
            return replace(wanted, agents=both(wanted.agents or (), {key}))
        case Dimension.GROUP if key:
            return replace(wanted, agents=both(wanted.agents or (), _in({key})))
        case Dimension.NUMBER if key:
            return replace(wanted, numbers=(key,))
        case Dimension.TAG:
            return replace(wanted, tag=key or "")
        case Dimension.GROUP:
            return replace(wanted, agents=both(wanted.agents or (), _in(_groups())))
        case _:
            return replace(wanted, keyed=by)


def _groups() -> set[str]:
    return {group for group in services().names.groups(tenant()).values() if group}


def _in(groups: Collection[str]) -> set[str]:
    return {agent for agent, group in services().names.groups(tenant()).items() if group in groups}
