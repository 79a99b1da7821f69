"""An agent's own telephone transfers the caller (REFER), through the use cases on a real Redis."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Mark, RingAgent
from orchestrator.domain.config import QueueConfig
from orchestrator.domain.events import CallTransferred, QueueEntered
from tests.support.talk import Talk


@pytest.fixture
def talk(redis_url: str) -> Talk:
    talk = Talk(redis_url)
    centre = talk.centre
    queues = {**centre.config.queues, "help": QueueConfig(id="help", name="Help")}
    route = replace(centre.config.numbers["4001"], number="4002", route=replace(_route(talk), target="help"))
    centre.config = replace(centre.config, version=2, queues=queues, numbers={**centre.config.numbers, "4002": route})
    centre.publish()
    return talk


def _route(talk: Talk):  # noqa: ANN202
    return talk.centre.config.numbers["4001"].route


def _transferred(talk: Talk) -> list[tuple[str, str, str]]:
    return [(event.agent, event.way, event.target) for event in talk.events(CallTransferred)]


def test_to_another_agent(talk: Talk) -> None:
    """WEB-1: the agent of that telephone rings, whoever transferred wraps up, the mark is taken off the channel."""
    assert talk.centre.use.refer.referred("t", "c1", "t-2")
    told = talk.centre.telephony.take()
    assert Mark(leg="c1", variables={"cc_transfer_to": ""}) in told
    assert HangUp(leg=talk.leg) in told
    (ring,) = (command for command in told if isinstance(command, RingAgent))
    assert (ring.agent, talk.state("a1"), talk.state("a2")) == ("a2", AgentState.WRAP_UP, AgentState.RINGING)
    talk.leg_ends(talk.leg)
    assert (talk.call.state, _transferred(talk)) == (CallState.OFFERED, [("a1", "agent", "a2")])
    talk.leg_ends(ring.leg, "USER_BUSY")
    assert talk.call.state in (CallState.WAITING, CallState.OFFERED)
    assert talk.call.ahead is not None


def test_to_a_line(talk: Talk) -> None:
    """WEB-1: an owned number stands for the line that its calls go to."""
    talk.centre.use.refer.referred("t", "c1", "4002")
    assert (talk.call.state, talk.call.queue) == (CallState.WAITING, "help")
    assert _transferred(talk) == [("a1", "queue", "help")]


@pytest.mark.parametrize("number", ["t-1", "t-3", "999", "13900139000", ""])
def test_to_nobody(talk: Talk, number: str) -> None:
    """WEB-1, QUEUE-3, SAFE-1: the agent himself, one who is away, an unknown number: ahead of newer callers in line."""
    talk.centre.use.refer.referred("t", "c1", number)
    assert (talk.call.queue, talk.call.asked.agent) == ("sales", "a2")
    assert talk.events(QueueEntered)[-1].entered > talk.call.ahead


def test_only_a_talk_is_transferred(talk: Talk) -> None:
    """SAFE-1: a mark that was found in another state, or of a call that is over, changes nothing."""
    talk.held()
    assert not talk.centre.use.refer.referred("t", "c1", "t-2")
    assert not talk.centre.use.refer.referred("t", "c9", "t-2")
    assert (talk.call.state, talk.take()) == (CallState.HELD, [])


@pytest.mark.parametrize("hung_up", [True, False])
def test_takeover_after_the_transfer(talk: Talk, *, hung_up: bool) -> None:
    """SAFE-1: transferred while no orchestrator lived, the telephone perhaps put down: the caller is served."""
    caller = talk.caller_seen(parked=True, transfer_to="t-2")
    talk.taken_over(caller, *([] if hung_up else [talk.agent_seen(talk.leg, parked=True)]))
    assert (talk.call.state, talk.call.asked.agent) == (CallState.OFFERED, "a2")
    assert talk.state("a1") is AgentState.WRAP_UP
