"""One wallboard as a room of watchers has it: all of a tenant's rows, or those within a reach (WALL-1, ROLE-1)."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import orjson

from orchestrator.domain.monitor import Colleague, QueueBoard, QueueRow, Reach, SeatBoard, SeatRow, colleague

Row = SeatRow | QueueRow | Colleague

#: The boards that can be watched, and which projection each shows.
BOARDS = {"seats": "seats", "queues": "queues", "colleagues": "seats"}

#: Boards that show less of a row than the projection has.
SHAPES: dict[str, Callable[[Any], Row]] = {"colleagues": colleague}


def board_room(tenant: str, board: str, reach: Reach | None = None) -> str:
    """Name of the room where a tenant's board is watched, as far as a reach shows it."""
    if reach is None:
        return f"{tenant}:{board}"
    named = orjson.dumps([sorted(reach.groups), reach.agent])
    return f"{tenant}:{board}:{sha256(named).hexdigest()[:16]}"


class BoardRoom:
    """One board as its watchers have it: `told` is the number of the event that they know it up to.

    Watchers with a reach have rooms of their own: what leaves the reach is removed there (ROLE-1).
    """

    def __init__(self, name: str, board: SeatBoard | QueueBoard, sequence: int, reach: Reach | None = None) -> None:
        self.board, self.told, self._reach = board, sequence, reach
        self._shape: Callable[[Any], Row] = SHAPES.get(name, _whole)
        self.touched: set[str] = set()
        self._shown: dict[str, Row] = {row.id: row for row in self._rows()}

    def snapshot(self, now: int) -> dict[str, object]:
        """The whole board, as `told`."""
        return {"sequence": self.told, "now": now, "rows": self._rows()}

    def changes(self, sequence: int, now: int) -> dict[str, object] | None:
        """What the watchers don't know yet, None if nothing; they know it after this."""
        if not self.touched:
            return None
        seen = {id_: self._seen(id_) for id_ in self._within(self.touched)}
        removed = sorted(id_ for id_ in self.touched if id_ in self._shown and seen.get(id_) is None)
        rows = [row for id_, row in sorted(seen.items()) if row is not None and row != self._shown.get(id_)]
        self.touched = set()
        if not (rows or removed):
            return None
        message = {"from": self.told, "to": sequence, "now": now, "rows": rows, "removed": removed}
        self._shown.update((row.id, row) for row in rows)
        for id_ in removed:
            del self._shown[id_]
        self.told = sequence
        return message

    def _rows(self) -> list[Row]:
        reached = None if self._reach is None else self.board.reached(self._reach)
        return [self._shape(row) for row in self.board.rows() if reached is None or row.id in reached]

    def _within(self, ids: set[str]) -> set[str]:
        return ids if self._reach is None else ids & self.board.reached(self._reach)

    def _seen(self, id_: str) -> Row | None:
        row = self.board.row(id_)
        return None if row is None else self._shape(row)


def _whole(row: Row) -> Row:
    return row
