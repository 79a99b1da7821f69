"""What moves an agent between states, without any store."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.agent import AGENT_MACHINE, CHOSEN_STATES, Agent, AgentState, AgentTrigger, AnswerMode
from orchestrator.domain.machine import IllegalTransitionError

NOW = 1_795_000_000_000_000
CALL_STATES = (AgentState.RINGING, AgentState.IN_CALL, AgentState.WRAP_UP)


def online(**changes: object) -> Agent:
    fresh = Agent(id="a", registered=True).choose(AgentState.ONLINE, "", NOW)
    return replace(fresh, **changes)  # type: ignore[arg-type]


@given(st.sampled_from(CALL_STATES), st.sampled_from(list(AgentTrigger)))
def test_call_states_are_entered_only_by_calls(target: AgentState, trigger: AgentTrigger) -> None:
    """STATE-1: no choice of a person leads to ringing, in call or wrap-up."""
    chosen_by_people = trigger.value.startswith("go_")
    reached = {AGENT_MACHINE.table.get((state, trigger)) for state in AgentState}
    assert not (chosen_by_people and target in reached)


@pytest.mark.parametrize("state", CHOSEN_STATES)
def test_people_choose_online_break_busy_and_offline(state: AgentState) -> None:
    """STATE-1: each chosen state can be taken from each other one, and ends a wrap-up."""
    for before in (*CHOSEN_STATES, AgentState.WRAP_UP):
        assert online(state=before).choose(state, "", NOW).state is state


@pytest.mark.parametrize("state", [AgentState.RINGING, AgentState.IN_CALL])
def test_nobody_changes_an_engaged_agent(state: AgentState) -> None:
    """STATE-2: while ringing or in a call no chosen state can be taken."""
    engaged = online(state=state)
    assert engaged.engaged
    for chosen in CHOSEN_STATES:
        with pytest.raises(IllegalTransitionError):
            engaged.choose(chosen, "", NOW)


def test_the_duration_restarts_with_each_change() -> None:
    """STATE-3: an hour online, then break: the timer counts the break."""
    an_hour_later = NOW + 3_600_000_000
    on_break = online().choose(AgentState.BREAK, "lunch", an_hour_later)
    assert (on_break.since, on_break.state) == (an_hour_later, AgentState.BREAK)


@pytest.mark.parametrize("held", [AgentState.ONLINE])
def test_after_wrap_up_the_state_before_the_call_is_back(held: AgentState) -> None:
    """STATE-4: closing the form leads back to the state held before; so does the limit."""
    talking = online(chosen=held).offer("c", "leg", "q", NOW).answer(NOW)
    wrapping = talking.end_call(60_000_000, NOW)
    assert (wrapping.state, wrapping.due) == (AgentState.WRAP_UP, NOW + 60_000_000)
    back = wrapping.wrap_up(NOW + 5)
    assert (back.state, back.due, back.call, back.idle_since) == (held, None, None, NOW + 5)


def test_a_form_closed_in_the_call_holds_for_that_call() -> None:
    """STATE-4: the next call's form is open again."""
    talking = online().offer("c", "leg", "q", NOW).answer(NOW).close_form(True)
    assert talking.count_connected("2026-01-01", True).form_closed
    again = talking.return_call(NOW).offer("d", "leg", "q", NOW)
    assert not again.form_closed
    assert not again.answer(NOW).form_closed
    assert not talking.end_call(None, NOW).form_closed


def test_a_wrap_up_without_limit_has_no_deadline() -> None:
    """STATE-4: a limit of 0 means none."""
    assert online().offer("c", "leg", "q", NOW).answer(NOW).end_call(None, NOW).due is None


def test_forced_logout_differs_by_answer_mode() -> None:
    """STATE-5: a web agent goes offline, a mobile agent keeps the state."""
    assert online(mode=AnswerMode.WEB).log_out(NOW).state is AgentState.OFFLINE
    assert online(mode=AnswerMode.MOBILE).log_out(NOW).state is AgentState.ONLINE


def test_answering_in_the_browser_needs_a_device_within_the_grace() -> None:
    """STATE-6: a mobile agent who changes to the browser without a device has the grace to register one."""
    mobile = online(mode=AnswerMode.MOBILE, registered=False)
    assert mobile.answer_by(AnswerMode.MOBILE, 30, NOW) == mobile
    waits = mobile.answer_by(AnswerMode.WEB, 30, NOW)
    assert (waits.ready, waits.device_due) == (False, NOW + 30)
    assert waits.without_device(30, NOW + 30).state is AgentState.OFFLINE
    assert waits.answer_by(AnswerMode.MOBILE, 30, NOW).device_due is None
    assert replace(mobile, registered=True).answer_by(AnswerMode.WEB, 30, NOW).device_due is None


def test_web_agents_are_ready_only_with_a_device() -> None:
    """STATE-6: without a registered device a web agent is offered nothing; a mobile agent needs none."""
    assert online().ready
    assert not online(registered=False).ready
    assert online(registered=False, mode=AnswerMode.MOBILE).ready


def test_three_unanswered_offers_in_a_row_lead_to_break() -> None:
    """STATE-7: the reason is told; an answered call starts the count again."""
    agent = online()
    for n in range(1, 4):
        agent = agent.offer(f"c{n}", "leg", "q", NOW).fail_offer(True, 3, NOW)
    assert (agent.state, agent.reason, agent.chosen) == (AgentState.BREAK, "no_answer", AgentState.BREAK)
    twice = online(missed=2).offer("c", "leg", "q", NOW).answer(NOW)
    assert twice.missed == 0
    assert online(missed=2).offer("c", "leg", "q", NOW).fail_offer(False, 3, NOW).state is AgentState.ONLINE


def test_today_counts_begin_again_with_the_day() -> None:
    """WALL-4: the first call of another day counts one."""
    yesterday = online(day="2026-11-22", connected_in=9, connected_out=4)
    today = yesterday.count_connected("2026-11-23", inbound=True)
    assert (today.connected_in, today.connected_out) == (1, 0)
    assert today.count_connected("2026-11-23", inbound=False).connected_out == 1
