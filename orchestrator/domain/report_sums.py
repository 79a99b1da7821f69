"""Stretches of time that reports are added up ahead for (REP-1): which there are, and what of a time they cover.

All times are microseconds UTC. Every time zone's hours and days begin at a quarter of an hour.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.domain.reports import SECOND, Step, begin

QUARTER_US = 900 * SECOND


class Span(NamedTuple):
    """From `since` until before `until`."""

    since: int
    until: int

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two have any moment in common."""
        return self.since < other.until and other.since < self.until

    def within(self, other: "Span") -> bool:
        """Tell whether the other one has every moment of this one."""
        return other.since <= self.since and self.until <= other.until


def quarters_of(moments: Iterable[int]) -> list[Span]:
    """Return the quarters of an hour that hold these moments, in order; those beside each other in one."""
    starts = sorted({at // QUARTER_US for at in moments})
    return merged(Span(at * QUARTER_US, (at + 1) * QUARTER_US) for at in starts)


def in_quarters(span: Span) -> Span:
    """Return the quarters of an hour that a span touches."""
    return Span(span.since // QUARTER_US * QUARTER_US, -(-span.until // QUARTER_US) * QUARTER_US)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same time in as few spans as possible, in order."""
    found: list[Span] = []
    for span in sorted(one for one in spans if one.since < one.until):
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return, in order, the time of some spans that none of the others has."""
    left, holes = [], merged(taken)
    for since, until in merged(spans):
        at = since
        for hole in holes:
            if hole.until > at and hole.since < until:
                left.append(Span(at, hole.since))
                at = hole.until
        left.append(Span(at, until))
    return [span for span in left if span.since < span.until]


def hours(day: Span, zone: ZoneInfo) -> list[Span]:
    """Return the hours of a day by the wall clock: where clocks change by half an hour some are shorter."""
    found = []
    for _, some in groupby(range(day.since, day.until, QUARTER_US), key=lambda at: begin(at, Step.HOUR, zone)):
        quarters = list(some)
        found.append(Span(quarters[0], min(quarters[-1] + QUARTER_US, day.until)))
    return found


def few(spans: Iterable[Span], most: int) -> list[Span]:
    """Return at most so many spans (1 at least) that have all the time of these, and as little besides as can be."""
    whole = merged(spans)
    gaps = sorted((Span(one.until, other.since) for one, other in pairwise(whole)), key=lambda gap: gap[1] - gap[0])
    return merged([*whole, *gaps[: max(0, len(whole) - most)]])


def unmarked(spans: Iterable[Span], marks: Iterable[Span]) -> Iterator[Span]:
    """Yield those of the spans that no mark touches; both in order."""
    holes = merged(marks)
    place = 0
    for span in sorted(spans):
        while place < len(holes) and holes[place].until <= span.since:
            place += 1
        if place == len(holes) or holes[place].since >= span.until:
            yield span
