"""Reports that nobody would wait for are refused before they are begun (REP-1)."""

import pytest
from peewee import Database

from orchestrator.database.models import CallRecord
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.reports import Dimension, Step
from orchestrator.exports import report_limits
from orchestrator.exports.report_limits import TooMuch, too_much
from orchestrator.exports.report_lines import Layout, added_up
from tests.workers.companies import DAY, Company, random_history
from tests.workers.histories import S

ORDINARY = "2026-06-30T15:00+00:00"


@pytest.mark.parametrize("step", [Step.HOUR, Step.DAY])
def test_too_many_lines_are_known_before_they_are_added_up(database: Database, step: Step) -> None:  # noqa: ARG001
    """REP-1: of what is added up ahead, by time and by whom, exactly; of what isn't, nothing is said."""
    company = Company(random_history(5, ORDINARY), "Europe/Berlin")
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
    company = Company(random_history(5, ORDINARY), "Europe/Berlin")
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
    total = Layout(step=Step.DAY, by=Dimension.TOTAL, zone=company.zone, groups={})
    for some, expected in (
        ({"tags": ("vip",)}, None),
        ({"dispositions": ("sold",)}, None),
        ({"tags": ("vip", "invoice")}, TooMuch.CALLS),
        ({"tags": ("vip",), "dispositions": ("sold",)}, TooMuch.CALLS),
    ):
        wanted = ReportFilter(since=0, until=company.made.now + 2 * DAY, **some)  # type: ignore[arg-type]
        assert too_much("t", wanted, total) is expected
    assert why(threshold_us=S) is None
    monkeypatch.setattr(report_limits, "OF_THRESHOLD", 1)
    assert why(threshold_us=S) is TooMuch.CALLS
