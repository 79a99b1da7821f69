"""A prepaid call whose orchestrator is killed in each phase of its money: set aside, warned, used up (BILL-1)."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, NumberConfig, Way
from orchestrator.domain.metering import DEAD_MAN_S
from orchestrator.domain.trunks import Trunk
from orchestrator.store.balances import RedisBalances
from simulator.control import Behaviour
from tests.support.real_centre import NUMBER, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

#: What the balance has in seconds of talk: less than the time before which a warning is due.
SECONDS = 15

#: 0.10 for each second.
RATE = Rate(direction=CallDirection.OUT, prefix="+86", name="China", price=Decimal(6), first_s=1, next_s=1)
TERMS = BillingTerms(
    prepaid=True, versions=(TariffVersion(tariff="prepaid", number=1, valid_from=0, rents={}, rates=(RATE,)),)
)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """A company that pays before, whose number leads outside."""
    out = Destination(way=Way.NUMBER, target="13900001111", ring_s=20)
    numbers = {NUMBER: NumberConfig(number=NUMBER, route=out, trunk="pstn")}
    with simulated_centre(tmp_path, 0, numbers=numbers, trunks={"pstn": Trunk(name="pstn")}) as running:
        yield running


def adopted(centre: SimulatedCentre, times: int) -> None:
    """Kill the orchestrator; another has taken the call over."""
    centre.restart()
    centre.wait("the call to be adopted", lambda: centre.events().count("call_adopted") >= times, 30)


def test_killed_in_every_phase_of_the_money(centre: SimulatedCentre) -> None:
    """BILL-1, SAFE-1: set aside once, warned once; the talk ends at the limit, with one record.

    Where no orchestrator is there again ten seconds after the limit, the switch has ended it by itself.
    """
    balances, whole = RedisBalances(centre.redis), Decimal(SECONDS) / 10
    balances.settle(TENANT, 1, whole, TERMS)
    centre.control.set_gateway(Behaviour(after_ms=2500))
    caller = centre.call_in()
    centre.wait("the money", lambda: list(balances.held(TENANT).values()) == [whole], 20)
    adopted(centre, 1)
    centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.FORWARDED], 30)
    centre.wait("the warning", lambda: "balance_ends" in centre.events(), 20)
    (call,) = centre.calls()
    begun = call.meters[0].begun
    assert begun is not None
    adopted(centre, 2)
    assert list(balances.held(TENANT).values()) == [whole]
    centre.orchestrator.kill()
    clock = centre.use.work.clock
    centre.wait("the limit", lambda: clock.now() > begun + SECONDS * 1_000_000, 30)
    centre.orchestrator.start()
    database = centre.work()
    centre.wait("the call's end", lambda: not centre.calls(), 30)
    centre.wait_written(database)
    *_, adopted_last = [event["at"] for event in centre.stream() if event["type"] == "call_adopted"]
    in_time = adopted_last < begun + (SECONDS + DEAD_MAN_S) * 1_000_000
    counted = Counter(centre.events())
    ends = [counted[name] for name in ("balance_ends", "balance_used_up", "call_ended")]
    assert ends == [1, int(in_time), 1]
    centre.wait("every leg to be gone", lambda: not centre.control.legs(), 10)
    assert caller not in balances.held(TENANT)
    by = "system" if in_time else "outside"
    assert database.execute_sql("SELECT outcome, hung_up_by FROM call_record").fetchall() == [("forwarded", by)]
