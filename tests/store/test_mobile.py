"""Agents who answer on their mobiles, through the use cases on a real Redis (MOB-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import AskKey, HangUp, Join, RingAgent, RingNumber
from orchestrator.domain.events import OfferEnded, OfferPickedUp
from orchestrator.domain.offer import OfferState
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import AgentEngagedError, NoMobileError
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre
from tests.support.mobile import MOBILES, asked, configure, mobile_centre, picked_up, rung


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return mobile_centre(redis_url)


def events(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    found = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in found if isinstance(event, kind)]


def results(centre: CallCentre) -> list[tuple[str, OfferState]]:
    return [(event.agent, event.result) for event in events(centre, OfferEnded)]


def joined(centre: CallCentre) -> list[Join]:
    return [command for command in centre.telephony.take() if isinstance(command, Join)]


def talk(centre: CallCentre) -> str:
    """a1 has taken the caller on the mobile; returns the mobile's leg."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    centre.use.answer.joined("t", "c1", leg)
    centre.telephony.take()
    return leg


def test_the_mobile_is_rung_through_the_trunk(centre: CallCentre) -> None:
    """MOB-1, NUM-1: no device is needed; the trunk gets the number as it wants it, and an owned number to show."""
    centre.online("a1")
    centre.queue("c1")
    order = rung(centre)
    assert (order.number, order.trunk, order.caller_id, order.ring_s) == ("013900000001", "pstn", "4001", 20)
    assert (order.role, order.marks) == ("agent", {"cc_agent": "a1", "cc_queue": "sales"})
    assert (centre.call("c1").state, centre.agent("a1").state) == (CallState.OFFERED, AgentState.RINGING)


def test_only_the_key_joins(centre: CallCentre) -> None:
    """MOB-1: answered is not taken: the caller waits on until 1 is pressed, then the two are joined."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    assert (question.leg, question.keys, question.timeout_ms) == (leg, "1", 10_000)
    assert (centre.call("c1").state, centre.call("c1").asked.state) == (CallState.OFFERED, OfferState.CONFIRMING)
    assert centre.agent("a1").state is AgentState.RINGING
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    assert joined(centre) == [Join(leg="c1", tenant="t", agent_leg=leg)]
    centre.use.answer.joined("t", "c1", leg)
    assert (centre.call("c1").state, centre.agent("a1").state) == (CallState.CONNECTED, AgentState.IN_CALL)
    assert len(events(centre, OfferPickedUp)) == 1
    assert results(centre) == [("a1", OfferState.ACCEPTED)]


@pytest.mark.parametrize("how", ["no_key", "wrong_key", "hangs_up", "says_nothing"])
def test_whatever_else_answers_never_gets_the_caller(centre: CallCentre, how: str) -> None:
    """MOB-1, QUEUE-3, QUEUE-4: mailbox, pocket, hang-up, silence of the switch: the next agent at once, same place."""
    centre.online("a1", "a2")
    centre.queue("c1")
    entered = centre.call("c1").entered
    leg, question = picked_up(centre)
    match how:
        case "no_key":
            centre.use.answer.keyed("t", "c1", leg, question.step, "")
        case "wrong_key":
            centre.use.answer.keyed("t", "c1", leg, question.step, "5")
        case "hangs_up":
            centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", hung_up=True))
        case "says_nothing":
            centre.clock.pass_s(12.1)
            centre.fire()
    told = centre.telephony.take()
    assert not [command for command in told if isinstance(command, Join)]
    assert (HangUp(leg=leg) in told) == (how != "hangs_up")
    assert (centre.call("c1").asked.agent, centre.call("c1").entered) == ("a2", entered)
    assert results(centre) == [("a1", OfferState.NOT_CONFIRMED)]
    assert (centre.agent("a1").state, centre.agent("a1").missed) == (AgentState.ONLINE, 1)


def test_a_key_after_the_time_finds_nobody(centre: CallCentre) -> None:
    """MOB-1: too late is not taken; the leg is let go (again)."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.clock.pass_s(12.1)
    centre.fire()
    centre.telephony.take()
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    assert joined(centre) == []
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert centre.telephony.take() == [HangUp(leg=leg, cause="LOSE_RACE")]


def test_events_that_come_twice_ask_once(centre: CallCentre) -> None:
    """MOB-1, SAFE-1: neither a second park event nor a second key does anything."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert centre.telephony.take() == []
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    assert len(joined(centre)) == 1


def test_three_mailboxes_in_a_row_lead_to_break(centre: CallCentre) -> None:
    """STATE-7, MOB-1: an agent whose mailbox answers has missed the call."""
    centre.online("a1")
    centre.queue("c1")
    for _ in range(3):
        leg, question = picked_up(centre)
        centre.use.answer.keyed("t", "c1", leg, question.step, "")
        centre.clock.pass_s(1.1)
        centre.fire()
    assert (centre.agent("a1").state, centre.agent("a1").reason) == (AgentState.BREAK, "no_answer")


@pytest.mark.parametrize(("cause", "missed"), [("NORMAL_TEMPORARY_FAILURE", 0), ("USER_BUSY", 1), ("NO_ANSWER", 1)])
def test_a_trunk_that_fails_is_not_the_agents_fault(centre: CallCentre, cause: str, missed: int) -> None:
    """STATE-7, MOB-1: a trunk that is down sends nobody on break; busy and no answer count."""
    centre.online("a1")
    centre.queue("c1")
    leg = rung(centre).leg
    centre.use.end.leg_failed("t", "c1", leg, cause)
    assert centre.agent("a1").missed == missed


def test_the_network_may_be_silent_until_the_ring_time(centre: CallCentre) -> None:
    """MOB-1: a mobile that tells nothing of its ringing is waited for as long as any, then it has rung out."""
    centre.online("a1", "a2")
    centre.queue("c1")
    leg = rung(centre).leg
    centre.clock.pass_s(10)
    centre.fire()
    assert centre.call("c1").asked.leg == leg
    centre.clock.pass_s(11)
    centre.fire()
    assert results(centre) == [("a1", OfferState.NO_ANSWER)]
    assert HangUp(leg=leg, cause="NO_ANSWER") in centre.telephony.take()


def test_the_caller_hangs_up_while_a_mobile_is_asked(centre: CallCentre) -> None:
    """MOB-1, SAFE-1: the mobile is let go and the agent free."""
    centre.online("a1")
    centre.queue("c1")
    leg, _ = picked_up(centre)
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    assert centre.agent("a1").state is AgentState.ONLINE


def test_the_wait_limit_counts_while_a_mobile_is_asked(redis_url: str) -> None:
    """QUEUE-6, MOB-1: the caller's longest wait is not stretched by a mailbox."""
    centre = mobile_centre(redis_url, max_wait_s=5)
    centre.online("a1")
    centre.queue("c1")
    leg, _ = picked_up(centre)
    centre.clock.pass_s(5.1)
    centre.fire()
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    assert results(centre) == [("a1", OfferState.CANCELLED)]


def test_refused_while_ringing_and_asked(centre: CallCentre) -> None:
    """STATE-2, MOB-1: neither state nor answer mode nor login can be changed meanwhile."""
    centre.online("a1")
    centre.queue("c1")
    picked_up(centre)
    for change in (
        lambda: centre.use.agents.choose_state("t", "a1", AgentState.BREAK, "", "u"),
        lambda: centre.use.agents.change_answer_mode("t", "a1", AnswerMode.WEB, "u"),
        lambda: centre.use.agents.force_logout("t", "a1", "u"),
    ):
        with pytest.raises(AgentEngagedError):
            change()
    assert (centre.agent("a1").state, centre.agent("a1").mode) == (AgentState.RINGING, AnswerMode.MOBILE)


def test_answer_mode_is_refused_in_a_call(centre: CallCentre) -> None:
    """STATE-2, MOB-1: the agent who talks on the mobile stays there."""
    talk(centre)
    with pytest.raises(AgentEngagedError):
        centre.use.agents.change_answer_mode("t", "a1", AnswerMode.WEB, "u")


def test_forced_logout_lets_calls_go_on_reaching_the_mobile(centre: CallCentre) -> None:
    """STATE-5: the state stays, and the next call rings the mobile."""
    centre.online("a1")
    centre.use.agents.force_logout("t", "a1", "supervisor")
    assert centre.agent("a1").state is AgentState.ONLINE
    centre.queue("c1")
    assert rung(centre).number == "013900000001"


def test_without_a_number_nobody_answers_on_a_mobile(centre: CallCentre) -> None:
    """MOB-1: the mode is refused, and one whose number is taken away answers in the browser again (STATE-6)."""
    centre.online("a1")
    configure(centre, agents={**centre.config.agents, "a1": replace(centre.config.agents["a1"], mobile="")})
    agent = centre.agent("a1")
    assert (agent.mode, agent.ready) == (AnswerMode.WEB, False)
    with pytest.raises(NoMobileError):
        centre.use.agents.change_answer_mode("t", "a1", AnswerMode.MOBILE, "u")
    centre.clock.pass_s(31)
    centre.fire()
    assert (centre.agent("a1").state, centre.agent("a1").reason) == (AgentState.OFFLINE, "device_lost")


def test_a_mobile_that_cannot_be_rung_blocks_nobody(centre: CallCentre) -> None:
    """MOB-1, BLACK-1, QUEUE-4: its agent goes on break with the reason, the next one is asked at once."""
    blocked = BlockedNumber(entry=f"{MOBILES}1", direction=Direction.OUT, expires=None)
    RedisBlacklistWriter(centre.redis, centre.clock).put("t", [blocked])
    centre.online("a1", "a2")
    centre.queue("c1")
    assert rung(centre).number == "013900000002"
    assert (centre.agent("a1").state, centre.agent("a1").reason) == (AgentState.BREAK, "no_mobile")


def test_pages_mean_nothing_to_a_talk_on_the_mobile(centre: CallCentre) -> None:
    """MOB-1, STATE-6: the desk is opened, loaded anew and closed; the talk goes on."""
    leg = talk(centre)
    centre.use.devices.registered("t-1", True, "r1", "page-1")
    centre.use.devices.registered("t-1", True, "r2", "page-2")
    centre.use.devices.registered("t-1", False, "r2")
    assert centre.telephony.take() == []
    assert (centre.call("c1").state, centre.call("c1").leg) == (CallState.CONNECTED, leg)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", hung_up=True))
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_another_agents_mobile_confirms_a_consultation(centre: CallCentre) -> None:
    """WEB-1, MOB-1: a colleague on a mobile is asked to press 1 too; a mailbox gives the caller back."""
    leg = talk(centre)
    centre.online("a2")
    for key in ("", "1"):
        centre.use.control.consult("t", "c1", "a1", "a2", "u")
        order = rung(centre)
        assert order.number == "013900000002"
        centre.use.steps.caller_parked("t", "c1")
        centre.use.answer.parked("t", "c1", order.leg, "fs1")
        question = asked(centre)
        centre.use.answer.keyed("t", "c1", order.leg, question.step, key)
        assert joined(centre)[0].agent_leg == (order.leg if key else leg)
        if not key:
            centre.use.answer.joined("t", "c1", leg)
    assert centre.agent("a2").state is AgentState.IN_CALL


def test_the_browser_rings_when_the_agent_is_back_there(centre: CallCentre) -> None:
    """MOB-1: the mode decides for each call anew."""
    centre.use.devices.registered("t-1", True)
    centre.use.agents.change_answer_mode("t", "a1", AnswerMode.WEB, "u")
    centre.online("a1")
    centre.queue("c1")
    told = centre.telephony.take()
    assert [type(c) for c in told if isinstance(c, RingAgent | RingNumber | AskKey)] == [RingAgent]
