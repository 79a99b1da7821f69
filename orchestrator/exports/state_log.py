"""The state log as a table in the user's language (LOG-1)."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from orchestrator.database.models import AgentStateInterval
from orchestrator.exports.times import length, moment
from orchestrator.exports.words import Words

COLUMNS = ("agent", "state", "reason", "mode", "device", "started", "ended", "duration", "cause", "by", "call")

#: Stands for what is not there yet: the end and the length of the present interval.
NOT_YET = "-"


class StateLogTable:
    """Writes intervals as lines; moments are the tenant's, people and agents go by their names."""

    def __init__(self, texts: Words, zone: ZoneInfo, agents: Mapping[str, str], people: Mapping[str, str]) -> None:
        """`agents` and `people` are names by id; an id without a name stands for itself."""
        self._texts, self._zone, self._agents, self._people = texts, zone, agents, people

    def lines(self, rows: Iterable[AgentStateInterval]) -> Iterator[list[str]]:
        """Return the heading, then a line an interval."""
        yield [self._texts.message(f"state_log.{column}") for column in COLUMNS]
        for row in rows:
            yield self._line(row)

    def _line(self, row: AgentStateInterval) -> list[str]:
        device = "registered" if row.registered else "unregistered"
        return [
            self._agents.get(row.agent, row.agent),
            self._texts.known(f"state.{row.state}", row.state),
            self._texts.known(f"reason.{row.reason}", row.reason),
            self._texts.message(f"mode.{row.mode}"),
            self._texts.message(f"device.{device}"),
            self._moment(row.started),
            NOT_YET if row.ended is None else self._moment(row.ended),
            NOT_YET if row.ended is None else length(row.ended - row.started),
            self._texts.known(f"cause.{row.cause}", row.cause),
            self._people.get(row.by, row.by) if row.by else "",
            row.call or "",
        ]

    def _moment(self, at: int) -> str:
        return moment(at, self._zone)
