"""Reports: what is counted, over which stretches of time, and how each figure is made of the counts (REP-1).

A call in a queue counts at the moment when it left the line, a conversation when it began, as on the wallboards
(WALL-4), so that yesterday's report and yesterday's wallboard agree to the call. All times are microseconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from operator import add, attrgetter
from zoneinfo import ZoneInfo

SECOND = 1_000_000


class Step(StrEnum):
    """The stretch of time that one line of a report is about."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Formula(StrEnum):
    """What the calls answered in time are compared with for the service level.

    `offered`: all offered calls; `without_short`: offered calls less those that gave up at once; `connected`:
    connected calls only, so that abandoned ones do not count.
    """

    OFFERED = "offered"
    WITHOUT_SHORT = "without_short"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums; each figure is defined in docs/reports.md.

    Of calls that left a line: `offered` = connected + abandoned + timed_out + called_back + callback_failed + other;
    `short` is a part of abandoned, `within` and `repeated` of connected. Of conversations that came in: `handled`,
    of which `direct` ones came out of no line. `reached` and `unreached` were called by agents, `forwarded` put
    through to a telephone outside, `messages` left. `asked` and `scored` tell of the survey, `scores` is its sum.
    `working_us` and `ready_us` are the agents' time in calls and wrap-up, and waiting for the next.
    """

    offered: int = 0
    connected: int = 0
    abandoned: int = 0
    short: int = 0
    timed_out: int = 0
    called_back: int = 0
    callback_failed: int = 0
    within: int = 0
    repeated: int = 0
    answer_us: int = 0
    handled: int = 0
    direct: int = 0
    talk_us: int = 0
    hold_us: int = 0
    wrap_up_us: int = 0
    reached: int = 0
    unreached: int = 0
    out_talk_us: int = 0
    out_wrap_up_us: int = 0
    forwarded: int = 0
    messages: int = 0
    asked: int = 0
    scored: int = 0
    scores: int = 0
    working_us: int = 0
    ready_us: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Add everything up."""
        return Tally(*map(add, sums_of(self), sums_of(other)))

    @property
    def other(self) -> int:
        """Calls that left in another way: lost with their switch, sent on."""
        known = self.connected + self.abandoned + self.timed_out + self.called_back + self.callback_failed
        return self.offered - known

    @property
    def placed(self) -> int:
        """Calls that agents placed."""
        return self.reached + self.unreached

    def service_level(self, formula: Formula) -> float | None:
        """Return connected within the threshold / what the formula says, 0-1; None where there was nothing."""
        match formula:
            case Formula.OFFERED:
                return ratio(self.within, self.offered)
            case Formula.WITHOUT_SHORT:
                return ratio(self.within, self.offered - self.short)
            case Formula.CONNECTED:
                return ratio(self.within, self.connected)

    @property
    def speed_of_answer(self) -> float | None:
        """Return the average waiting time of connected calls, us."""
        return ratio(self.answer_us, self.connected)

    @property
    def handle_time(self) -> float | None:
        """Return the average of talk (with hold) and wrap-up over conversations that came in, us."""
        return ratio(self.talk_us + self.wrap_up_us, self.handled)

    @property
    def talk_time(self) -> float | None:
        """Return the average of talk without hold over conversations that came in, us."""
        return ratio(self.talk_us - self.hold_us, self.handled)

    @property
    def hold_time(self) -> float | None:
        """Return the average time on hold over conversations that came in, us."""
        return ratio(self.hold_us, self.handled)

    @property
    def wrap_up_time(self) -> float | None:
        """Return the average wrap-up over conversations that came in, us."""
        return ratio(self.wrap_up_us, self.handled)

    @property
    def out_handle_time(self) -> float | None:
        """Return the average of talk (with hold) and wrap-up over calls out that were reached, us."""
        return ratio(self.out_talk_us + self.out_wrap_up_us, self.reached)

    @property
    def reach_rate(self) -> float | None:
        """Return reached / placed, 0-1."""
        return ratio(self.reached, self.placed)

    @property
    def abandonment_rate(self) -> float | None:
        """Return abandoned / offered, 0-1."""
        return ratio(self.abandoned, self.offered)

    @property
    def occupancy(self) -> float | None:
        """Return the share of their time at work that agents spent with calls, 0-1."""
        return ratio(self.working_us, self.working_us + self.ready_us)

    @property
    def repeat_rate(self) -> float | None:
        """Return the share of connected calls whose caller had called in the day before, 0-1."""
        return ratio(self.repeated, self.connected)

    @property
    def score(self) -> float | None:
        """Return the survey's average, 1-5."""
        return ratio(self.scores, self.scored)

    @property
    def answered_share(self) -> float | None:
        """Return the share of surveys that were answered, 0-1."""
        return ratio(self.scored, self.asked)


#: All sums of a tally, in their order.
sums_of = attrgetter(*(field.name for field in fields(Tally)))


class Counted(StrEnum):
    """What can be counted and looked at call by call."""

    OFFERED = "offered"
    CONNECTED = "connected"
    ABANDONED = "abandoned"
    SHORT = "short"
    TIMED_OUT = "timed_out"
    CALLED_BACK = "called_back"
    CALLBACK_FAILED = "callback_failed"
    OTHER = "other"
    WITHIN = "within"
    REPEATED = "repeated"
    HANDLED = "handled"
    DIRECT = "direct"
    REACHED = "reached"
    UNREACHED = "unreached"
    PLACED = "placed"
    FORWARDED = "forwarded"
    MESSAGES = "messages"
    ASKED = "asked"
    SCORED = "scored"


@dataclass(frozen=True, slots=True)
class Slice:
    """What happened in a quarter of an hour that begins at `at` (us UTC); `agent` is None for who met none.

    `tag` and `disposition` (a key) are told where slices are by them.
    """

    at: int
    queue: str | None
    agent: str | None
    number: str | None
    tally: Tally
    tag: str | None = None
    disposition: str | None = None


class Dimension(StrEnum):
    """What a report has lines for, besides time."""

    TOTAL = "total"
    QUEUE = "queue"
    AGENT = "agent"
    GROUP = "group"
    NUMBER = "number"
    TAG = "tag"

    def key(self, piece: Slice, groups: Mapping[str, str]) -> str | None:
        """Return the line that a slice belongs to, None for none; `groups` tells each agent's."""
        match self:
            case Dimension.QUEUE:
                return piece.queue or None
            case Dimension.AGENT:
                return piece.agent
            case Dimension.GROUP:
                return groups.get(piece.agent or "") or None
            case Dimension.NUMBER:
                return piece.number or None
            case Dimension.TAG:
                return piece.tag
            case _:
                return ""


def fold(
    slices: Iterable[Slice], step: Step, zone: ZoneInfo, dimension: Dimension, groups: Mapping[str, str]
) -> dict[tuple[int, str], Tally]:
    """Add slices up to lines: by the stretch's beginning (us UTC) and the dimension's key."""
    lines: dict[tuple[int, str], Tally] = {}
    begins: dict[int, int] = {}
    for piece in slices:
        key = dimension.key(piece, groups)
        if key is None:
            continue
        if piece.at not in begins:
            begins[piece.at] = begin(piece.at, step, zone)
        line = begins[piece.at], key
        lines[line] = lines[line] + piece.tally if line in lines else piece.tally
    return lines


def ratio(part: int, whole: int) -> float | None:
    """Return part / whole, None for nothing of nothing."""
    return part / whole if whole else None


def begin(at: int, step: Step, zone: ZoneInfo) -> int:
    """Return when the stretch that holds `at` begins in a time zone; both us UTC.

    An hour begins at the wall clock's full hour (the hour repeated in autumn counts as two); weeks begin on Monday.
    """
    local = datetime.fromtimestamp(at // SECOND, UTC).astimezone(zone)
    if step is Step.HOUR:
        return (at // SECOND - local.minute * 60 - local.second) * SECOND
    return _midnight(_first_day(local.date(), step), zone)


def steps(since: int, until: int, step: Step, zone: ZoneInfo) -> Iterator[int]:
    """Yield the beginnings of all stretches that [since, until) touches, us UTC."""
    at = begin(since, step, zone)
    while at < until:
        yield at
        at = after(at, step, zone)


def after(at: int, step: Step, zone: ZoneInfo) -> int:
    """Return when the stretch that begins at `at` is over; both us UTC."""
    if step is Step.HOUR:
        return at + 3600 * SECOND
    day = datetime.fromtimestamp(at // SECOND, UTC).astimezone(zone).date()
    ahead = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 32}[step]
    return _midnight(_first_day(day + timedelta(days=ahead), step), zone)


def _first_day(day: date, step: Step) -> date:
    match step:
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case _:
            return day


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp()) * SECOND
