"""The blacklist where calls meet it: in Redis, and in the use cases that take or make calls."""

from collections import Counter
from collections.abc import Callable

import pytest

from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, TakeOver
from orchestrator.domain.events import CallArrived, CallBlocked, CallEnded, Event
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import NumberBlockedError
from orchestrator.service.numbers import normalise_entry
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.blacklist import BATCH, RedisBlacklistWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import SECOND, CallCentre

IN, OUT, BOTH = Direction.IN, Direction.OUT, Direction.BOTH

Block = Callable[..., None]


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url)


@pytest.fixture
def writer(centre: CallCentre) -> RedisBlacklistWriter:
    return RedisBlacklistWriter(centre.redis, centre.clock)


@pytest.fixture
def block(writer: RedisBlacklistWriter) -> Block:
    """Puts one entry of tenant `t` into force, written in any way."""

    def put(written: str, direction: Direction = BOTH, expires: int | None = None) -> None:
        entry = normalise_entry(written, "CN")
        writer.put("t", [BlockedNumber(entry=entry, direction=direction, expires=expires)])

    return put


def events(centre: CallCentre) -> list[Event]:
    return [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]


def refused(centre: CallCentre, caller: str, call: str = "c1") -> bool:
    """A call arrives; tell whether it was refused unanswered, and let it be over."""
    centre.telephony.take()
    centre.arrive(call, caller)
    told = centre.telephony.take()
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))
    assert told in ([HangUp(leg=call, cause="CALL_REJECTED")], [TakeOver(leg=call, tenant="t")])
    return isinstance(told[0], HangUp)


def calling(centre: CallCentre, number: str, call: str = "o1") -> str | None:
    """Check a number before it is called; return why it is refused."""
    try:
        centre.use.blacklist.calling("t", call, "4001", number)
    except NumberBlockedError as error:
        return error.id
    return None


@pytest.mark.parametrize("caller", ["13800138000", "+8613800138000", "013800138000", "008613800138000"])
@pytest.mark.parametrize("written", ["+86 138 0013 8000", "0138 0013 8000", "138*", "0138001*"])
def test_a_listed_caller_is_refused_however_the_number_is_written(
    centre: CallCentre, block: Block, caller: str, written: str
) -> None:
    """BLACK-1: the caller hears a refusal from the network, nothing is answered; others get through."""
    block(written)
    assert refused(centre, caller)
    assert not refused(centre, "13900138000")


def test_directions_are_apart(centre: CallCentre, block: Block) -> None:
    """BLACK-1: inbound = they can't reach us, outbound = we can't call them, both = both."""
    block("13800000001", IN)
    block("13800000002", OUT)
    block("13800000003", BOTH)
    callers = [f"1380000000{n}" for n in (1, 2, 3, 4)]
    assert [refused(centre, caller) for caller in callers] == [True, False, True, False]
    assert [calling(centre, number) for number in callers] == [None, "number_blocked", "number_blocked", None]


def test_hidden_numbers_can_be_blocked(centre: CallCentre, block: Block) -> None:
    """BLACK-1: whoever hides the number matches the entry `anonymous`, and no other."""
    block("138*")
    assert not refused(centre, "anonymous")
    block("匿名")
    assert [refused(centre, caller) for caller in ("anonymous", "", "Restricted")] == [True, True, True]


def test_an_expired_entry_blocks_nobody(centre: CallCentre, block: Block) -> None:
    """BLACK-1: from the millisecond of its expiry on, without anything having been removed; others stay."""
    block("13800138000", expires=centre.clock.at + 60 * SECOND)
    assert refused(centre, "13800138000")
    centre.clock.pass_s(59.999)
    assert refused(centre, "13800138000")
    centre.clock.pass_s(0.001)
    assert not refused(centre, "13800138000")
    assert centre.redis.zcard(keys.blacklist("t", "in")) == 1
    block("13900139000")
    assert centre.redis.zrange(keys.blacklist("t", "in"), 0, -1) == ["+8613900139000"]


def test_an_expired_number_does_not_hide_the_prefix_in_force(centre: CallCentre, block: Block) -> None:
    """BLACK-1: the most exact entry that is in force counts."""
    block("13800138000", expires=centre.clock.at + SECOND)
    block("138*")
    centre.clock.pass_s(2)
    assert refused(centre, "13800138000")
    assert [e.entry for e in events(centre) if isinstance(e, CallBlocked)] == ["+86138*"]


def test_changing_and_removing_an_entry_counts_for_the_next_call(
    centre: CallCentre, block: Block, writer: RedisBlacklistWriter
) -> None:
    """BLACK-1: an entry that turns from in to out lets the caller in; one that is removed lets everybody."""
    block("13800138000", IN)
    block("13800138000", OUT)
    assert not refused(centre, "13800138000")
    assert calling(centre, "13800138000") == "number_blocked"
    writer.drop("t", ["+8613800138000"])
    assert calling(centre, "13800138000", "o2") is None


def test_replacing_the_list_leaves_nothing_else(centre: CallCentre, block: Block, writer: RedisBlacklistWriter) -> None:
    """BLACK-1: a full publication of any size puts exactly these entries into force, also none at all."""
    block("13900139000")
    many = (BlockedNumber(entry=f"+86138{n:08}", direction=IN) for n in range(BATCH + 10))
    assert writer.replace("t", many) == BATCH + 10
    assert refused(centre, f"138{BATCH:08}")
    assert not refused(centre, "13900139000")
    assert calling(centre, "13800000000") is None
    assert writer.replace("t", []) == 0
    assert not refused(centre, f"138{BATCH:08}")
    assert not centre.redis.keys("*blacklist*")


def test_the_list_of_another_tenant_does_not_count(centre: CallCentre, writer: RedisBlacklistWriter) -> None:
    """SAFE-3: each tenant has a list of its own."""
    writer.put("other", [BlockedNumber(entry="+8613800138000", direction=BOTH)])
    assert not refused(centre, "13800138000")


@pytest.mark.parametrize("caller", ["138*", "*", "+86138*", "13800138000*", "13800138000\r\n", "a" * 5000, "9" * 5000])
def test_what_a_caller_sends_as_number_is_data(centre: CallCentre, block: Block, caller: str) -> None:
    """SAFE-2: a star or a line break in the caller's number gives no entry a new meaning, and any length is taken."""
    block("+86139*")
    assert not refused(centre, caller)


def test_a_refused_call_is_told_once_and_counted_in_no_queue(centre: CallCentre, block: Block) -> None:
    """BLACK-1, CDR-1: one arrival, one block, one end with outcome blocked; an agent stays free."""
    block("138*", IN)
    centre.online("a1")
    centre.telephony.take()
    centre.arrive("c1")
    centre.arrive("c1")
    assert centre.telephony.take() == [HangUp(leg="c1", cause="CALL_REJECTED")]
    assert centre.call("c1").state is CallState.ENDING
    centre.use.enqueue.answered("t", "c1")
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller", cause="CALL_REJECTED"))
    told = [e for e in events(centre) if getattr(e, "call", None) == "c1"]
    kinds = Counter(type(e) for e in told)
    assert (kinds[CallArrived], kinds[CallBlocked], kinds[CallEnded]) == (1, 1, 1)
    (blocked,) = [e for e in told if isinstance(e, CallBlocked)]
    assert (blocked.caller, blocked.number, blocked.direction, blocked.entry) == ("13800138000", "4001", IN, "+86138*")
    (ended,) = [e for e in told if isinstance(e, CallEnded)]
    assert (ended.outcome, ended.hung_up_by, ended.answered) == ("blocked", "system", None)
    assert centre.redis.hgetall(keys.counters("t")) == {}
    assert centre.redis.zcard(keys.deadlines("t")) == 0


def test_a_refused_caller_whom_the_switch_keeps_is_refused_again(centre: CallCentre, block: Block) -> None:
    """BLACK-1, SAFE-1: when the switch does not hang up, or another orchestrator takes over, it is told again."""
    block("138*", IN)
    centre.arrive("c1")
    centre.telephony.take()
    centre.clock.pass_s(5.1)
    centre.fire()
    assert centre.telephony.take() == [HangUp(leg="c1", cause="CALL_REJECTED")]
    centre.clock.pass_s(1)
    known = centre.use.reconcile.known("fs1")
    seen = [LegSeen(leg="c1", inbound=True, caller="13800138000", number="4001")]
    centre.use.reconcile.adopt("fs1", known, seen, restarted=False)
    assert centre.telephony.take() == [HangUp(leg="c1", cause="CALL_REJECTED")]
    assert centre.call("c1").state is CallState.ENDING


def test_a_listed_caller_found_after_a_loss_is_refused(centre: CallCentre, block: Block) -> None:
    """BLACK-1, SAFE-1: a channel that nobody took over yet goes the way of every new call."""
    block("138*", IN)
    seen = [LegSeen(leg="c1", inbound=True, caller="13800138000", number="4001")]
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), seen, restarted=False)
    assert centre.telephony.take() == [HangUp(leg="c1", cause="CALL_REJECTED")]


def test_a_call_that_may_not_be_made_is_told_whole(centre: CallCentre, block: Block) -> None:
    """BLACK-1, OUT-1: what is refused is a call of its own that ended blocked; else nothing is told."""
    block("138*", OUT)
    before = len(events(centre))
    assert calling(centre, "13912345678") is None
    assert len(events(centre)) == before
    assert calling(centre, "0138 0013 8000") == "number_blocked"
    blocked, ended = events(centre)[before:]
    assert isinstance(blocked, CallBlocked)
    assert (blocked.call, blocked.caller, blocked.number, blocked.direction) == ("o1", "4001", "0138 0013 8000", OUT)
    assert isinstance(ended, CallEnded)
    assert (ended.call, ended.outcome, ended.answered) == ("o1", "blocked", None)
    assert centre.telephony.take() == []
