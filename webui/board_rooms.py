"""One wallboard as a room of watchers has it: all of a tenant's agents, or those of some groups (WALL-1, ROLE-1)."""

from hashlib import sha256

import orjson

from orchestrator.domain.monitor import QueueBoard, QueueRow, SeatBoard, SeatRow

#: The groups whose agents a watcher may see, None for all.
Groups = frozenset[str] | None


def board_room(tenant: str, board: str, groups: Groups = None) -> str:
    """Name of the room where a tenant's board is watched, as far as it shows these groups."""
    if groups is None:
        return f"{tenant}:{board}"
    return f"{tenant}:{board}:{sha256(orjson.dumps(sorted(groups))).hexdigest()[:16]}"


class BoardRoom:
    """One board as its watchers have it: `told` is the number of the event that they know it up to.

    Watchers who may see some groups only have rooms of their own: who leaves these groups is removed there (ROLE-1).
    """

    def __init__(self, board: SeatBoard | QueueBoard, sequence: int, groups: Groups = None) -> None:
        self.board, self.told, self._groups = board, sequence, groups
        self.touched: set[str] = set()
        self._shown = {row.id for row in board.rows() if self._shows(row)}

    def snapshot(self, now: int) -> dict[str, object]:
        """The whole board, as `told`."""
        return {"sequence": self.told, "now": now, "rows": [*filter(self._shows, self.board.rows())]}

    def changes(self, sequence: int, now: int) -> dict[str, object] | None:
        """What the watchers don't know yet, None if nothing; they know it after this."""
        if not self.touched:
            return None
        rows: list[SeatRow | QueueRow] = []
        removed: list[str] = []
        for id_ in sorted(self.touched):
            row = self.board.row(id_)
            if row and self._shows(row):
                rows.append(row)
            elif id_ in self._shown:
                removed.append(id_)
        self.touched = set()
        if not (rows or removed):
            return None
        message = {"from": self.told, "to": sequence, "now": now, "rows": rows, "removed": removed}
        self._shown = (self._shown | {row.id for row in rows}) - set(removed)
        self.told = sequence
        return message

    def _shows(self, row: SeatRow | QueueRow) -> bool:
        return self._groups is None or not isinstance(row, SeatRow) or row.group in self._groups
