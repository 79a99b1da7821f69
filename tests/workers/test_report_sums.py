"""Reports that were added up ahead equal a recount of everything, whatever came late, twice or was killed (REP-1)."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from orchestrator.database.call_forms import write_form
from orchestrator.database.connection import bound_database
from orchestrator.database.models import (
    CallRecord,
    ReportMark,
    ReportPeriod,
    ReportSum,
    Tenant,
)
from orchestrator.database.report_sums import Asked, cover
from orchestrator.database.retention import Kept, Retention, RetentionArea
from orchestrator.domain.forms import FormContent
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import Dimension, Step
from orchestrator.exports import report_lines
from tests.workers.companies import DAY, Company, random_history
from tests.workers.histories import AGENTS, QUEUES
from workers import report_sums
from workers.retention import keep_days

#: Before days on which clocks change: Berlin in spring and autumn, Lord Howe (by half an hour); and an ordinary one.
DAYS = ("2026-03-28T22:00+00:00", "2026-10-24T21:00+00:00", "2026-04-04T10:00+00:00", "2026-06-30T15:00+00:00")
ZONES = ("Europe/Berlin", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe")

RANDOM = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


@pytest.mark.timeout(600)  # whole histories, written and added up again and again: minutes on a busy machine
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
    made = random_history(seed, day)
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
    company = Company(random_history(5, DAYS[0]), "Europe/Berlin")
    company.write_all()
    company.sum_up()
    assert ReportMark.select().where(ReportMark.since < company.made.now).count() == 0

    whole = _summed_days()
    with monkeypatch.context() as context:
        context.setattr(report_lines, "from_records", _refuse)
        for by in Dimension:
            for step in Step:
                assert company.lines(by, step, whole)[0] == company.expect(by, step), (by, step)
        for step in (Step.DAY, Step.WEEK, Step.MONTH):
            company.check_pairs(step, whole)
        for step in Step:
            company.check_one_written(step, whole)

    [record, *_] = CallRecord.select().order_by(CallRecord.id)
    with bound_database().atomic():
        write_form("t", record.call, "a9", FormContent(notes="", disposition="", tags=("new",)), saved=1, closed=1)
    assert cover("t", whole, Step.HOUR, company.zone, Asked(Dimension.TOTAL.value)).rest
    company.sum_up()
    assert not cover("t", whole, Step.HOUR, company.zone, Asked(Dimension.TOTAL.value)).rest
    assert {key for _, key in company.lines(Dimension.TAG, Step.MONTH, whole)[0]} >= {"new"}


def test_a_disposition_that_is_given_later_counts(database: Database) -> None:  # noqa: ARG001
    """REP-1, WEB-2: given, changed and taken back after everything was added up, with the same tags throughout."""
    company = Company(random_history(5, DAYS[0]), "Europe/Berlin")
    company.write_all()
    company.sum_up()
    call, agent = next((call, agent) for call, forms in company.made.tags.items() for agent, _ in forms)
    hits = {hit.name for hit in company.made.hits if hit.call == call}
    for disposition in ("first", "second", ""):
        content = FormContent(disposition=disposition, tags=dict(company.made.tags[call])[agent])
        with bound_database().atomic():
            write_form("t", call, agent, content, saved=2, closed=2)
        for _ in range(2):
            for one in ("first", "second"):
                found, _ = company.lines(Dimension.TOTAL, Step.MONTH, dispositions=(one,))
                assert {name for line in found.values() for name in line} == (hits if one == disposition else set())
            company.sum_up()


def test_queues_and_agents_together_come_from_sums(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: also of a day of which only an hour was added up once more, and of one that has just ended."""
    company = Company(random_history(5, DAYS[0], 80), "Europe/Berlin")
    company.write_all()
    assert all(company.expect_pairs(Dimension.AGENT, Step.DAY, (queue,), AGENTS[:2]) for queue in QUEUES)
    for hour in range(company.made.events[0].at, company.made.now + 2 * DAY, DAY // 4):
        company.sum_up(hour)
    whole = _summed_days()
    with monkeypatch.context() as context:
        context.setattr(report_lines, "from_records", _refuse)
        for step in (Step.DAY, Step.WEEK, Step.MONTH):
            company.check_pairs(step, whole)

    for record in CallRecord.select().where(CallRecord.queue.is_null(False), CallRecord.agent.is_null(False)).limit(3):
        with bound_database().atomic():
            write_form("t", record.call, "a9", FormContent(notes="", disposition="", tags=("new",)), saved=1, closed=1)
    company.check_pairs(Step.DAY, whole)
    company.sum_up()
    with monkeypatch.context() as context:
        context.setattr(report_lines, "from_records", _refuse)
        company.check_pairs(Step.DAY, whole)


def _summed_days() -> Span:
    days = list(ReportPeriod.select().where(ReportPeriod.step == "day").order_by(ReportPeriod.since))
    return Span(days[0].since, days[-1].until)


def _refuse(*_: object) -> None:
    raise AssertionError("read from the records")


def test_who_is_killed_leaves_marks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REP-1: killed while the sums of a day are written: none of them is there, and reports stay right."""
    company = Company(random_history(11, DAYS[1]), "Europe/Berlin")
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
    company = Company(random_history(17, DAYS[3]), "Asia/Kathmandu")
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
    company = Company(random_history(23, DAYS[2]), "Australia/Lord_Howe")
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
    company = Company(random_history(29, DAYS[3]), "Europe/Berlin")
    company.write_all()
    company.sum_up()
    Tenant.update(timezone="Asia/Kathmandu").execute()
    company.zone = ZoneInfo("Asia/Kathmandu")
    company.check(Step.HOUR, Step.DAY)
    company.sum_up()
    company.check(Step.HOUR, Step.DAY)
    assert {row.zone for row in ReportPeriod.select()} == {"Asia/Kathmandu"}
