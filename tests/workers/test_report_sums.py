"""Reports that were added up ahead equal a recount of everything, whatever came late, twice or was killed (REP-1)."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from orchestrator.database.call_forms import write_form
from orchestrator.database.connection import bound_database
from orchestrator.database.models import (
    TABLES,
    CallRecord,
    ReportMark,
    ReportPeriod,
    ReportSum,
    Tenant,
    VoicemailRow,
)
from orchestrator.database.report_sums import Asked, cover
from orchestrator.database.reports import ReportFilter
from orchestrator.database.retention import Kept, Retention, RetentionArea
from orchestrator.domain.agent import AgentState
from orchestrator.domain.forms import FormContent
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import Dimension, Step, Tally
from orchestrator.exports import report_limits, report_lines
from orchestrator.exports.report_limits import TooMuch, too_much
from orchestrator.exports.report_lines import Layout, added_up
from orchestrator.store.codec import event_to_json
from tests.workers.histories import AGENTS, GROUPS, HOUR, History, S, history
from tests.workers.recounts import label, recount, work_of
from workers import report_sums
from workers.jobs import write_events
from workers.report_sums import sum_up
from workers.retention import keep_days

#: Before days on which clocks change: Berlin in spring and autumn, Lord Howe (by half an hour); and an ordinary one.
DAYS = ("2026-03-28T22:00+00:00", "2026-10-24T21:00+00:00", "2026-04-04T10:00+00:00", "2026-06-30T15:00+00:00")
ZONES = ("Europe/Berlin", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe")
DAY = 24 * HOUR
ALL = Span(0, 2**62)

RANDOM = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)

Lines = dict[tuple[str, str], dict[str, int]]


def _history(seed: int, day: str) -> History:
    made = history(Random(seed), int(datetime.fromisoformat(day).timestamp()) * S, 8)
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
        for call, at, queue in made.messages:
            VoicemailRow.create(tenant="t", recording=call, call=call, queue=queue, at=at)

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
                write_form("t", call, agent, FormContent(notes="", disposition="", tags=tags), saved=1, closed=1)

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

    def check_pairs(self, step: Step, span: Span = ALL) -> None:
        """Compare the lines of questions about queues and agents together."""
        one, two = ("q1",), AGENTS[:2]
        for by, queues, agents in (
            (Dimension.AGENT, one, ()),
            (Dimension.GROUP, one, ()),
            (Dimension.AGENT, one, two),
            (Dimension.QUEUE, (), two),
            (Dimension.QUEUE, one, two),
            (Dimension.TOTAL, one, two),
        ):
            found = self.lines(by, step, span, queues=queues, agents=agents)[0]
            assert found == self.expect_pairs(by, step, queues, agents), (by, step, queues, agents)


@RANDOM
@given(seed=st.integers(0, 10**6), day=st.sampled_from(DAYS), zone=st.sampled_from(ZONES), data=st.data())
def test_sums_equal_a_recount_whatever_comes_late(
    database: Database,  # noqa: ARG001
    seed: int,
    day: str,
    zone: str,
    data: st.DataObject,
) -> None:
    """REP-1: events in any order of batches, twice, forms edited later, sums made at any time between."""
    made = _history(seed, day)
    company = Company(made, zone)
    length = len(company.batches)
    first, second = sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length))))
    happenings: list[Callable[[], None]] = [
        lambda: company.write(0, first),
        lambda: company.write(first, second),
        lambda: company.write(second, length),
        lambda: company.write(0, length),
        *(lambda call=call: company.tag(call) for call in sorted(made.tags)),
    ]
    for happening in data.draw(st.permutations(happenings)):
        happening()
        if data.draw(st.booleans()):
            now = data.draw(st.sampled_from((made.events[0].at + DAY, made.now, made.now + DAY)))
            company.sum_up(now, data.draw(st.sampled_from((0, 1000))))
    company.check(data.draw(st.sampled_from(Step)))
    company.sum_up()
    company.check(data.draw(st.sampled_from(Step)))


def test_whole_days_come_from_sums_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: once everything is added up no record is read; what is marked is read again, and added up once more."""
    company = Company(_history(5, DAYS[0]), "Europe/Berlin")
    company.write_all()
    company.sum_up()
    assert ReportMark.select().where(ReportMark.since < company.made.now).count() == 0

    days = list(ReportPeriod.select().where(ReportPeriod.step == "day").order_by(ReportPeriod.since))
    whole = Span(days[0].since, days[-1].until)
    with monkeypatch.context() as context:
        context.setattr(report_lines, "from_records", _refuse)
        for by in Dimension:
            for step in Step:
                assert company.lines(by, step, whole)[0] == company.expect(by, step), (by, step)
        for step in (Step.DAY, Step.WEEK, Step.MONTH):
            company.check_pairs(step, whole)

    [record, *_] = CallRecord.select().order_by(CallRecord.id)
    with bound_database().atomic():
        write_form("t", record.call, "a9", FormContent(notes="", disposition="", tags=("new",)), saved=1, closed=1)
    assert cover("t", whole, Step.HOUR, company.zone, Asked(Dimension.TOTAL.value)).rest
    company.sum_up()
    assert not cover("t", whole, Step.HOUR, company.zone, Asked(Dimension.TOTAL.value)).rest
    assert {key for _, key in company.lines(Dimension.TAG, Step.MONTH, whole)[0]} >= {"new"}


@pytest.mark.parametrize("step", [Step.HOUR, Step.DAY])
def test_too_many_lines_are_known_before_they_are_added_up(database: Database, step: Step) -> None:  # noqa: ARG001
    """REP-1: of what is added up ahead, by time and by whom, exactly; of what isn't, nothing is said."""
    company = Company(_history(5, DAYS[0]), "Europe/Berlin")
    company.write_all()
    wanted = ReportFilter(since=0, until=company.made.now + 2 * DAY)
    layout = Layout(step=step, by=Dimension.AGENT, zone=company.zone, groups={})
    many = len(added_up("t", wanted, layout, company.made.now)[0])
    assert many > 1
    assert too_much("t", wanted, layout, 1) is None
    company.sum_up()
    assert too_much("t", wanted, layout, many - 1) is TooMuch.LINES
    assert too_much("t", wanted, layout, many) is None
    assert too_much("t", wanted, layout) is None


def test_more_calls_than_anybody_waits_for_are_not_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: not what sums have; what they never have, and what they don't have yet, are told apart."""
    company = Company(_history(5, DAYS[0]), "Europe/Berlin")
    company.write_all()
    monkeypatch.setattr(report_limits, "MOST_CALLS", CallRecord.select().count() - 1)

    def why(step: Step = Step.DAY, **some: object) -> TooMuch | None:
        wanted = ReportFilter(since=0, until=company.made.now + 2 * DAY, **some)  # type: ignore[arg-type]
        return too_much("t", wanted, Layout(step=step, by=Dimension.AGENT, zone=company.zone, groups={}))

    assert [why(), why(queues=("q1",)), why(Step.HOUR, queues=("q1",))] == [
        TooMuch.UNDER_WAY, TooMuch.UNDER_WAY, TooMuch.CALLS,
    ]  # fmt: skip
    company.sum_up()
    assert [why(), why(queues=("q1",)), why(tags=("vip",))] == [None, None, TooMuch.CALLS]
    assert why(threshold_us=S) is None
    monkeypatch.setattr(report_limits, "OF_THRESHOLD", 1)
    assert why(threshold_us=S) is TooMuch.CALLS


def _refuse(*_: object) -> None:
    raise AssertionError("read from the records")


def test_who_is_killed_leaves_marks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: killed while the sums of a day are written: none of them is there, and reports stay right."""
    company = Company(_history(11, DAYS[1]), "Europe/Berlin")
    company.write_all()
    with monkeypatch.context() as context:
        context.setattr(report_sums, "_write_day", _die)
        with pytest.raises(KeyboardInterrupt):
            company.sum_up()
    assert ReportSum.select().count() == 0
    assert ReportMark.select().count() > 0
    company.check(Step.DAY)
    company.sum_up()
    company.check(Step.DAY)
    assert ReportSum.select().count() > 0


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_written_meanwhile_is_not_lost(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: events come, and another job adds them up, while a job has already read the records of that day."""
    company = Company(_history(17, DAYS[3]), "Asia/Kathmandu")
    half = len(company.batches) // 2
    company.write(0, half)
    read = report_sums._added_up

    def slow(*arguments: object) -> object:
        found = read(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(report_sums, "_added_up", read)
        company.write_all()
        company.sum_up()
        return found

    monkeypatch.setattr(report_sums, "_added_up", slow)
    company.sum_up()
    company.check(Step.HOUR)
    company.sum_up()
    company.check(Step.DAY)


@pytest.mark.parametrize("kind", [Kept.CALLS, Kept.STATES])
def test_what_is_deleted_by_age_is_in_no_sum(database: Database, kind: Kept) -> None:  # noqa: ARG001
    """REP-1: what retention deletes after it was added up counts no more, neither before nor after the next run."""
    company = Company(_history(23, DAYS[2]), "Australia/Lord_Howe")
    company.write_all()
    company.sum_up()
    before = company.lines(Dimension.TOTAL, Step.HOUR)[0]
    RetentionArea().put("t", Retention(days={kind: 90}))
    half = company.made.events[len(company.made.events) // 2].at
    assert keep_days("t", half + 90 * DAY)
    found = company.all_lines()
    assert found[Dimension.TOTAL, Step.HOUR] != before
    company.sum_up()
    assert company.all_lines() == found
    ReportPeriod.delete().execute()
    assert company.all_lines() == found


def test_another_time_zone(database: Database) -> None:  # noqa: ARG001
    """REP-1: hours and days of the old zone answer nothing any more; those of the new one are made."""
    company = Company(_history(29, DAYS[3]), "Europe/Berlin")
    company.write_all()
    company.sum_up()
    Tenant.update(timezone="Asia/Kathmandu").execute()
    company.zone = ZoneInfo("Asia/Kathmandu")
    company.check(Step.HOUR, Step.DAY)
    company.sum_up()
    company.check(Step.HOUR, Step.DAY)
    assert {row.zone for row in ReportPeriod.select()} == {"Asia/Kathmandu"}
