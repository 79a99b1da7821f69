"""Calls through every process of the product over the simulated switch."""

from pathlib import Path

from orchestrator.domain.agent import AgentState
from orchestrator.store import keys
from simulator.control import Behaviour
from tests.support.real_centre import TENANT
from tests.support.simulated_centre import simulated_centre


def test_a_call_is_queued_answered_wrapped_up_and_recorded(tmp_path: Path) -> None:
    """CDR-1, QUEUE-4, STATE-4: one call, one record with its legs, its stay in the queue and its offer."""
    with simulated_centre(tmp_path, 1, wrap_up_s=1) as centre:
        database = centre.work()
        centre.control.set_phone("t-1", Behaviour(after_ms=100))
        leg = centre.call_in(hangup_after_ms=500)
        centre.control.wait_for(uuid=leg, heard="music")
        centre.online()
        centre.control.wait_for(uuid=leg, joined=True)
        centre.wait_agent(AgentState.IN_CALL)
        centre.control.wait_for(uuid=leg, ended=True)
        centre.wait_agent(AgentState.WRAP_UP)
        centre.wait_agent(AgentState.ONLINE)
        centre.wait_written(database)
        row = database.execute_sql("SELECT call, outcome, hung_up_by, agent FROM call_record").fetchall()
        assert [tuple(r) for r in row] == [(leg, "connected", "caller", "a1")]
        legs = database.execute_sql("SELECT role FROM call_leg ORDER BY role").fetchall()
        assert [r[0] for r in legs] == ["agent", "caller"]


def test_refused_unanswered_and_unreachable_offers_go_to_the_next_agent(tmp_path: Path) -> None:
    """QUEUE-4: refusal, ring time over and an unregistered device each lead to the next agent at once."""
    with simulated_centre(tmp_path, 4) as centre:
        centre.control.set_phone("t-1", Behaviour(reaction="decline", after_ms=50))
        centre.control.set_phone("t-2", Behaviour(reaction="busy", after_ms=0))
        centre.control.set_phone("t-3", Behaviour(reaction="unreachable", after_ms=0))
        centre.control.set_phone("t-4", Behaviour(after_ms=50))
        centre.all_online()
        leg = centre.call_in()
        centre.control.wait_for(uuid=leg, joined=True)
        centre.wait_agent(AgentState.IN_CALL, "a4")
        centre.wait("four offers to end", lambda: list(centre.events()).count("offer_ended") == 4)
        assert all(centre.agent(a).state is AgentState.ONLINE for a in ("a1", "a2", "a3"))


def test_two_hundred_calls_leave_nothing_stuck_and_one_record_each(tmp_path: Path) -> None:
    """CDR-1, WALL-4, SAFE-1: 200 calls at 10 a second with 20 agents; counters equal records to the call."""
    load = "--numbers 4001 --calls 200 --calls-per-second 10 --talk 0.5..1.5 --patience 3..8 --answer-after 0.1..0.4"
    rates = "--answer-rate 0.85 --decline-rate 0.1 --seed 7"
    with simulated_centre(tmp_path, 20, *load.split(), *rates.split(), wrap_up_s=1) as centre:
        database = centre.work()
        centre.all_online()
        centre.control.wait_for(count="ended", at_least=200, timeout_ms=90_000)
        centre.wait_quiet()
        centre.wait_written(database)
        outcomes = database.execute_sql("SELECT outcome, count(*) FROM call_record GROUP BY outcome").fetchall()
        records = dict(outcomes)
        assert sum(records.values()) == 200
        assert database.execute_sql("SELECT count(DISTINCT call) FROM call_record").fetchone()[0] == 200
        counters = {k.split(":", 2)[2]: int(v) for k, v in centre.redis.hgetall(keys.counters(TENANT)).items()}
        for outcome in ("connected", "abandoned"):
            assert counters.get(outcome, 0) == records.get(outcome, 0)
        assert counters["offered"] == 200
        answered = sum(centre.agent(a).connected_in for a in centre.config.agents)
        assert answered == records["connected"]
        assert centre.control.legs() == []
        assert centre.redis.zcard(keys.deadlines(TENANT)) == 0
