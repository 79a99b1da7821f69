"""A report as a table in the user's language: every figure names how it is made."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestrator.domain.reports import Formula, Step, Tally
from orchestrator.exports.times import length
from orchestrator.exports.words import Words

COUNTS = (
    "offered", "connected", "abandoned", "short", "timed_out", "called_back", "callback_failed", "other", "handled",
    "direct", "placed", "reached", "forwarded", "messages", "asked", "scored",
)  # fmt: skip
SHARES = ("service_level", "abandonment_rate", "repeat_rate", "occupancy", "reach_rate", "answered_share")
AVERAGES = ("speed_of_answer", "handle_time", "talk_time", "hold_time", "wrap_up_time", "out_handle_time")
FIGURES = (*SHARES, *AVERAGES, "score")
SHAPES = {Step.HOUR: "%Y-%m-%d %H:00", Step.DAY: "%Y-%m-%d", Step.WEEK: "%Y-%m-%d", Step.MONTH: "%Y-%m"}


class ReportTable:
    """Writes a report's lines; times are the tenant's."""

    def __init__(self, texts: Words, zone: ZoneInfo, step: Step, formula: Formula, threshold_s: int | None) -> None:
        """`step` tells how a stretch of time is named; `formula` and `threshold_s` (None: each queue's own) how the
        service level is made.
        """
        self._texts, self._zone, self._step, self._formula = texts, zone, step, formula
        self._threshold_s = threshold_s

    def lines(
        self, lines: Mapping[tuple[int, str], Tally], names: Mapping[str, str], total: Tally
    ) -> Iterator[list[str]]:
        """Return the heading, then a line each and the total; `names` are what the keys are called."""
        level = self._texts.message(f"report.formula_{self._formula.value}")
        headings = [self._texts.message(f"report.{name}") for name in ("at", "name", *COUNTS, *FIGURES)]
        headings[headings.index(self._texts.message("report.service_level"))] += f" ({level}, {self._threshold()})"
        yield headings
        for (at, key), tally in lines.items():
            yield [self._time(at), names.get(key, key), *self._all(tally)]
        yield [self._texts.message("report.total"), "", *self._all(total)]

    def _threshold(self) -> str:
        if self._threshold_s is None:
            return self._texts.message("report.own_threshold")
        return f"{self._threshold_s} s"

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(self._zone).strftime(SHAPES[self._step])

    def _all(self, tally: Tally) -> list[str]:
        shares = {name: getattr(tally, name) for name in SHARES if name != "service_level"}
        shares["service_level"] = tally.service_level(self._formula)
        score = "" if tally.score is None else f"{tally.score:.2f}"
        return [
            *(str(getattr(tally, name)) for name in COUNTS),
            *(share(shares[name]) for name in SHARES),
            *(average(getattr(tally, name)) for name in AVERAGES),
            score,
        ]


def share(value: float | None) -> str:
    """Return 0-1 as percent with one decimal, nothing for None."""
    return "" if value is None else f"{value * 100:.1f}%"


def average(us: float | None) -> str:
    """Return a duration (us) as `h:mm:ss`, nothing for None."""
    return "" if us is None else length(round(us))
