"""Where calls are sent: menus, announcements, other queues, the end."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import Announce, AskKey, Command, HangUp, InterruptMusic, Mark, PlayMusic, RingAgent
from orchestrator.domain.config import Destination, Menu, NumberConfig, PromptConfig, QueueConfig, Way, to_queue
from orchestrator.domain.events import CallEnded, CallRouted, KeyPressed, QueueLeft
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen, question_name
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

SORRY = Destination(way=Way.HANG_UP, prompt="sorry")


def prompt(name: str, ms: int = 1000) -> PromptConfig:
    return PromptConfig(id=name, name=name, path=f"t/{name}.wav", ms=ms)


MENU = Menu(
    id="main",
    name="Main",
    prompt="welcome",
    keys={"1": to_queue("sales"), "2": Destination(way=Way.MENU, target="sub"), "#": SORRY},
    tries=2,
    invalid_prompt="wrong",
    otherwise=SORRY,
)
SUB = Menu(id="sub", name="Sub", prompt="", keys={"9": Destination(way=Way.MENU, target="main")}, tries=1)


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Number 4001 leads to the queue, 4002 to a menu, 4003 to an announcement and the end."""
    centre = CallCentre(redis_url, max_wait_s=30)
    numbers = {
        "4001": NumberConfig(number="4001", route=to_queue("sales")),
        "4002": NumberConfig(number="4002", route=Destination(way=Way.MENU, target="main")),
        "4003": NumberConfig(number="4003", route=SORRY),
    }
    prompts = {name: prompt(name) for name in ("welcome", "wrong", "sorry", "patience")}
    configure(centre, numbers=numbers, prompts=prompts, menus={"main": MENU, "sub": SUB})
    return centre


def configure(centre: CallCentre, **changes: object) -> None:
    centre.config = replace(centre.config, version=centre.config.version + 1, **changes)  # type: ignore[arg-type]
    centre.publish()


def queues(centre: CallCentre, *more: QueueConfig, **changes: object) -> None:
    sales = replace(centre.config.queues["sales"], **changes)  # type: ignore[arg-type]
    configure(centre, queues={"sales": sales, **{queue.id: queue for queue in more}})


def call_to(centre: CallCentre, number: str) -> list[Command]:
    """A caller dials and is answered; returns what the switch was told then."""
    centre.arrive("c1", number=number)
    centre.telephony.take()
    centre.use.enqueue.answered("t", "c1")
    return centre.telephony.take()


def press(centre: CallCentre, key: str) -> list[Command]:
    """The present question is answered, or its time passes."""
    if not key:
        centre.clock.pass_s(10)
    centre.use.steps.step_over("t", "c1", centre.call("c1").step, key)
    return centre.telephony.take()


def story(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def test_a_key_leads_to_its_queue(centre: CallCentre) -> None:
    """IVR-1: the menu's prompt is played, the key is noted, the caller stands in line."""
    (ask,) = call_to(centre, "4002")
    assert isinstance(ask, AskKey)
    assert (ask.sounds, ask.keys, ask.timeout_ms) == (("t/welcome.wav",), "#12", 5000)
    told = press(centre, "1")
    assert any(isinstance(command, PlayMusic) for command in told)
    assert (centre.call("c1").state, centre.call("c1").keys) == (CallState.WAITING, ("1",))
    assert [(e.key, e.valid) for e in story(centre, KeyPressed)] == [("1", True)]


def test_wrong_and_missing_keys_are_asked_again_then_go_otherwise(centre: CallCentre) -> None:
    """IVR-1: a wrong key hears so and is asked again; after the last try the call goes otherwise."""
    call_to(centre, "4002")
    (again,) = press(centre, "7")
    assert isinstance(again, AskKey)
    assert again.sounds == ("t/wrong.wav", "t/welcome.wav")
    (sorry,) = press(centre, "")
    assert isinstance(sorry, Announce)
    assert sorry.sounds == ("t/sorry.wav",)
    assert press(centre, "") == [HangUp(leg="c1")]
    assert centre.call("c1").state is CallState.ENDING


def test_a_question_that_is_cut_off_is_asked_again_at_once(centre: CallCentre) -> None:
    """IVR-1, SAFE-1: its end comes too early to be the caller's doing: no try is counted, but that only once."""
    call_to(centre, "4002")
    for wrong in (False, True):
        step = centre.call("c1").step
        centre.use.steps.step_over("t", "c1", step, "")
        (again,) = centre.telephony.take()
        assert isinstance(again, AskKey)
        assert again.step != step
        assert centre.call("c1").menu_tries == 1 + wrong


def test_a_question_that_ended_while_nobody_was_there_is_asked_again(centre: CallCentre) -> None:
    """IVR-1, SAFE-1: whoever takes over asks at once, unless the switch still asks."""
    call_to(centre, "4002")
    centre.clock.pass_s(3)
    asking = LegSeen(leg="c1", inbound=True, answered=1, asking=True, question=question_name(centre.call("c1").step))
    reconcile = centre.use.reconcile
    reconcile.adopt("fs1", reconcile.known("fs1"), [asking], restarted=False)
    assert centre.telephony.take() == []
    for seen in (replace(asking, asking=False, question=""), replace(asking, question="of before")):
        centre.clock.pass_s(1)
        reconcile.adopt("fs1", reconcile.known("fs1"), [seen], restarted=False)
        (again,) = centre.telephony.take()
        assert isinstance(again, AskKey)
        assert centre.call("c1").menu_tries == 1


@pytest.mark.parametrize(
    ("key", "told"), [("1", [Mark, PlayMusic]), ("#", [Announce]), ("7", [AskKey]), ("", [AskKey])]
)
def test_a_question_that_was_answered_while_nobody_was_there(
    centre: CallCentre, key: str, told: list[type[Command]]
) -> None:
    """IVR-1, SAFE-1: the key is on the channel: whoever takes over goes on at once, as if it were pressed now."""
    call_to(centre, "4002")
    centre.clock.pass_s(3)
    over = LegSeen(leg="c1", inbound=True, answered=1, question=question_name(centre.call("c1").step), key=key)
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [over], restarted=False)
    assert [type(command) for command in centre.telephony.take()] == told
    assert centre.call("c1").keys == ((key,) if key else ())
    assert centre.call("c1").menu_tries == {"7": 2, "": 1}.get(key, 0 if key == "1" else 1)


def test_sub_menus_begin_with_their_first_try(centre: CallCentre) -> None:
    """IVR-1: a menu that is entered anew counts its tries anew."""
    call_to(centre, "4002")
    press(centre, "7")
    press(centre, "2")
    press(centre, "9")
    (again,) = press(centre, "7")
    assert isinstance(again, AskKey)
    assert centre.call("c1").keys == ("7", "2", "9", "7")
    assert centre.call("c1").menus == ("main", "main", "sub", "main")


def test_hanging_up_in_a_menu_is_counted_apart(centre: CallCentre) -> None:
    """QUEUE-6: no queue counts it, and the call's outcome says that it left a menu."""
    call_to(centre, "4002")
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [e.outcome.value for e in story(centre, CallEnded)] == ["left_menu"]
    assert centre.redis.hgetall(keys.counters("t")) == {}


def test_a_step_whose_end_is_never_told_goes_on_by_itself(centre: CallCentre) -> None:
    """SAFE-1, IVR-1: a lost sign leads on like a missing key, after the prompt, the time limit and some grace."""
    call_to(centre, "4002")
    for _ in range(2):
        centre.clock.pass_s(11.1)
        centre.fire()
    assert centre.call("c1").state is CallState.ANNOUNCING
    centre.clock.pass_s(6.1)
    centre.fire()
    assert centre.call("c1").state is CallState.ENDING


def test_a_late_sign_of_an_earlier_step_changes_nothing(centre: CallCentre) -> None:
    """SAFE-1: only the present step can end."""
    (ask,) = call_to(centre, "4002")
    assert isinstance(ask, AskKey)
    press(centre, "2")
    centre.use.steps.step_over("t", "c1", ask.step, "1")
    assert centre.call("c1").menu == "sub"


def test_an_announcement_then_the_end(centre: CallCentre) -> None:
    """CALL-1: a closed number's caller hears why before the line is cut."""
    (announce,) = call_to(centre, "4003")
    assert isinstance(announce, Announce)
    assert press(centre, "") == [HangUp(leg="c1")]
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [(e.outcome.value, e.hung_up_by.value) for e in story(centre, CallEnded)] == [("turned_away", "system")]


def test_the_wait_limit_plays_its_prompt(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-6: timed out, told so, hung up; the queue counts one time-out."""
    queues(centre, on_timeout=SORRY)
    call_to(centre, "4001")
    centre.clock.pass_s(30.1)
    centre.fire()
    (announce,) = centre.telephony.take()
    assert isinstance(announce, Announce)
    assert [e.outcome.value for e in story(centre, QueueLeft)] == ["timed_out"]
    assert press(centre, "") == [HangUp(leg="c1")]


@pytest.mark.parametrize("keep", [True, False])
def test_the_wait_limit_leads_to_another_queue(centre: CallCentre, keep: bool) -> None:
    """QUEUE-1: into another queue, with the waiting time so far or without; each stay has its own outcome."""
    other = Destination(way=Way.QUEUE, target="second", keep_wait=keep)
    queues(centre, QueueConfig(id="second", name="Second"), on_timeout=other)
    call_to(centre, "4001")
    entered = centre.call("c1").entered
    centre.clock.pass_s(30.1)
    centre.fire()
    moved = centre.call("c1")
    assert (moved.state, moved.queue, moved.outcome) == (CallState.WAITING, "second", None)
    assert (moved.entered == entered) is keep
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [(e.queue, e.outcome.value) for e in story(centre, QueueLeft)] == [
        ("sales", "timed_out"),
        ("second", "abandoned"),
    ]


def test_a_full_queue_has_its_own_way(centre: CallCentre) -> None:
    """QUEUE-7: one caller more than fits is sent on at once; it never was in the line."""
    queues(centre, max_length=1, on_full=SORRY)
    centre.queue("first")
    (announce,) = call_to(centre, "4001")
    assert isinstance(announce, Announce)
    assert [e.reason for e in story(centre, CallRouted)][-1] == "full"
    assert story(centre, QueueLeft) == []


def test_a_queue_without_anybody_logged_in_has_its_own_way(centre: CallCentre) -> None:
    """QUEUE-7: nobody logged in leads away at once; one agent on break is enough to wait."""
    queues(centre, on_empty=SORRY)
    (announce,) = call_to(centre, "4001")
    assert isinstance(announce, Announce)
    centre.use.agents.choose_state("t", "a1", AgentState.BREAK, "", "test")
    centre.queue("c2")
    assert centre.call("c2").state is CallState.WAITING


def test_queues_that_lead_in_circles_end_the_call(centre: CallCentre) -> None:
    """QUEUE-7: a configuration that goes in circles cannot hold a caller for ever."""
    queues(centre, max_length=0, on_full=to_queue("sales"))
    assert call_to(centre, "4001") == [HangUp(leg="c1", cause="NO_ROUTE_DESTINATION")]


def test_the_prompt_is_repeated_and_the_music_goes_on(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-5: every X seconds, counted from the end of the prompt, while the caller waits."""
    queues(centre, prompt="patience", prompt_every_s=10, max_wait_s=None)
    call_to(centre, "4001")
    played = 0
    for _ in range(34):
        centre.clock.pass_s(1)
        centre.fire()
        played += sum(isinstance(command, InterruptMusic) for command in centre.telephony.take())
    assert played == 3
    assert centre.call("c1").state is CallState.WAITING


def test_no_prompt_is_played_while_an_agent_rings(centre: CallCentre) -> None:
    """QUEUE-1: nothing of the prompt can leak into the talk."""
    queues(centre, prompt="patience", prompt_every_s=10, ring_s=60)
    centre.online("a1")
    told = call_to(centre, "4001")
    leg = next(command.leg for command in told if isinstance(command, RingAgent))
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.clock.pass_s(12)
    centre.fire()
    assert centre.telephony.take() == []


def test_an_uploaded_music_is_begun_again_at_its_end(centre: CallCentre) -> None:
    """QUEUE-1: a queue's own music plays as long as the caller waits, and not into the talk."""
    configure(centre, prompts={**centre.config.prompts, "waltz": prompt("waltz", ms=60_000)})
    queues(centre, music="waltz")
    (mark, music) = call_to(centre, "4001")
    assert music == PlayMusic(leg="c1", music="t/waltz.wav", ms=60_000)
    centre.clock.pass_s(75)
    centre.use.steps.music_over("t", "c1")
    assert centre.telephony.take() == [replace(music, at_ms=15_000)]
    centre.online("a1")
    leg = next(command.leg for command in centre.telephony.take() if isinstance(command, RingAgent))
    centre.use.answer.parked("t", "c1", leg, "fs1")
    centre.telephony.take()
    centre.use.steps.music_over("t", "c1")
    assert centre.telephony.take() == []
    assert mark.leg == "c1"
