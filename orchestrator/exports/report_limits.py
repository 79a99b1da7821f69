"""Reports that nobody would wait for are known before they are added up (REP-1)."""

from enum import StrEnum

from orchestrator.database.report_sums import asked_of, cover, more_than
from orchestrator.database.reports import ReportFilter, more_calls_than
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import Dimension
from orchestrator.exports.report_lines import Layout

#: Whoever waits for an answer has so many calls counted from the records at most: a month of 8,000 calls a day, some
#: ten seconds of a machine with nothing else to do. Proxies give up after 60 s.
MOST_CALLS = 250_000

#: To look only for those that were answered within a threshold of one's own takes a third of the time.
OF_THRESHOLD = 3


class TooMuch(StrEnum):
    """Why a report is not begun: more lines than a page shows; too many calls to count; sums that are being made."""

    LINES = "lines"
    CALLS = "calls"
    UNDER_WAY = "under_way"


def too_much(tenant: str, wanted: ReportFilter, layout: Layout, most_lines: int | None = None) -> TooMuch | None:
    """Tell why a report had better not be begun, None: nothing is known against it.

    `most_lines` are those of a page, None for what has no end.
    """
    span, asked = Span(wanted.since, wanted.until), asked_of(wanted, layout.by, layout.groups)
    if asked is None:
        return TooMuch.CALLS if more_calls_than(MOST_CALLS, tenant, [span]) else None
    found = cover(tenant, span, layout.step, layout.zone, asked)
    of_lines = layout.by is not Dimension.GROUP and most_lines is not None
    if of_lines and more_than(most_lines or 0, tenant, asked, found, layout.step):
        return TooMuch.LINES
    if more_calls_than(MOST_CALLS, tenant, found.rest):
        return TooMuch.UNDER_WAY if asked.has(layout.step) else TooMuch.CALLS
    if wanted.threshold_us is not None and more_calls_than(MOST_CALLS * OF_THRESHOLD, tenant, [span]):
        return TooMuch.CALLS
    return None
