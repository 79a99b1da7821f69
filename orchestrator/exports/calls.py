"""Calls as a table in a language (CDR-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from orchestrator.database.models import CallForm, CallRecord
from orchestrator.domain.forms import FormSettings
from orchestrator.exports.times import length, moment
from orchestrator.exports.words import Words

COLUMNS = (
    "arrived", "direction", "caller", "caller_name", "number", "queue", "agent", "answered", "connected", "ended",
    "wait", "ring", "talk", "hold", "outcome", "short", "hung_up_by", "score", "disposition", "tags", "notes", "call",
)  # fmt: skip


class CallTable:
    """Writes calls as lines; moments are the tenant's, queues and agents go by their names."""

    def __init__(
        self,
        words: Words,
        zone: ZoneInfo,
        queues: Mapping[str, str],
        agents: Mapping[str, str],
        settings: FormSettings,
    ) -> None:
        """`queues` and `agents` are names by id; `settings` say what the forms' results are called."""
        self._words, self._zone, self._queues, self._agents, self._settings = words, zone, queues, agents, settings

    def heading(self) -> list[str]:
        """Return what the columns are called."""
        return [self._words.message(f"call.{column}") for column in COLUMNS]

    def lines(self, rows: Iterable[CallRecord], forms: Sequence[CallForm]) -> Iterator[list[str]]:
        """Return a line a call; `forms` are all those of these calls."""
        for row in rows:
            yield [
                *self._when(row),
                *self._how(row),
                *self._written([f for f in forms if f.call == row.call]),
                row.call,
            ]

    def _when(self, row: CallRecord) -> list[str]:
        queue, agent = row.queue or "", row.agent or ""
        return [
            moment(row.arrived, self._zone),
            self._words.message(f"direction.{row.direction or 'in'}"),
            row.caller,
            row.caller_name,
            row.number,
            self._queues.get(queue, queue),
            self._agents.get(agent, agent),
            *("" if at is None else moment(at, self._zone) for at in (row.answered, row.connected, row.ended)),
        ]

    def _how(self, row: CallRecord) -> list[str]:
        return [
            *(length(us or 0) for us in (row.wait_us, row.ring_us, row.talk_us, row.hold_us)),
            self._words.known(f"outcome.{row.outcome}", row.outcome),
            self._words.message("yes") if row.short else "",
            self._words.known(f"party.{row.hung_up_by}", row.hung_up_by),
            "" if row.score is None else str(row.score),
        ]

    def _written(self, forms: Sequence[CallForm]) -> list[str]:
        results = [self._settings.named(form.disposition) or form.disposition for form in forms if form.disposition]
        tags = dict.fromkeys(tag for form in forms for tag in form.tags)
        return ["; ".join(results), "; ".join(tags), "\n".join(form.notes for form in forms if form.notes)]
