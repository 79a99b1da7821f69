"""The satisfaction survey after a conversation."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import Announce, AskKey, Command, HangUp, Park, RingAgent
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.events import CallEnded, Event, SurveyBegun, Surveyed
from orchestrator.domain.survey import Survey
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen, question_name
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

SURVEY = Survey(prompt="rate", thanks="thanks")


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """A queue with a survey, and a caller who talks to a1."""
    centre = CallCentre(redis_url, agents=1, survey=SURVEY)
    prompts = {name: PromptConfig(id=name, name=name, path=f"t/{name}.wav", ms=1000) for name in ("rate", "thanks")}
    centre.config = replace(centre.config, version=2, prompts=prompts)
    centre.publish()
    centre.online("a1")
    talk(centre)
    return centre


def talk(centre: CallCentre) -> None:
    centre.queue("c1")
    ring = next(command for command in centre.telephony.take() if isinstance(command, RingAgent))
    centre.use.answer.parked("t", "c1", ring.leg, "fs1")
    centre.use.answer.joined("t", "c1", ring.leg)
    centre.telephony.take()


def agent_hangs_up(centre: CallCentre) -> list[Command]:
    leg = centre.call("c1").leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", hung_up=True))
    if centre.call("c1").state is CallState.SURVEY:
        centre.use.steps.caller_parked("t", "c1")
    return centre.telephony.take()


def press(centre: CallCentre, key: str) -> list[Command]:
    if not key:
        centre.clock.pass_s(10)
    centre.use.steps.step_over("t", "c1", centre.call("c1").step, key)
    return centre.telephony.take()


def caller_leaves(centre: CallCentre) -> CallEnded:
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    return story(centre, CallEnded)[0]


def story(centre: CallCentre, kind: type[Event]) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def test_the_caller_is_asked_while_the_agent_wraps_up(centre: CallCentre) -> None:
    """CDR-1: the agent is released at once, the caller hears the prompt, gives a score, is thanked and let go."""
    ask = agent_hangs_up(centre)[-1]
    assert isinstance(ask, AskKey)
    assert (ask.sounds, ask.keys) == (("t/rate.wav",), "12345")
    assert (centre.call("c1").state, centre.agent("a1").state) == (CallState.SURVEY, AgentState.WRAP_UP)
    (thanks,) = press(centre, "4")
    assert isinstance(thanks, Announce)
    assert press(centre, "") == [HangUp(leg="c1")]
    assert [(e.queue, e.agent, e.score) for e in story(centre, Surveyed)] == [("sales", "a1", 4)]
    ended = caller_leaves(centre)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.CONNECTED, Party.AGENT)


def test_a_wrong_key_is_asked_once_more(centre: CallCentre) -> None:
    """CDR-1: after the second wrong or missing key the caller is let go without a score."""
    agent_hangs_up(centre)
    assert isinstance(press(centre, "9")[-1], AskKey)
    assert press(centre, "") == [HangUp(leg="c1")]
    assert story(centre, Surveyed) == []
    assert [(e.queue, e.agent) for e in story(centre, SurveyBegun)] == [("sales", "a1")]


def test_hanging_up_in_the_survey_leaves_the_outcome(centre: CallCentre) -> None:
    """QUEUE-6: the call was connected, whatever the caller does afterwards."""
    agent_hangs_up(centre)
    assert caller_leaves(centre).outcome is Outcome.CONNECTED


def test_a_silent_switch_does_not_keep_the_caller_in_the_survey(centre: CallCentre) -> None:
    """SAFE-1: a question whose end nothing tells is asked again at its deadline, then the call ends."""
    agent_hangs_up(centre)
    for _ in range(2):
        centre.clock.pass_s(30)
        centre.fire()
    assert centre.call("c1").state is CallState.ENDING


@pytest.mark.parametrize("parked_first", [False, True])
def test_the_question_waits_for_the_end_of_the_talk(centre: CallCentre, parked_first: bool) -> None:
    """CDR-1, SAFE-1: the switch tells of both ends in any order; asked earlier the question is cut off with it."""
    leg = centre.call("c1").leg
    ends = [
        lambda: centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", hung_up=True)),
        lambda: centre.use.steps.caller_parked("t", "c1"),
    ]
    for end in reversed(ends) if parked_first else ends:
        assert not any(isinstance(command, AskKey) for command in centre.telephony.take())
        end()
    assert isinstance(centre.telephony.take()[-1], AskKey)


def test_a_talk_whose_end_nothing_proves_is_ended(centre: CallCentre) -> None:
    """SAFE-1: the caller is parked by command, again and again, and asked then."""
    leg = centre.call("c1").leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", hung_up=True))
    centre.telephony.take()
    for _ in range(2):
        centre.clock.pass_s(6)
        centre.fire()
        assert centre.telephony.take() == [Park(leg="c1")]
    centre.use.steps.caller_parked("t", "c1")
    assert isinstance(centre.telephony.take()[-1], AskKey)


def test_a_question_that_is_cut_off_is_no_try(centre: CallCentre) -> None:
    """CDR-1: it is asked again at once, and both tries are left."""
    agent_hangs_up(centre)
    centre.use.steps.step_over("t", "c1", centre.call("c1").step, "")
    assert isinstance(centre.telephony.take()[-1], AskKey)
    assert isinstance(press(centre, "9")[-1], AskKey)
    assert press(centre, "") == [HangUp(leg="c1")]


def test_whoever_takes_over_asks_what_was_not_asked(centre: CallCentre) -> None:
    """SAFE-1: killed between the agent's end and the question, or while it was asked."""
    leg = centre.call("c1").leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", hung_up=True))
    caller = LegSeen(leg="c1", inbound=True, answered=1, parked=True)
    for asking, asked in ((False, True), (True, False), (False, True)):
        centre.telephony.take()
        centre.clock.pass_s(3)
        seen = replace(caller, asking=asking, question=question_name(centre.call("c1").step or ""))
        centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [seen], restarted=False)
        assert [type(command) for command in centre.telephony.take()] == [AskKey] * asked


def test_no_survey_where_the_caller_hangs_up_or_none_is_configured(centre: CallCentre) -> None:
    """CDR-1: only who is still there is asked, and only where the queue has a survey."""
    assert caller_leaves(centre).outcome is Outcome.CONNECTED
    queue = replace(centre.config.queues["sales"], survey=None)
    centre.config = replace(centre.config, version=3, queues={"sales": queue})
    centre.publish()
    centre.use.agents.choose_state("t", "a1", AgentState.ONLINE, "", "test")
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    talk(centre)
    assert agent_hangs_up(centre) == [HangUp(leg="c1")]


def test_a_caller_in_the_survey_is_let_go_when_redis_has_lost_everything(centre: CallCentre) -> None:
    """SAFE-1: nobody who has talked is put back into the line."""
    agent_hangs_up(centre)
    entered = centre.call("c1").entered
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    seen = LegSeen(
        leg="c1",
        role="caller",
        tenant="t",
        call="c1",
        agent="a1",
        queue="sales",
        state="survey",
        entered=entered,
        inbound=True,
        answered=entered,
        created=entered,
        number="4001",
    )
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [seen], restarted=False)
    assert HangUp(leg="c1") in centre.telephony.take()
    assert (centre.call("c1").state, centre.call("c1").outcome) == (CallState.ENDING, Outcome.CONNECTED)
