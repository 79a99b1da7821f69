"""What the wallboards show: boards made of a snapshot and advanced event by event.

Both boards work alike: `apply` takes the next event of the tenant's stream and answers with the ids of the rows it
touched; `row` gives a row as it is now, or None when there is no such row (any more); `reached` names the rows that a
watcher with a data scope sees (ROLE-1). "Today" is the tenant's day
`YYYY-MM-DD`, restarted by `new_day` (WALL-4).
"""

from orchestrator.domain.monitor.colleagues import Colleague, colleague
from orchestrator.domain.monitor.live_calls import LiveCall, Placed, live_call
from orchestrator.domain.monitor.queues import QueueBoard, QueueRow
from orchestrator.domain.monitor.reach import Reach
from orchestrator.domain.monitor.seats import OwnSeat, SeatBoard, SeatRow

__all__ = [
    "Colleague",
    "LiveCall",
    "OwnSeat",
    "Placed",
    "QueueBoard",
    "QueueRow",
    "Reach",
    "SeatBoard",
    "SeatRow",
    "colleague",
    "live_call",
]
