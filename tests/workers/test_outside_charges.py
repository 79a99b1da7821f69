"""Legs to telephones outside are charged one by one; money held in vain is given back."""

from decimal import Decimal

from peewee import Database
from redis import Redis

from orchestrator.database.billing.accounts import add_version, set_account
from orchestrator.database.billing.ledger import balance_of, post_payment
from orchestrator.database.models import ChargeRow, Tenant
from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from orchestrator.domain.events import OutsideCalled
from orchestrator.store import keys
from orchestrator.store.balances import RedisBalances
from orchestrator.store.connection import connect
from tests.workers.bills import DAY, HOTLINE, NOVEMBER, D, ended_call
from tests.workers.stories import S, connected_call, leg_ended, stream
from workers.bills import keep_all
from workers.jobs import write_events
from workers.rating import rate_call, unrated_calls
from workers.spending import tell_spending
from workers.unclaimed import CLAIM_US, release_unclaimed

AT = NOVEMBER + DAY
LATER = AT + DAY
CHINA = Rate(
    direction=CallDirection.OUT, prefix="+86", name="China", price=D("0.12"), first_s=6, next_s=6,
    connection_fee=D("0.05"),
)  # fmt: skip
MOBILES = Rate(direction=CallDirection.OUT, prefix="+86139", name="Mobiles", price=D("0.2"))
TARIFF = TariffVersion(
    tariff="all", number=0, valid_from=0, rents={}, tax_percent=D(6), rates=(HOTLINE, CHINA, MOBILES)
)


def _billed(prepaid: bool = False) -> None:
    Tenant.create(id="demo", name="Demo")
    add_version(TARIFF, "All", "op", NOVEMBER)
    set_account("demo", "all", NOVEMBER, prepaid=prepaid, credit=D(0), low_balance=None)


def _forwarded(call: str = "4001-call") -> list:  # type: ignore[type-arg]
    """A call of 78 s whose caller was also put through to two telephones outside; nobody answered the second."""
    events = connected_call(call, AT)
    legs = [
        OutsideCalled(at=AT, call=call, leg="out-1", number="+8613900001111"),
        leg_ended(call, "out-1", "outside", None, AT, AT + 61 * S),
        OutsideCalled(at=AT, call=call, leg="out-2", number="+862012345678"),
        leg_ended(call, "out-2", "agent", "1001", AT, AT + 13 * S),
    ]
    return [*events[:1], *legs, *events[1:]]


def test_each_leg_has_its_direction_and_number(database: Database) -> None:  # noqa: ARG001
    """BILL-1: caller, a telephone outside, an agent's mobile: each once, by its own number; devices cost nothing."""
    _billed()
    write_events("demo", stream(_forwarded()))
    for _ in range(2):
        rate_call("demo", "4001-call", LATER)
    rows = {row.reference: row for row in ChargeRow.select()}
    assert rows.keys() == {"4001-call", "out-1", "out-2"}
    assert {row.direction for row in rows.values()} == {"in", "out"}
    assert (rows["out-1"].number, rows["out-1"].net) == ("+8613900001111", D("0.4"))
    assert (rows["out-2"].number, rows["out-2"].net) == ("+862012345678", D("0.086"))
    assert -balance_of("demo")[1] == sum(row.total for row in rows.values())


def test_a_leg_that_ends_after_its_call_is_charged_too(database: Database) -> None:  # noqa: ARG001
    """BILL-1: the telephone outside may be let go last; keeping the bills finds it whatever was lost."""
    _billed()
    *events, late = [event for event in _forwarded() if getattr(event, "leg", "") != "out-1"] + [
        leg_ended("4001-call", "out-1", "outside", None, AT, AT + 61 * S)
    ]
    events.insert(1, OutsideCalled(at=AT, call="4001-call", leg="out-1", number="+8613900001111"))
    messages = stream([*events, late])
    write_events("demo", messages[:-1])
    rate_call("demo", "4001-call", LATER)
    assert unrated_calls("demo", NOVEMBER, 10) == []
    write_events("demo", messages[-1:])
    assert unrated_calls("demo", NOVEMBER, 10) == ["4001-call"]
    keep_all(LATER, lambda *_: None)
    assert {row.reference for row in ChargeRow.select()} == {"4001-call", "out-1", "out-2"}


def test_what_agents_calls_cost_counts_for_their_limits(database: Database, redis_url: str) -> None:  # noqa: ARG001
    """SAFE-4, BILL-1: what was charged today for calls that agents placed, by agent; inbound and other days not."""
    _billed()
    for call, agent, number, day in (
        ("o1", "1001", "+8613900001111", 0), ("o2", "1001", "+862012345678", 0), ("o3", "1002", "+8613900001111", 1),
    ):  # fmt: skip
        ended_call(
            call, AT + day * DAY, 60, number="4001", caller=number, direction="out", agent=agent, role="customer"
        )
        rate_call("demo", call, LATER)
    ended_call("i1", AT, 60)
    rate_call("demo", "i1", LATER)
    redis = connect(redis_url)
    tell_spending(redis, "demo", AT + 3600 * S)
    day = keys.called("demo", "2026-11-02")
    assert redis.hgetall(day) == {"spend": "392200", "spend:1001": "392200"}
    tell_spending(redis, "demo", AT + DAY + 3600 * S)
    assert redis.hgetall(keys.called("demo", "2026-11-03")) == {"spend": "212000", "spend:1002": "212000"}


def test_money_held_in_vain_is_given_back(database: Database, redis_url: str) -> None:  # noqa: ARG001
    """BILL-1, SAFE-1: what a dead process has set aside comes back: charged legs at once, unknown ones in an hour."""
    _billed(prepaid=True)
    post_payment("demo", "top_up", "1", D(10), NOVEMBER)
    write_events("demo", stream(_forwarded()))
    rate_call("demo", "4001-call", LATER)
    redis = connect(redis_url)
    balances = RedisBalances(redis)
    balances.settle("demo", 1, D(10), BillingTerms(prepaid=True, versions=(TARIFF,)))
    for leg in ("out-1", "nobody knows"):
        redis.hset(keys.reservations("demo"), leg, 2_000_000)
        redis.hincrby(keys.balance("demo"), "reserved", 2_000_000)
    release_unclaimed(redis, LATER)
    assert balances.held("demo") == {"nobody knows": Decimal(2)}
    release_unclaimed(redis, LATER + CLAIM_US - 1000)
    assert balances.held("demo") == {"nobody knows": Decimal(2)}
    release_unclaimed(redis, LATER + CLAIM_US)
    assert balances.held("demo") == {}
    assert redis.hget(keys.balance("demo"), "reserved") == "0"
    assert not Redis.from_url(redis_url).exists(keys.unclaimed("demo"))
