"""Calls that agents place from their mobiles: the mobile first, 1 pressed, then the customer (OUT-1, MOB-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import AskKey, DialOut, HangUp, RingNumber
from orchestrator.domain.config import NumberConfig, PromptConfig, to_queue
from orchestrator.domain.events import CallEnded, CallPlaced, OutsideCalled
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.mobile import PRESS_ONE, PRESS_ONE_TO_CALL
from orchestrator.domain.offer import OfferState
from orchestrator.service.errors import (
    AgentOfflineError,
    NoTrunkError,
    NumberBlockedError,
    OwnPhoneMissingError,
    RefusedError,
)
from orchestrator.service.seen import LegSeen, question_name
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure, mobile_centre, rung
from tests.support.outbound import place, report, story

SAID = {id_: PromptConfig(id=id_, name=id_, path=name, ms=1000, kind="piece")
        for name in (PRESS_ONE, PRESS_ONE_TO_CALL) for id_ in (piece_id(SpokenLanguage.ZH, name),)}  # fmt: skip


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Agents who answer on their mobiles, a1 online."""
    centre = mobile_centre(redis_url)
    configure(centre, prompts=SAID)
    centre.online("a1")
    centre.telephony.take()
    return centre


def asked(centre: CallCentre) -> tuple[str, AskKey]:
    """The agent's mobile was answered; returns its leg and what is asked."""
    place(centre)
    leg = rung(centre).leg
    centre.use.answer.alerted("t", "o1", leg, "fs1")
    centre.use.answer.parked("t", "o1", leg, "fs1")
    (question,) = centre.telephony.take()
    assert isinstance(question, AskKey)
    return leg, question


def confirmed(centre: CallCentre) -> DialOut:
    """The agent has pressed 1."""
    leg, question = asked(centre)
    centre.use.answer.keyed("t", "o1", leg, question.step, "1")
    (dial,) = centre.telephony.take()
    assert isinstance(dial, DialOut)
    assert dial.leg == leg
    return dial


def test_mobile_first_then_the_customer(centre: CallCentre) -> None:
    """OUT-1, MOB-1, STATE-4: by the trunk, with an owned number; 1 pressed, the customer; counters, wrap-up, record."""
    place(centre)
    ring = rung(centre)
    assert (ring.number, ring.trunk, ring.caller_id, ring.role) == ("013900000001", "pstn", "4001", "agent")
    assert (centre.agent("a1").state, centre.call("o1").state) == (AgentState.RINGING, CallState.PLACED)
    centre.use.answer.parked("t", "o1", ring.leg, "fs1")
    (question,) = centre.telephony.take()
    assert isinstance(question, AskKey)
    assert question.sounds == (PRESS_ONE_TO_CALL,)
    centre.use.answer.keyed("t", "o1", ring.leg, question.step, "1")
    (dial,) = centre.telephony.take()
    assert isinstance(dial, DialOut)
    assert (dial.leg, dial.customer, dial.number, dial.caller_id) == (ring.leg, "o1", "013900139000", "4001")
    centre.use.outbound.answered("t", "o1", "o1", "fs1", centre.clock.now())
    assert (centre.agent("a1").state, centre.agent("a1").connected_out) == (AgentState.IN_CALL, 1)
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    assert HangUp(leg=ring.leg) in centre.telephony.take()
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, centre.agent("a1").state) == (Outcome.REACHED, AgentState.WRAP_UP)
    assert [(event.leg, event.number) for event in story(centre, OutsideCalled)] == [(ring.leg, "+8613900000001")]
    assert len(story(centre, CallPlaced)) == 1


@pytest.mark.parametrize("key", ["", "5"])
def test_without_the_key_nobody_is_called(centre: CallCentre, key: str) -> None:
    """MOB-1, STATE-7: a mailbox has answered: nothing else rings, the agent has missed nothing, and is told why."""
    leg, question = asked(centre)
    centre.use.answer.keyed("t", "o1", leg, question.step, key)
    told = centre.telephony.take()
    assert [(type(command), command.leg) for command in told] == [(HangUp, leg)]
    agent = centre.agent("a1")
    assert (agent.state, agent.missed, agent.unreached.cause) == (AgentState.ONLINE, 0, "NOT_CONFIRMED")
    assert [event.outcome for event in story(centre, CallEnded)] == [Outcome.NOT_PLACED]


@pytest.mark.parametrize(("seconds", "asks", "cause"), [(41, False, "NO_ANSWER"), (20, True, "NOT_CONFIRMED")])
def test_deadlines(centre: CallCentre, seconds: int, asks: bool, cause: str) -> None:
    """SAFE-1, MOB-1: neither a mobile that nobody answers nor one that says nothing holds the agent."""
    if asks:
        asked(centre)
    else:
        place(centre)
        centre.clock.pass_s(10)
        centre.fire()
        assert centre.call("o1").state is CallState.PLACED
    centre.clock.pass_s(seconds)
    centre.fire()
    assert (centre.call("o1"), centre.agent("a1").unreached.cause) == (None, cause)
    assert not centre.agent("a1").engaged


def test_a_mobile_that_hangs_up_in_the_question(centre: CallCentre) -> None:
    """MOB-1: nobody is called."""
    leg, _ = asked(centre)
    centre.use.end.agent_leg_ended("t", "o1", report(leg, role="agent"))
    assert (centre.call("o1"), centre.agent("a1").unreached.cause) == (None, "NOT_CONFIRMED")
    assert not [command for command in centre.telephony.take() if isinstance(command, DialOut)]


def block(centre: CallCentre) -> None:
    blocked = BlockedNumber(entry="+8613900000001", direction=Direction.OUT)
    RedisBlacklistWriter(centre.redis, centre.clock).put("t", [blocked])


def without_mobile(centre: CallCentre) -> None:
    agents = centre.config.agents
    configure(centre, agents={**agents, "a1": replace(agents["a1"], mobile="")})
    agent = centre.agent("a1")
    assert (agent.mode, agent.registered) == (AnswerMode.WEB, False)


def without_trunk(centre: CallCentre) -> None:
    mobile = replace(centre.config.mobile, caller_id="4009")
    numbers = {**centre.config.numbers, "4009": NumberConfig(number="4009", route=to_queue("sales"))}
    configure(centre, numbers=numbers, mobile=mobile)


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (block, NumberBlockedError),
        (without_mobile, OwnPhoneMissingError),
        (without_trunk, NoTrunkError),
        (lambda centre: centre.use.agents.choose_state("t", "a1", AgentState.OFFLINE, "", "test"), AgentOfflineError),
    ],
)
def test_refused_before_anything_rings(centre: CallCentre, prepare, error: type[RefusedError]) -> None:  # noqa: ANN001
    """OUT-1, BLACK-1, NUM-1: nobody is called whose agent can't be rung; nothing is changed."""
    prepare(centre)
    with pytest.raises(error):
        place(centre)
    assert centre.telephony.take() == []
    assert (centre.call("o1"), centre.agent("a1").engaged) == (None, False)


def take_over(centre: CallCentre, *seen: LegSeen) -> None:
    centre.clock.pass_s(0.001)
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), seen, restarted=False)


def mobile(leg: str, **what: object) -> LegSeen:
    return LegSeen(leg=leg, role="agent", tenant="t", call="o1", agent="a1", rings=True, answered=9, **what)  # type: ignore[arg-type]


def test_whoever_takes_over_goes_on(centre: CallCentre) -> None:
    """SAFE-1, MOB-1: answered meanwhile: asked; asked already: not again; 1 pressed meanwhile: the customer is rung."""
    place(centre)
    leg = rung(centre).leg
    take_over(centre, mobile(leg, parked=True))
    (question,) = centre.telephony.take()
    assert isinstance(question, AskKey)
    seen = mobile(leg, parked=True, question=question_name(question.step))
    take_over(centre, replace(seen, asking=True))
    assert centre.telephony.take() == []
    assert centre.call("o1").asked.state is OfferState.CONFIRMING
    take_over(centre, replace(seen, key="1"))
    assert [type(command) for command in centre.telephony.take()] == [DialOut]


def test_a_talk_survives_the_loss_of_everything(centre: CallCentre) -> None:
    """SAFE-1: rebuilt from the two channels' marks; it ends as it would have, with one record."""
    dial = confirmed(centre)
    centre.use.outbound.answered("t", "o1", "o1", "fs1", centre.clock.now())
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    customer = LegSeen(
        leg="o1", role="customer", tenant="t", call="o1", agent="a1", caller="013900139000", number="4001",
        answered=centre.clock.now(), bridged=True,
    )  # fmt: skip
    take_over(centre, mobile(dial.leg, bridged=True, dialling=True), customer)
    assert (centre.call("o1").state, centre.call("o1").leg) == (CallState.CONNECTED, dial.leg)
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    assert [event.outcome for event in story(centre, CallEnded)] == [Outcome.REACHED]
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_a_lost_question_is_ended(centre: CallCentre) -> None:
    """SAFE-1: nobody knows any more who was to be called: the mobile is let go and the agent free."""
    leg, _ = asked(centre)
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    take_over(centre, mobile(leg, parked=True, asking=True))
    assert centre.telephony.take() == [HangUp(leg=leg)]
    assert not centre.agent("a1").engaged


def test_the_mobile_rings_as_the_tenant_wants_it(centre: CallCentre) -> None:
    """NUM-1, MOB-1: an owned number of the tenant's choice is shown to the agent, the picked one to the customer."""
    numbers = {**centre.config.numbers, "4002": NumberConfig(number="4002", route=to_queue("sales"), trunk="pstn")}
    configure(centre, numbers=numbers, mobile=replace(centre.config.mobile, caller_id="4002"))
    place(centre)
    (ring,) = [command for command in centre.telephony.take() if isinstance(command, RingNumber)]
    assert (ring.caller_id, centre.call("o1").placed.caller_id) == ("4002", "4001")
