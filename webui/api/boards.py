"""The wallboards at one moment, as the live feed's `watch` answers with."""

from apiflask import APIBlueprint

from webui.api.shapes import QueueBoardOut, SeatBoardOut
from webui.identity import tenant
from webui.live import take_snapshot
from webui.permissions import Permission, requires
from webui.scoping import groups_watched
from webui.services import services

bp = APIBlueprint("boards", __name__, url_prefix="/api/v1/boards", tag="Boards")


@bp.get("/seats")
@requires(Permission.VIEW_SEATS)
@bp.output(SeatBoardOut)
def seats() -> SeatBoardOut:
    """Show every agent: state, since when, device, present call, today's calls (WALL-1)."""
    taken = take_snapshot(services().redis, tenant())
    groups = groups_watched(Permission.VIEW_SEATS)
    rows = [row for row in taken.seats().rows() if groups is None or row.group in groups]
    return SeatBoardOut(sequence=taken.sequence, now=taken.now, rows=rows)


@bp.get("/queues")
@requires(Permission.VIEW_QUEUE_MONITOR)
@bp.output(QueueBoardOut)
def queues() -> QueueBoardOut:
    """Show every queue: who waits now, and today's figures (WALL-2)."""
    taken = take_snapshot(services().redis, tenant())
    return QueueBoardOut(sequence=taken.sequence, now=taken.now, rows=taken.queues().rows())
