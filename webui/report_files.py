"""A report as a table in the user's language: every figure names how it is made."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestrator.domain.reports import Formula, Step, Tally
from orchestrator.exports.times import length
from webui.texts import Texts

COUNTS = ("offered", "connected", "abandoned", "short", "timed_out", "other")
FIGURES = (
    "service_level", "abandonment_rate", "speed_of_answer", "handle_time", "talk", "wrap_up", "occupancy",
    "repeat_rate",
)  # fmt: skip
SHAPES = {Step.HOUR: "%Y-%m-%d %H:00", Step.DAY: "%Y-%m-%d", Step.WEEK: "%Y-%m-%d", Step.MONTH: "%Y-%m"}


class ReportTable:
    """Writes a report's lines; times are the tenant's."""

    def __init__(self, texts: Texts, zone: ZoneInfo, step: Step, formula: Formula) -> None:
        """`step` tells how a stretch of time is named, `formula` how the service level is made."""
        self._texts, self._zone, self._step, self._formula = texts, zone, step, formula

    def lines(self, lines: Mapping[tuple[int, str], Tally], names: Mapping[str, str]) -> Iterator[list[str]]:
        """Return the heading, then a line each; `names` are what the keys are called."""
        level = self._texts.message(f"report.formula_{self._formula.value}")
        headings = [self._texts.message(f"report.{name}") for name in ("at", "name", *COUNTS, *FIGURES)]
        headings[headings.index(self._texts.message("report.service_level"))] += f" ({level})"
        yield headings
        for (at, key), tally in lines.items():
            yield [self._time(at), names.get(key, key), *self._counts(tally), *self._figures(tally)]

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(self._zone).strftime(SHAPES[self._step])

    def _counts(self, tally: Tally) -> list[str]:
        return [str(getattr(tally, name)) for name in COUNTS]

    def _figures(self, tally: Tally) -> list[str]:
        return [
            share(tally.service_level(self._formula)),
            share(tally.abandonment_rate),
            _average(tally.speed_of_answer),
            _average(tally.handle_time),
            length(tally.talk_us),
            length(tally.wrap_up_us),
            share(tally.occupancy),
            share(tally.repeat_rate),
        ]


def share(value: float | None) -> str:
    """Return 0-1 as percent with one decimal, nothing for None."""
    return "" if value is None else f"{value * 100:.1f}%"


def _average(us: float | None) -> str:
    return "" if us is None else length(round(us))
