"""Who listens to a feed in tests: rooms that note, a screen that follows the documented rules, time by hand."""

from typing import Any

import orjson


class NotingRooms:
    """Rooms where somebody always is; notes every message as a client would get it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, Any]] = []
        self.empty: set[str] = set()

    def emit(self, event: str, data: object, room: str) -> None:
        """Note a message."""
        self.heard.append((room, event, orjson.loads(orjson.dumps(data))))

    def occupied(self, room: str) -> bool:
        """Tell whether anybody is there."""
        return room not in self.empty

    def take(self, event: str) -> list[Any]:
        """Return the messages of one kind since the last time."""
        taken = [data for _, kind, data in self.heard if kind == event]
        self.heard = [message for message in self.heard if message[1] != event]
        return taken


class HandTime:
    """Monotonic seconds that pass when told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Screen:
    """A wallboard in a browser: follows the documented rules and nothing else."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.load(snapshot)

    def load(self, snapshot: dict[str, Any]) -> None:
        """Take a snapshot."""
        shown = orjson.loads(orjson.dumps(snapshot))
        self.sequence, self.rows = shown["sequence"], {row["id"]: row for row in shown["rows"]}

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message; it must begin where the last one ended."""
        assert message["from"] == self.sequence
        assert message["to"] > message["from"]
        self.sequence = message["to"]
        self.rows.update({row["id"]: row for row in message["rows"]})
        for id_ in message["removed"]:
            del self.rows[id_]
