"""A company whose history comes to the database in whatever way, and its reports beside a recount (REP-1)."""

from dataclasses import asdict
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from orchestrator.database.call_forms import write_form
from orchestrator.database.connection import bound_database
from orchestrator.database.models import TABLES, Tenant
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.agent import AgentState
from orchestrator.domain.forms import FormContent
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import Dimension, Step, Tally
from orchestrator.exports.report_lines import Layout, added_up
from orchestrator.store.codec import event_to_json
from tests.workers.histories import AGENTS, DISPOSITIONS, GROUPS, HOUR, QUEUES, TAGS, History, S, given, history
from tests.workers.recounts import has_written, label, recount, work_of
from workers.jobs import write_events
from workers.report_sums import sum_up

DAY = 24 * HOUR
ALL = Span(0, 2**62)

Lines = dict[tuple[str, str], dict[str, int]]


def random_history(seed: int, day: str, length: int = 8) -> History:
    made = history(Random(seed), int(datetime.fromisoformat(day).timestamp()) * S, length)
    made.call = ""
    for agent in AGENTS:
        made.state(agent, AgentState.OFFLINE)
    return made


class Company:
    """A company whose history comes to the database in whatever way."""

    def __init__(self, made: History, zone: str) -> None:
        self.made, self.zone = made, ZoneInfo(zone)
        for table in reversed(TABLES):
            table.delete().execute()
        Tenant.create(id="t", name="T", break_reasons=[], timezone=zone)
        self.batches = [[f"{n + 1}-0", n + 1, event_to_json(event)] for n, event in enumerate(made.events)]

    def write(self, since: int, until: int) -> None:
        """Have some events written, as the workers do."""
        write_events("t", self.batches[since:until])

    def write_all(self) -> None:
        """Have everything written, tags too."""
        self.write(0, len(self.batches))
        for call in self.made.tags:
            self.tag(call)

    def tag(self, call: str) -> None:
        """Agents write their tags of a call."""
        for agent, tags in self.made.tags[call]:
            with bound_database().atomic():
                write_form("t", call, agent, FormContent(disposition=given(call, agent), tags=tags), saved=1, closed=1)

    def sum_up(self, now: int | None = None, budget_s: float = 1000) -> None:
        """Have the job add up."""
        sum_up("t", now or self.made.now + 2 * DAY, budget_s)

    def lines(self, by: Dimension, step: Step, span: Span = ALL, **some: tuple[str, ...]) -> tuple[Lines, Tally]:
        """Return a report's lines, without what is nought, and its total; of `some` queues and agents."""
        wanted = ReportFilter(since=span.since, until=span.until, tagged=by is Dimension.TAG, **some)  # type: ignore[arg-type]
        layout = Layout(step=step, by=by, zone=self.zone, groups=GROUPS)
        found, total = added_up("t", wanted, layout, self.made.now)
        named = {(label(at, step, self.zone), key): asdict(tally) for (at, key), tally in found.items()}
        plain = {line: {name: one for name, one in sums.items() if one} for line, sums in named.items()}
        return {line: sums for line, sums in plain.items() if sums}, total

    def expect(self, by: Dimension, step: Step) -> Lines:
        """Return what a recount says."""
        hits = list(self.made.hits)
        if by in (Dimension.TOTAL, Dimension.AGENT, Dimension.GROUP):
            hits += work_of(self.made)
        return recount(self.made, hits, by.value, step, self.zone)

    def expect_pairs(self, by: Dimension, step: Step, queues: tuple[str, ...], agents: tuple[str, ...]) -> Lines:
        """Return what a recount says of some queues and some agents (empty = all) together."""
        hits = [
            hit for hit in self.made.hits if (hit.queue in queues or not queues) and (hit.agent in agents or not agents)
        ]
        return recount(self.made, hits, by.value, step, self.zone)

    def all_lines(self) -> dict[tuple[Dimension, Step], Lines]:
        """Return the lines of every report by one thing."""
        return {(by, step): self.lines(by, step)[0] for by in Dimension for step in Step}

    def check(self, *steps: Step) -> None:
        """Compare every line of every dimension."""
        for by in Dimension:
            for step in steps or Step:
                assert self.lines(by, step)[0] == self.expect(by, step), (by, step)
        for step in steps or Step:
            self.check_pairs(step)
        for dispositions, tags in (
            (DISPOSITIONS[:1], ()),
            ((), TAGS[:1]),
            (DISPOSITIONS[:2], ()),
            (DISPOSITIONS, TAGS[:1]),
        ):
            self.check_written((steps or list(Step))[0], ALL, dispositions, tags)

    def check_one_written(self, step: Step, span: Span = ALL) -> None:
        """Compare the lines of calls with one disposition, and of those with one tag."""
        for disposition in DISPOSITIONS:
            self.check_written(step, span, (disposition,), ())
        for tag in TAGS:
            self.check_written(step, span, (), (tag,))

    def check_written(self, step: Step, span: Span, dispositions: tuple[str, ...], tags: tuple[str, ...]) -> None:
        """Compare the lines of calls with any of some dispositions, and any of some tags (empty = any or none)."""
        found = self.lines(Dimension.TOTAL, step, span, dispositions=dispositions, tags=tags)[0]
        hits = [hit for hit in self.made.hits if has_written(self.made, hit.call, dispositions, tags)]
        assert found == recount(self.made, hits, "total", step, self.zone), (step, dispositions, tags)

    def check_pairs(self, step: Step, span: Span = ALL) -> None:
        """Compare the lines of questions about queues and agents together."""
        one, other, two = QUEUES[:1], QUEUES[1:], AGENTS[:2]
        for by, queues, agents in (
            (Dimension.AGENT, one, ()),
            (Dimension.GROUP, one, ()),
            (Dimension.AGENT, other, two),
            (Dimension.QUEUE, (), two),
            (Dimension.QUEUE, other, two),
            (Dimension.TOTAL, one, two),
        ):
            found = self.lines(by, step, span, queues=queues, agents=agents)[0]
            assert found == self.expect_pairs(by, step, queues, agents), (by, step, queues, agents)
