"""Agents change their state by phone, through the use cases on a real Redis (MOB-1, STATE-1, STATE-2, STATE-4)."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import AskDigits, HangUp
from orchestrator.domain.events import AgentChanged, AgentServed, CallEnded, QueueEntered
from orchestrator.domain.licence import Licence, SeatKind, SeatOrder
from orchestrator.domain.pins import hash_pin
from orchestrator.service.end_call import LegReport
from orchestrator.service.mend_call import mend
from orchestrator.service.seen import LegSeen, question_name
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure, picked_up
from tests.support.service import NUMBER, PIN, dial_service, heard, press, service_centre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return service_centre(redis_url)


def events(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    found = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in found if isinstance(event, kind)]


def in_menu(centre: CallCentre, call: str = "s1") -> None:
    """a1 has called from the mobile and given the PIN."""
    dial_service(centre, call)
    press(centre, PIN, call)


def hang_up(centre: CallCentre, call: str = "s1") -> None:
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))


def test_the_present_state_is_told_first(centre: CallCentre) -> None:
    """MOB-1: the mobile is known: PIN, then state and menu."""
    dial_service(centre)
    (question,) = [command for command in centre.telephony.take() if isinstance(command, AskDigits)]
    assert (question.sounds, question.most) == (("service_pin",), 8)
    assert press(centre, PIN) == ("state_offline", "service_menu")


@pytest.mark.parametrize(("key", "state"), [("2", AgentState.BREAK), ("3", AgentState.BUSY), ("4", AgentState.OFFLINE)])
def test_a_key_chooses_a_state(centre: CallCentre, key: str, state: AgentState) -> None:
    """MOB-1, STATE-1: done at once, and confirmed by the state that is told then."""
    centre.online("a1")
    in_menu(centre)
    assert press(centre, key) == (f"state_{state.value}", "service_menu")
    assert centre.agent("a1").state is state
    assert events(centre, AgentChanged)[-1].cause == "by_phone"


def test_an_agent_of_the_browser_goes_online_at_once(centre: CallCentre) -> None:
    """STATE-1, STATE-6: calls ring elsewhere, so nothing has to wait; without a device it is refused, and told."""
    centre.use.agents.change_answer_mode("t", "a1", AnswerMode.WEB, "test")
    in_menu(centre)
    assert press(centre, "1") == ("service_no_device", "state_offline", "service_menu")
    centre.use.devices.registered("t-1", True)
    assert press(centre, "1") == ("state_online", "service_menu")
    assert centre.agent("a1").state is AgentState.ONLINE


def test_a_mobile_is_rung_only_when_it_is_free(centre: CallCentre) -> None:
    """MOB-1, QUEUE-4: going online waits for the end of the call: until then the mobile would be busy."""
    centre.queue("c1")
    in_menu(centre)
    assert press(centre, "1") == ("service_online_later",)
    assert centre.agent("a1").state is AgentState.BUSY
    centre.use.steps.step_over("t", "s1", centre.call("s1").step, "")
    assert HangUp(leg="s1") in centre.telephony.take()
    hang_up(centre)
    assert (centre.agent("a1").state, centre.call("c1").asked.agent) == (AgentState.RINGING, "a1")


def test_the_seat_is_taken_with_the_key(centre: CallCentre) -> None:
    """SEAT-3, MOB-1: of two who log in by phone for one seat the second hears that none is free; the first has it."""
    order = SeatOrder(kind=SeatKind.CALL, count=1, since=0, until=None)
    agents = {**centre.config.agents, "a2": replace(centre.config.agents["a2"], pin=hash_pin(PIN, b"salt"))}
    configure(centre, agents=agents, licence=Licence(orders=(order,)))
    in_menu(centre)
    dial_service(centre, "s2", "13900000002")
    press(centre, PIN, "s2")
    assert press(centre, "1") == ("service_online_later",)
    assert press(centre, "1", "s2") == ("service_no_seat", "state_offline", "service_menu")
    hang_up(centre)
    assert (centre.agent("a1").state, centre.agent("a2").state) == (AgentState.ONLINE, AgentState.OFFLINE)


def test_a_wrap_up_ends_by_key(centre: CallCentre) -> None:
    """STATE-4, MOB-1: back in the state held before, when the mobile is free again."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    centre.use.answer.keyed("t", "c1", leg, question.step, "1")
    centre.use.answer.joined("t", "c1", leg)
    hang_up(centre, "c1")
    dial_service(centre)
    assert press(centre, PIN) == ("state_wrap_up", "service_menu")
    assert press(centre, "9") == ("service_online_later",)
    hang_up(centre)
    assert centre.agent("a1").state is AgentState.ONLINE


def test_there_is_no_wrap_up_to_end(centre: CallCentre) -> None:
    """STATE-2: refused, told, and asked again."""
    in_menu(centre)
    assert press(centre, "9") == ("service_not_wrapping_up", "state_offline", "service_menu")


def test_nothing_changes_while_ringing(centre: CallCentre) -> None:
    """STATE-2: while ringing or in a call every key is refused, with the reason."""
    centre.online("a1")
    in_menu(centre)
    centre.queue("c1")
    assert centre.agent("a1").state is AgentState.RINGING
    for key in "12349":
        assert press(centre, key) == ("service_engaged", "state_ringing", "service_menu")
    assert centre.agent("a1").state is AgentState.RINGING
    assert {event.refused for event in events(centre, AgentServed)} == {"", "agent_engaged"}


def test_what_waits_for_the_end_is_refused_then(centre: CallCentre) -> None:
    """STATE-2: whoever was called out to meanwhile is not touched when the phone call ends."""
    in_menu(centre)
    press(centre, "1")
    centre.use.agents.choose_state("t", "a1", AgentState.ONLINE, "", "page")
    centre.queue("c1")
    hang_up(centre)
    assert centre.agent("a1").state is AgentState.RINGING
    assert events(centre, AgentServed)[-1].refused == "agent_engaged"


def test_from_another_telephone(centre: CallCentre) -> None:
    """MOB-1: whoever is not known keys in the number (or the mobile) and the PIN."""
    for call, number in (("s1", NUMBER), ("s2", "13900000001")):
        dial_service(centre, call, "02188880000")
        assert heard(centre) == ("service_number",)
        assert press(centre, number, call) == ("service_pin",)
        assert press(centre, PIN, call) == ("state_offline", "service_menu")


def test_who_is_not_known_is_refused_politely(centre: CallCentre) -> None:
    """MOB-1: a number that nobody has sounds like a wrong PIN; after three tries the call ends."""
    dial_service(centre, caller="anonymous")
    for number in ("77", "2"):
        press(centre, number)
        assert press(centre, PIN) == ("service_wrong", "service_number")
    press(centre, "77")
    assert press(centre, PIN) == ("service_refused",)
    centre.use.steps.step_over("t", "s1", centre.call("s1").step, "")
    assert centre.call("s1").state is CallState.ENDING


def test_silence_ends_the_call(centre: CallCentre) -> None:
    """MOB-1: asked three times, then let go."""
    dial_service(centre)
    assert [press(centre, "") for _ in range(3)] == [("service_pin",), ("service_pin",), ("service_bye",)]


def test_without_a_pin_the_agent_is_told(centre: CallCentre) -> None:
    """MOB-1: it has to be chosen first."""
    dial_service(centre, caller="13900000002")
    assert heard(centre) == ("service_no_pin",)


def test_five_wrong_pins_lock(centre: CallCentre) -> None:
    """MOB-1: counted over calls; then even the right one is refused, for 15 minutes."""
    dial_service(centre)
    assert [press(centre, "9999") for _ in range(3)] == [
        ("service_wrong", "service_pin"), ("service_wrong", "service_pin"), ("service_refused",),
    ]  # fmt: skip
    dial_service(centre, "s2")
    press(centre, "9999", "s2")
    assert press(centre, "9999", "s2") == ("service_locked",)
    dial_service(centre, "s3")
    assert heard(centre) == ("service_locked",)
    dial_service(centre, "s4", "02188880000")
    press(centre, NUMBER, "s4")
    assert press(centre, PIN, "s4") == ("service_locked",)
    centre.clock.pass_s(15 * 60 - 1)
    dial_service(centre, "s5")
    assert heard(centre) == ("service_locked",)
    centre.clock.pass_s(1.1)
    dial_service(centre, "s6")
    assert press(centre, PIN, "s6") == ("state_offline", "service_menu")


def test_the_right_pin_begins_the_count_anew(centre: CallCentre) -> None:
    """MOB-1: four wrong ones, the right one, four wrong ones: not locked."""
    for call in ("s1", "s2", "s3"):
        dial_service(centre, call)
        press(centre, "9999", call)
        press(centre, "9999", call)
        assert press(centre, PIN, call)[1:] == ("service_menu",)
        assert centre.agent("a1").wrong_pins == 0


def test_what_is_keyed_in_is_told_nowhere(centre: CallCentre) -> None:
    """MOB-1, SAFE-2: neither Redis nor the events have the PIN, right or wrong."""
    dial_service(centre)
    press(centre, "94613")
    press(centre, PIN)
    told = "".join(fields["e"] for _, fields in centre.redis.xrange(keys.events("t")))
    kept = repr(centre.call("s1"))
    for text in (told, kept):
        assert "94613" not in text
        assert PIN not in text
        assert hash_pin(PIN, b"salt") not in text


def test_a_new_pin_lifts_the_lock(centre: CallCentre) -> None:
    """MOB-1: whoever is locked out is let in again when an administrator takes the PIN away and a new one is chosen."""
    dial_service(centre)
    for _ in range(3):
        press(centre, "9999")
    hang_up(centre)
    dial_service(centre, "s2")
    for _ in range(2):
        press(centre, "9999", "s2")
    assert centre.agent("a1").locked_out(centre.clock.now())
    agents = centre.config.agents
    configure(centre, agents={**agents, "a1": replace(agents["a1"], pin="")})
    assert not centre.agent("a1").locked_out(centre.clock.now())
    configure(centre, agents={**agents, "a1": replace(agents["a1"], pin=hash_pin("8642", b"salt"))})
    dial_service(centre, "s3")
    assert press(centre, "8642", "s3") == ("state_offline", "service_menu")


def test_the_record_says_service(centre: CallCentre) -> None:
    """MOB-1, CDR-1: one record with an outcome of its own; no queue ever counts it."""
    in_menu(centre)
    press(centre, "2")
    hang_up(centre)
    assert [event.outcome for event in events(centre, CallEnded)] == [Outcome.SERVICE]
    assert events(centre, QueueEntered) == []


@pytest.mark.parametrize("asking", [True, False])
def test_a_take_over_asks_again(centre: CallCentre, asking: bool) -> None:
    """SAFE-1: what was cut off by the take-over is asked once more and counts as no try; what is still asked is not."""
    in_menu(centre)
    asked = centre.call("s1").step
    centre.telephony.take()
    caller = LegSeen(leg="s1", inbound=True, asking=asking, question=question_name(asked) if asking else "")
    centre.clock.pass_s(1)
    centre.use.offers.run("t", lambda unit: mend(unit, "s1", caller, {"s1": caller}, unit.now))
    assert (centre.call("s1").step == asked) == asking
    assert centre.call("s1").menu_tries == 1
    if not asking:
        assert heard(centre) == ("state_offline", "service_menu")
        assert press(centre, "2") == ("state_break", "service_menu")


def test_a_question_without_an_end_goes_on(centre: CallCentre) -> None:
    """SAFE-1: a switch that never tells is asked again at the deadline, which leaves time for all the keys."""
    dial_service(centre)
    centre.telephony.take()
    centre.clock.pass_s(1 + 8 + 8 * 4)
    centre.fire()
    assert centre.telephony.take() == []
    centre.clock.pass_s(5.1)
    centre.fire()
    assert heard(centre) == ("service_pin",)


def test_an_agent_who_is_removed_is_refused(centre: CallCentre) -> None:
    """SAFE-1: the configuration may change in the middle of the call."""
    in_menu(centre)
    configure(centre, agents={id_: agent for id_, agent in centre.config.agents.items() if id_ != "a1"})
    assert press(centre, "2") == ("service_refused",)


def test_two_with_the_same_digits_use_their_mobiles(centre: CallCentre) -> None:
    """MOB-1: digits that two keys share name nobody."""
    a1 = centre.config.agents["a1"]
    configure(centre, agents={**centre.config.agents, "b1": replace(a1, id="b1", device="t-9", mobile="")})
    dial_service(centre, caller="02188880000")
    press(centre, NUMBER)
    assert press(centre, PIN) == ("service_wrong", "service_number")
