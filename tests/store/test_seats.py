"""Who may log in, and what ends with the seats: on a real Redis."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from threading import Barrier

import pytest

from orchestrator.domain.agent import Agent, AgentState, AnswerMode
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import HangUp
from orchestrator.domain.events import CallEnded, CallTurnedDown, SeatsChanged
from orchestrator.domain.licence import Licence, SeatKind, SeatOrder, Standing
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import (
    AgentEngagedError,
    NoSeatError,
    SeatsTakenError,
    TenantExpiredError,
    TenantNotBegunError,
    TenantSuspendedError,
)
from orchestrator.service.use_cases import UseCases
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.codec import event_from_json
from orchestrator.store.configurations import RedisConfigurations
from orchestrator.store.connection import connect
from orchestrator.store.live_store import RedisLiveStore
from tests.support.call_centre import SECOND, CallCentre, NotingTelephony

OFFLINE, ONLINE, BREAK = AgentState.OFFLINE, AgentState.ONLINE, AgentState.BREAK


def seats(count: int, since: int = 0, until: int | None = None) -> SeatOrder:
    return SeatOrder(kind=SeatKind.CALL, count=count, since=since, until=until)


def bought(centre: CallCentre, *orders: SeatOrder, **licence: object) -> CallCentre:
    """Put a licence into force."""
    centre.config = replace(centre.config, licence=Licence(orders=orders, **licence))  # type: ignore[arg-type]
    centre.publish()
    return centre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url, agents=4)


def go(centre: CallCentre, agent: str, state: AgentState) -> None:
    centre.use.agents.choose_state("t", agent, state, "", "test")
    centre.clock.pass_s(0.001)


def told(centre: CallCentre, kind: type) -> list:
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def test_one_more_than_the_seats_is_refused_and_told_who_has_them(centre: CallCentre) -> None:
    """SEAT-3: the refusal names the limit and who holds the seats; nobody who works is thrown out."""
    bought(centre, seats(2))
    centre.online("a3", "a1")
    with pytest.raises(SeatsTakenError) as refused:
        go(centre, "a2", BREAK)
    assert refused.value.details == {"limit": "2", "holders": "Agent 3, Agent 1"}
    assert centre.agent("a2").state is OFFLINE
    assert {centre.agent(agent).state for agent in ("a1", "a3")} == {ONLINE}


def test_a_seat_is_free_when_its_holder_goes_offline(centre: CallCentre) -> None:
    """SEAT-3: break and busy hold the seat, offline gives it back."""
    bought(centre, seats(1))
    centre.online("a1")
    for state in (BREAK, AgentState.BUSY, ONLINE):
        go(centre, "a1", state)
        with pytest.raises(SeatsTakenError):
            centre.online("a2")
    go(centre, "a1", OFFLINE)
    centre.online("a2")
    assert list(centre.store.seated("t")) == ["a2"]


def test_a_mobile_agent_whose_login_has_ended_holds_the_seat(centre: CallCentre) -> None:
    """SEAT-3, STATE-5: calls go on reaching the mobile, so the seat is in use."""
    reachable = replace(centre.config.agents["a1"], mobile="+8613900000001")
    centre.config = replace(centre.config, agents={**centre.config.agents, "a1": reachable})
    bought(centre, seats(1))
    centre.use.agents.change_answer_mode("t", "a1", AnswerMode.MOBILE, "test")
    centre.online("a1")
    centre.use.agents.force_logout("t", "a1", "boss")
    assert centre.agent("a1").state is ONLINE
    with pytest.raises(SeatsTakenError):
        centre.online("a2")
    centre.use.agents.change_answer_mode("t", "a1", AnswerMode.WEB, "test")
    centre.use.agents.force_logout("t", "a1", "boss")
    assert centre.agent("a1").state is OFFLINE
    centre.online("a2")


def test_without_a_seat_assigned_nobody_logs_in(centre: CallCentre) -> None:
    """SEAT-2: the tenant itself says who has seats; whoever works on goes on."""
    centre.online("a1")
    agents = {id_: replace(agent, seat=id_ not in ("a1", "a2")) for id_, agent in centre.config.agents.items()}
    centre.config = replace(centre.config, agents=agents)
    centre.publish()
    go(centre, "a1", BREAK)
    with pytest.raises(NoSeatError):
        centre.online("a2")
    go(centre, "a1", OFFLINE)
    with pytest.raises(NoSeatError):
        centre.online("a1")


def test_fewer_seats_throw_nobody_out(centre: CallCentre) -> None:
    """SEAT-3: who works when seats are taken back goes on, call and all; the next log-in is refused."""
    bought(centre, seats(2))
    centre.online("a1", "a2")
    bought(centre, seats(1))
    centre.queue("c1")
    assert centre.agent("a1").state is AgentState.RINGING
    with pytest.raises(AgentEngagedError):
        go(centre, "a1", OFFLINE)
    go(centre, "a2", BREAK)
    go(centre, "a2", ONLINE)
    with pytest.raises(SeatsTakenError):
        centre.online("a3")


def test_seats_are_known_again_after_redis_has_lost_everything(centre: CallCentre, redis_url: str) -> None:
    """SEAT-3, SAFE-1: agents come back in the states they had chosen, and hold their seats."""
    bought(centre, seats(2))
    centre.online("a1", "a2")
    past = {id_: centre.agent(id_) for id_ in ("a1", "a2")}
    centre.redis.flushall()
    again = CallCentre(redis_url, agents=0)
    again.config = centre.config
    again.publish_with(past)
    assert list(again.store.seated("t")) == ["a1", "a2"]
    with pytest.raises(SeatsTakenError):
        go(again, "a3", BREAK)


def test_whoever_is_logged_in_without_a_seat_gets_one(centre: CallCentre) -> None:
    """SEAT-3: from a time before there were seats nobody is left uncounted."""
    centre.online("a1", "a2")
    centre.redis.delete(keys.seated("t"))
    bought(centre, seats(2))
    assert list(centre.store.seated("t")) == ["a1", "a2"]


def test_a_call_that_the_switch_has_is_taken_back_whatever_the_seats(centre: CallCentre) -> None:
    """SEAT-3: an agent whom the switch has in a call is working, bought or not."""
    bought(centre, seats(1))
    centre.online("a2")
    work = centre.use.work

    def restore(unit) -> None:  # noqa: ANN001
        unit.save_agent(unit.agent("a1").restore_call("c9", "leg", None, unit.now), "restored")

    work.run("t", restore)
    assert centre.agent("a1").state is AgentState.IN_CALL
    assert set(centre.store.seated("t")) == {"a1", "a2"}


def test_at_the_moment_of_expiry_calls_and_log_ins_are_refused(centre: CallCentre) -> None:
    """SEAT-4: to the microsecond; running calls finish, and the record says why the next one was refused."""
    end = centre.clock.now() + 60 * SECOND
    bought(centre, seats(4, until=end))
    centre.online("a1")
    centre.queue("c1")
    leg = centre.call("c1").offer.leg
    centre.use.answer.parked("t", "c1", leg, "fs1")
    centre.use.answer.joined("t", "c1", leg)
    centre.clock.at = end - 1
    centre.fire()
    assert told(centre, SeatsChanged) == []
    go(centre, "a2", BREAK)
    centre.clock.at = end
    centre.fire()
    assert [(event.standing, event.call) for event in told(centre, SeatsChanged)] == [(Standing.EXPIRED, 0)]
    with pytest.raises(TenantExpiredError):
        go(centre, "a3", ONLINE)
    assert centre.call("c1").state is CallState.CONNECTED
    centre.telephony.take()
    centre.arrive("c2")
    assert centre.telephony.take() == [HangUp(leg="c2", cause="SERVICE_UNAVAILABLE")]
    centre.use.end.caller_left("t", "c2", LegReport(leg="c2", role="caller"))
    assert [event.reason for event in told(centre, CallTurnedDown)] == [Standing.EXPIRED]
    assert [event.outcome for event in told(centre, CallEnded)] == [Outcome.REFUSED]
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller", hung_up=True))
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_seats_that_begin_later_begin_by_themselves(centre: CallCentre) -> None:
    """SEAT-1, SEAT-4: nothing needs to be published at the moment an order begins; the deadline tells the boards."""
    begin = centre.clock.now() + 60 * SECOND
    bought(centre, seats(1, since=begin))
    with pytest.raises(TenantNotBegunError):
        centre.online("a1")
    centre.clock.at = begin
    centre.fire()
    assert [event.standing for event in told(centre, SeatsChanged)] == [Standing.VALID]
    centre.online("a1")
    assert centre.store.due("t", centre.clock.now() + 10**15, 10) == []


def test_suspended_tenants_are_told_why(centre: CallCentre) -> None:
    """SEAT-4: the operator's reason stands in the refusal."""
    bought(centre, suspended=1, reason="unpaid")
    with pytest.raises(TenantSuspendedError) as refused:
        centre.online("a1")
    assert refused.value.details == {"reason": "unpaid"}
    centre.arrive("c1")
    assert told(centre, CallTurnedDown)[0].reason is Standing.SUSPENDED


AGENTS, PROCESSES, LIMIT = 100, 4, 10


def log_in_many(url: str, agents: list[str]) -> list[str]:
    """One process: every agent logs in on a thread of its own, all let go together; returns who got in."""
    begin = Barrier(len(agents))

    def one(agent: str) -> bool:
        redis = connect(url)
        clock, configurations = RedisClock(redis), RedisConfigurations(redis)
        use = UseCases(RedisLiveStore(redis, configurations, clock), configurations, NotingTelephony(), clock)
        begin.wait()
        try:
            use.agents.choose_state("t", agent, ONLINE, "", "test")
        except SeatsTakenError:
            return False
        return True

    with ThreadPoolExecutor(len(agents)) as threads:
        return [agent for agent, let_in in zip(agents, threads.map(one, agents), strict=True) if let_in]


def test_of_a_hundred_at_once_exactly_ten_get_in(redis_url: str) -> None:
    """SEAT-3: 100 log-ins at the same time, from four processes, for 10 seats."""
    centre = bought(CallCentre(redis_url, agents=AGENTS), seats(LIMIT))
    names = [f"a{n}" for n in range(1, AGENTS + 1)]
    shares = [(redis_url, names[first::PROCESSES]) for first in range(PROCESSES)]
    with get_context("spawn").Pool(PROCESSES) as processes:
        inside = [agent for share in processes.starmap(log_in_many, shares) for agent in share]
    assert len(inside) == LIMIT
    held: list[Agent] = [held.document for held in centre.store.all_agents("t")]
    assert sorted(agent.id for agent in held if agent.state is ONLINE) == sorted(inside)
    assert sorted(centre.store.seated("t")) == sorted(inside)
