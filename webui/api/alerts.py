"""What administrators should look at (SAFE-4)."""

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict

from orchestrator.database.alerts import AlertKind, alerts_read, list_alerts, read_alerts, unread_alerts
from orchestrator.store.news import News, Told
from webui.api.shapes import Input, Limit, Moment, Query, Term
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("alerts", __name__, url_prefix="/api/v1/alerts", tag="Team")


class AlertQuery(Query):
    """Which page."""

    cursor: Term | None = None
    limit: Limit = 50


class AlertOut(BaseModel):
    """Something seen `count` times that day, from `first` to `last` (us UTC), with the `number` called last.

    `what` is the limit that was reached, or why the number was refused last; `agent` called last, and is null for
    limits of all agents together.
    """

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: AlertKind
    what: str
    agent: str | None
    number: str
    count: int
    first: int
    last: int


class AlertPage(BaseModel):
    """Alerts, the latest first. What was seen after `read` (us UTC) the person hasn't read: `unread` alerts."""

    items: list[AlertOut]
    next: str | None
    read: int
    unread: int


class ReadIn(Input):
    """Until when (us UTC) the person has read: the `last` of the newest shown."""

    until: Moment


@bp.get("")
@requires(Permission.VIEW_ALERTS)
@bp.input(AlertQuery, location="query")
@bp.output(AlertPage)
def index(query_data: AlertQuery) -> AlertPage:
    """List what should be looked at."""
    page, read = list_alerts(tenant(), query_data.cursor, query_data.limit), alerts_read(identity().id)
    items = [AlertOut.model_validate(row) for row in page.rows]
    return AlertPage(items=items, next=page.next, read=read, unread=unread_alerts(tenant(), read))


@bp.put("/read")
@requires(Permission.VIEW_ALERTS)
@bp.input(ReadIn)
@bp.output({}, status_code=204)
def mark_read(json_data: ReadIn) -> tuple[str, int]:
    """Remember until when the person has read them; the person's other pages hear of it."""
    person = identity()
    read_alerts(person.id, json_data.until)
    News(services().redis).tell(Told(tenant=tenant(), event="alerts", data={}, person=person.id))
    return "", 204
