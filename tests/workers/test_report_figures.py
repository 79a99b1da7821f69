"""Every figure of a report equals a recount of what happened, by hand (REP-1)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from orchestrator.database.call_forms import write_form
from orchestrator.database.call_records import CallFilter, list_calls
from orchestrator.database.models import TABLES, Tenant
from orchestrator.database.reports import ReportFilter, count, slices
from orchestrator.database.work_time import work_by_slice
from orchestrator.domain.forms import FormContent
from orchestrator.domain.reports import Counted, Dimension, Formula, Slice, Step, Tally, fold
from orchestrator.store.codec import event_to_json
from tests.workers.histories import GROUPS, HOUR, THRESHOLD_US, History, Hit, history
from tests.workers.recounts import label, recount, work_of
from workers.jobs import write_events

#: Midnights before the days on which clocks change in Berlin, and an ordinary one; Shanghai has none.
DAYS = ("2026-03-28T22:00+00:00", "2026-10-24T21:00+00:00", "2026-06-30T15:00+00:00")
ZONES = (ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"))

RANDOM = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


def _written(made: History) -> None:
    """Have the history stored as the workers do; people write tags."""
    for table in reversed(TABLES):
        table.delete().execute()
    Tenant.create(id="t", name="T", break_reasons=[])
    write_events("t", [[f"{n + 1}-0", n + 1, event_to_json(event)] for n, event in enumerate(made.events)])
    for call, forms in made.tags.items():
        for agent, tags in forms:
            write_form("t", call, agent, FormContent(notes="", disposition="", tags=tags), saved=1, closed=1)


def _lines(found: Iterable[Slice], by: str, step: Step, zone: ZoneInfo) -> dict[tuple[str, str], dict[str, int]]:
    folded = fold(found, step, zone, Dimension(by), GROUPS)
    lines = {(label(at, step, zone), key): asdict(tally) for (at, key), tally in folded.items()}
    return {line: sums for line, all_ in lines.items() if (sums := {name: by for name, by in all_.items() if by})}


def _history(seed: int, day: str) -> History:
    return history(Random(seed), int(datetime.fromisoformat(day).timestamp()) * 1_000_000, 12)


@RANDOM
@given(seed=st.integers(0, 10**6), day=st.sampled_from(DAYS), step=st.sampled_from(Step), zone=st.sampled_from(ZONES))
def test_every_figure_equals_a_recount(database: Database, seed: int, day: str, step: Step, zone: ZoneInfo) -> None:  # noqa: ARG001
    """REP-1, CDR-1: by any stretch and line, across midnights and changes of clock, with calls handed on."""
    made = _history(seed, day)
    _written(made)
    wanted = ReportFilter(since=0, until=2**62)
    plain, tagged = list(slices("t", wanted)), list(slices("t", wanted, Dimension.TAG))
    for by in Dimension:
        found = tagged if by is Dimension.TAG else plain
        assert _lines(found, by, step, zone) == recount(made, made.hits, by, step, zone), by
    work, hits = list(work_by_slice("t", wanted, made.now)), list(work_of(made))
    for by in (Dimension.TOTAL, Dimension.AGENT, Dimension.GROUP):
        assert _lines(work, by, step, zone) == recount(made, hits, by, step, zone), by


@RANDOM
@given(seed=st.integers(0, 10**6), day=st.sampled_from(DAYS), data=st.data())
def test_the_calls_behind_a_figure_are_as_many(database: Database, seed: int, day: str, data: st.DataObject) -> None:  # noqa: ARG001
    """REP-1: drill-down: of any figure, time, queue, agent, number and tag, the list has exactly the calls counted."""
    made = _history(seed, day)
    _written(made)
    times = sorted(hit.at for hit in made.hits)
    since, until = sorted(data.draw(st.tuples(st.sampled_from(times), st.sampled_from([*times, 2**62]))))
    queue, agent, number, tag = (
        data.draw(st.none() | st.sampled_from(some))
        for some in (("q1", "q2"), ("a1", "a2", "a3"), ("40", "41"), ("invoice", "vip"))
    )

    def meant(hit: Hit) -> bool:
        tags = {one for _, some in made.tags[hit.call] for one in some}
        of_line = queue in (None, hit.queue) and agent in (None, hit.agent) and number in (None, hit.number)
        return since <= hit.at < until and of_line and (tag is None or tag in tags)

    wanted = ReportFilter(
        since=since, until=until, queues=(queue,) if queue else (), agents=(agent,) if agent else (),
        numbers=(number,) if number else (), tag=tag, threshold_us=THRESHOLD_US,
    )  # fmt: skip
    names = {Counted.PLACED: ("reached", "unreached"), Counted.OTHER: ()}
    for figure in Counted:
        hits = [hit for hit in made.hits if hit.name in names.get(figure, (figure.value,)) and hit.by and meant(hit)]
        times_, calls = count("t", wanted, figure)
        listed = list_calls(
            "t",
            CallFilter(
                figure=figure, left_since=since, left_until=until, queues=wanted.queues or None, tag=tag,
                agents=wanted.agents or None, numbers=wanted.numbers or None, threshold_us=THRESHOLD_US,
            ),
            size=200,
        )  # fmt: skip
        assert len(listed.rows) == calls == len({row.call for row in listed.rows}), figure
        if figure is not Counted.OTHER:
            assert (times_, {row.call for row in listed.rows}) == (len(hits), {hit.call for hit in hits}), figure


def test_the_service_level_is_by_the_threshold_and_formula_chosen(database: Database) -> None:  # noqa: ARG001
    """REP-1: a threshold of one's own counts by each wait; without one, as each queue had it then."""
    made = _history(7, DAYS[2])
    _written(made)
    waits = [hit.by for hit in made.hits if hit.name == "answer_us"]
    assert waits
    for threshold in (None, 1, 10_000_000, HOUR):
        wanted = ReportFilter(since=0, until=2**62, threshold_us=threshold)
        total = sum((piece.tally for piece in slices("t", wanted)), Tally())
        assert total.within == sum(wait <= (threshold or THRESHOLD_US) for wait in waits)
        assert total.service_level(Formula.CONNECTED) == total.within / len(waits)
