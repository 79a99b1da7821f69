"""Calls: the records of those that are over, and those that live."""

from typing import Annotated, Any, Literal

import orjson
from apiflask import APIBlueprint
from pydantic import BaseModel, BeforeValidator, Field

from orchestrator.database.call_forms import forms_of
from orchestrator.database.call_records import CallDetail, CallFilter, call_detail, call_story, list_calls
from orchestrator.database.connection import bound_database, quickly
from orchestrator.database.general import form_settings
from orchestrator.database.models import CallRecord
from orchestrator.database.recordings import heard_of
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.reports import SECOND, Counted, Dimension
from orchestrator.service.numbers import looked_for
from webui.api.call_shapes import LegOut, OfferOut, Row, StayOut
from webui.api.forms import FormOut, shown
from webui.api.shapes import Limit, Moment, Query, Term
from webui.errors import NotFoundError
from webui.identity import tenant
from webui.live import take_snapshot
from webui.number_lists import country_of
from webui.permissions import Permission, requires
from webui.report_lines import members, of_line
from webui.scoping import agents_within, within
from webui.services import services
from webui.story import named, people_in, tells_of_menus

#: A statement for a page of the list takes so long at most, ms: nobody waits longer, and proxies give up.
PATIENCE_MS = 8_000

bp = APIBlueprint("calls", __name__, url_prefix="/api/v1/calls", tag="Calls")


class CallWanted(Query):
    """Which calls: `from` <= arrival < `to`; `number` is a part of the caller's or the dialled number,
    in any way of writing it.

    `recorded` asks whether a recording of the talk can be heard.
    `disposition` (keys) and `tag` are what agents gave the call.
    With `left_from` or `left_to` those that left a queue's line then, of the queues and to the agents asked for.
    With `figure` those that a report counts under it in that time; `by`, `key`, `group` and `threshold_s` are the
    report's.
    """

    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    queue: list[Term] = Field(default_factory=list)
    agent: list[Term] = Field(default_factory=list)
    number: Term | None = None
    outcome: list[Outcome] = Field(default_factory=list)
    direction: Literal["in", "out"] | None = None
    recorded: bool | None = None
    score: list[Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=list)
    disposition: list[Term] = Field(default_factory=list)
    tag: list[Term] = Field(default_factory=list)
    left_from: Moment | None = None
    left_to: Moment | None = None
    figure: Counted | None = None
    by: Dimension = Dimension.TOTAL
    key: Term | None = None
    group: list[Term] = Field(default_factory=list)
    threshold_s: Annotated[int | None, Field(ge=1, le=3600)] = None


class CallQuery(CallWanted):
    """Which calls, and which page of them."""

    cursor: Term | None = None
    limit: Limit = 50


class CallOut(Row):
    """One customer call (CDR-1). `queue` and `agent` are the last ones; durations and times are microseconds.

    `blocked_by` is the blacklist's entry that refused the call, `refused` why the company wasn't served;
    `score` (1-5) is the caller's answer to the survey. `forms` are what agents wrote about it.
    `direction` is out for a call that an agent has placed: `caller` is then who was called, `number` what was shown.
    """

    call: str
    caller: str
    caller_name: str
    number: str
    queue: str | None
    agent: str | None
    arrived: int
    answered: int | None
    connected: int | None
    ended: int
    wait_us: int
    ring_us: int
    talk_us: int
    hold_us: int | None
    outcome: str
    short: bool
    hung_up_by: str
    cause: str
    blocked_by: str | None
    refused: str | None
    score: int | None
    forms: list[FormOut] = Field(default_factory=list)
    recorded: bool = False
    direction: Annotated[str, BeforeValidator(lambda known: known or "in")] = "in"


class CallPage(BaseModel):
    """Calls, newest arrival first; `next` is the cursor of the page after this, if there is one."""

    items: list[CallOut]
    next: str | None


class CallDetailOut(CallOut):
    """One call with everything that belongs to it."""

    switch: str
    legs: list[LegOut]
    stays: list[StayOut]
    offers: list[OfferOut]


class StoryOut(BaseModel):
    """Every event, decision and command of a call, in order; each has `type` and `at` (OPS-1).

    Beside the ids of people and menus stand their names of now, where they have one: `by_name`, `menu_name`,
    `target_name`.
    """

    items: list[dict[str, Any]]


class LiveCallOut(BaseModel):
    """A call that is not over. `agent` talks to the caller or is being asked."""

    id: str
    state: CallState
    since: int
    caller: str
    caller_name: str
    number: str
    queue: str | None
    agent: str | None
    arrived: int
    entered: int | None
    connected: int | None
    direction: str


class LiveCalls(BaseModel):
    """The tenant's calls at the moment `now`, oldest first."""

    now: int
    items: list[LiveCallOut]


@bp.get("")
@requires(Permission.VIEW_RECORDS)
@bp.input(CallQuery, location="query")
@bp.output(CallPage)
def index(query_data: CallQuery) -> CallPage:
    """List calls that are over."""
    with quickly(bound_database(), PATIENCE_MS):
        page = list_calls(tenant(), call_filter(query_data), query_data.cursor, query_data.limit)
    return CallPage(items=_calls(page.rows), next=page.next)


@bp.get("/live")
@requires(Permission.VIEW_LIVE_CALLS)
@bp.output(LiveCalls)
def live() -> LiveCalls:
    """List calls that are not over."""
    taken = take_snapshot(services().redis, tenant())
    calls = [_live(call) for call in taken.calls if call.state is not CallState.ENDED and not call.test]
    covered = agents_within(Permission.VIEW_LIVE_CALLS)
    shown = [call for call in calls if covered is None or call.agent in covered]
    return LiveCalls(now=taken.now, items=sorted(shown, key=lambda call: (call.arrived, call.id)))


@bp.get("/<call>")
@requires(Permission.VIEW_RECORDS)
@bp.output(CallDetailOut)
def show(call: str) -> CallDetailOut:
    """Show a call with its legs, its stays in queues and every offer."""
    detail = seen_detail(call)
    return CallDetailOut(
        **_calls([detail.record])[0].model_dump(),
        switch=detail.record.switch,
        legs=_rows(LegOut, detail.legs),
        stays=_rows(StayOut, detail.stays),
        offers=_rows(OfferOut, detail.offers),
    )


@bp.get("/<call>/story")
@requires(Permission.VIEW_RECORDS)
@bp.output(StoryOut)
def story(call: str) -> StoryOut:
    """Tell a call's whole story; a living call's is told as far as it is written."""
    if agents_within(Permission.VIEW_RECORDS) is not None:
        seen_detail(call)
    events = call_story(tenant(), call)
    if not events:
        raise NotFoundError
    items = [orjson.loads(event.json) for event in events]
    people = services().names.people(tenant(), people_in(items))
    config = services().use_cases().work.configurations.tenant(tenant()) if tells_of_menus(items) else None
    return StoryOut(items=[named(item, people, config.menus if config else {}) for item in items])


def call_filter(query: CallWanted) -> CallFilter:
    """Return what is asked for, as far as whoever asks may see it."""
    ways, part = looked_for(query.number, country_of(tenant())) if query.number else (None, None)
    wanted = CallFilter(
        since=query.since,
        until=query.until,
        queues=tuple(query.queue) or None,
        agents=within(Permission.VIEW_RECORDS, members(query.agent, query.group)),
        number=part,
        ways=ways,
        direction=query.direction,
        recorded=query.recorded,
        outcomes=tuple(outcome.value for outcome in query.outcome) or None,
        scores=tuple(query.score) or None,
        dispositions=tuple(query.disposition) or None,
        tags=tuple(query.tag) or None,
        left_since=query.left_from,
        left_until=query.left_to,
        figure=query.figure,
        threshold_us=None if query.threshold_s is None else query.threshold_s * SECOND,
    )
    return of_line(wanted, query.by, query.key) if query.figure else wanted


def seen_detail(call: str) -> CallDetail:
    """Read a call that whoever asks may see; raises NotFoundError."""
    detail = call_detail(tenant(), call)
    if detail is None or not _may_see(detail):
        raise NotFoundError
    return detail


def _may_see(detail: CallDetail) -> bool:
    """Tell whether the call is within the permission's scope: an agent's are those one took or was asked to take."""
    covered = agents_within(Permission.VIEW_RECORDS)
    asked = {detail.record.agent, *(offer.agent for offer in detail.offers)}
    return covered is None or not covered.isdisjoint(asked)


def _calls(rows: list[CallRecord]) -> list[CallOut]:
    """Show calls with their forms."""
    calls = [row.call for row in rows]
    forms, settings, kept = forms_of(tenant(), calls), form_settings(tenant()), heard_of(tenant(), calls)
    return [
        CallOut.model_validate(row).model_copy(
            update={
                "forms": [shown(form, settings) for form in forms if form.call == row.call],
                "recorded": row.call in kept,
            }
        )
        for row in rows
    ]


def _rows(shape: type[Any], rows: list[Any]) -> list[Any]:
    return [shape.model_validate(row) for row in rows]


def _live(call: Call) -> LiveCallOut:
    return LiveCallOut(
        id=call.id,
        state=call.state,
        since=call.since,
        caller=call.caller,
        caller_name=call.caller_name,
        number=call.number,
        queue=call.queue,
        agent=call.agent or (call.offer.agent if call.offer else None),
        arrived=call.arrived,
        entered=call.entered,
        connected=call.connected,
        direction="out" if call.outbound else "in",
    )
