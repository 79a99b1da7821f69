"""Meters of agents' mobiles and of telephones that are asked, where Redis has lost them or there were none (BILL-1)."""

import pytest

from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from orchestrator.store.balances import RedisBalances
from tests.store.test_prepaid_calls import MOBILE, balance
from tests.support.mobile import MOBILES, configure, mobile_centre, picked_up


def test_a_mobile_s_meter_outlives_a_redis_that_loses_everything(redis_url: str) -> None:
    """SAFE-1, BILL-1, MOB-1: the number on the channel of an agent's mobile tells what it costs, from its answer on."""
    centre = mobile_centre(redis_url, agents=1)
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    centre.use.answer.joined("t", "c1", leg)
    began = centre.clock.now()
    centre.clock.pass_s(20)
    centre.redis.flushdb()
    centre.store.forget_all()
    configure(centre)
    balance(centre, "5")
    caller = LegSeen(leg="c1", tenant="t", call="c1", inbound=True, answered=began, created=began, bridged=True,
                     caller="13800138000", number="4001", queue="sales", entered=began)  # fmt: skip
    mobile = LegSeen(leg=leg, role="agent", tenant="t", call="c1", agent="a1", bridged=True, answered=began,
                     number="013900000001", called="+8613900000001")  # fmt: skip
    for _ in range(2):
        centre.use.reconcile.adopt("fs1", Known(frozenset(), frozenset()), [caller, mobile], restarted=False)
    (meter,) = centre.call("c1").meters
    assert (meter.leg, meter.number, meter.begun) == (leg, "+8613900000001", began)
    assert meter.covered_s > 20
    assert RedisBalances(centre.redis).held("t").keys() == {leg}


@pytest.mark.parametrize("mobile", [False, True])
def test_who_is_asked_outside_is_metered_from_now_on(redis_url: str, *, mobile: bool) -> None:
    """BILL-1: the company pays before since a moment ago: agents' mobiles and telephones outside get their meters."""
    centre = mobile_centre(redis_url, agents=2)
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    centre.use.answer.joined("t", "c1", leg)
    centre.online("a2")
    ask = centre.use.control.consult if mobile else centre.use.control.consult_outside
    ask("t", "c1", "a1", "a2" if mobile else "13900001111", "user")
    asked = centre.call("c1").consult.leg
    balance(centre, "5")
    seen = [LegSeen(leg=one, role="agent", tenant="t", call="c1", answered=1) for one in (leg, asked)]
    centre.use.reconcile.audit("fs1", centre.use.reconcile.known("fs1"), (), (), seen)
    found = {meter.leg: (meter.number, meter.begun is None) for meter in centre.call("c1").meters}
    assert found == {leg: (MOBILES + "1", False), asked: (MOBILES + "2" if mobile else MOBILE, True)}
    assert RedisBalances(centre.redis).held("t").keys() == {leg, asked}
