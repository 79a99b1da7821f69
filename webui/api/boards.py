"""The wallboards at one moment, as the live feed's `watch` answers with."""

from apiflask import APIBlueprint

from orchestrator.domain.monitor import colleague
from webui.api.shapes import ColleaguesOut, QueueBoardOut, SeatBoardOut
from webui.identity import tenant
from webui.live import take_snapshot
from webui.permissions import Permission, requires
from webui.scoping import reach_of
from webui.services import services

bp = APIBlueprint("boards", __name__, url_prefix="/api/v1/boards", tag="Boards")


@bp.get("/seats")
@requires(Permission.VIEW_SEATS)
@bp.output(SeatBoardOut)
def seats() -> SeatBoardOut:
    """Show every agent: state, since when, device, present call, today's calls (WALL-1)."""
    taken, reach = take_snapshot(services().redis, tenant()), reach_of(Permission.VIEW_SEATS)
    board = taken.seats()
    reached = None if reach is None else board.reached(reach)
    rows = [row for row in board.rows() if reached is None or row.id in reached]
    return SeatBoardOut(sequence=taken.sequence, now=taken.now, rows=rows)


@bp.get("/queues")
@requires(Permission.VIEW_QUEUE_MONITOR)
@bp.output(QueueBoardOut)
def queues() -> QueueBoardOut:
    """Show every queue within the data scope: who waits now, and today's figures (WALL-2)."""
    taken, reach = take_snapshot(services().redis, tenant()), reach_of(Permission.VIEW_QUEUE_MONITOR)
    reached = None if reach is None else reach.queues(taken.config)
    rows = [row for row in taken.queues().rows() if reached is None or row.id in reached]
    return QueueBoardOut(sequence=taken.sequence, now=taken.now, rows=rows)


@bp.get("/colleagues")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ColleaguesOut)
def colleagues() -> ColleaguesOut:
    """Show whom calls can be sent on to, or who can be asked: those who are ready first, then by name (WEB-1)."""
    taken = take_snapshot(services().redis, tenant())
    rows = sorted(map(colleague, taken.seats().rows()), key=lambda one: (not one.ready, one.name, one.id))
    return ColleaguesOut(sequence=taken.sequence, now=taken.now, rows=rows)
