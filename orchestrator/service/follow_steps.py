"""What was played or asked is over: an announcement leads on, a key chooses."""

from orchestrator.domain import asking
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Menu
from orchestrator.domain.direct import rings
from orchestrator.domain.events import KeyPressed
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service import serve_agent
from orchestrator.service.ask_number import asks_number, take_answer
from orchestrator.service.hold import caller_parked
from orchestrator.service.music import waiting_music
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import SeatsFullError
from orchestrator.service.route_call import STEP_GRACE_US, arrive, ask, go
from orchestrator.service.survey_caller import ask_anew, take_score
from orchestrator.service.take_message import message_over
from orchestrator.service.test_call import use_draft
from orchestrator.service.work import Unit

#: How much earlier than counted here the time of a question may end on the switch (us).
EARLY_US = 500_000


class FollowSteps:
    """Continues calls in announcements and menus."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches queues that are entered."""
        self._offers = offers

    def step_over(self, tenant: str, call: str, step: str, key: str) -> None:
        """The switch has done a step; `key` is what was pressed, right or wrong, empty for nothing."""
        try:
            self._offers.run(tenant, lambda unit: self._step_over(unit, call, step, key))
        except SeatsFullError:  # an agent logs in by phone, and others took the last seat: decided anew, it is told
            self._offers.run(tenant, lambda unit: self._step_over(unit, call, step, key))

    def music_over(self, tenant: str, call: str) -> None:
        """The waiting music has come to its end: begin it again for who still waits or is held."""
        self._offers.run(tenant, lambda unit: self._music_over(unit, call))

    def caller_parked(self, tenant: str, call: str) -> None:
        """The switch has parked the caller."""
        self._offers.run(tenant, lambda unit: caller_parked(unit, call))

    def _music_over(self, unit: Unit, call_id: str) -> None:
        call = unit.call(call_id)
        if call and not rings(call) and call.state in (CallState.WAITING, CallState.OFFERED, CallState.HELD):
            unit.tell(call.switch, waiting_music(unit, call))

    def _step_over(self, unit: Unit, call_id: str, step: str, key: str) -> None:
        call = unit.call(call_id)
        if call is None or call.step != step:
            raise IllegalTransitionError("call", call.state if call else "unknown", "step over")
        use_draft(unit, call)
        if not key and _cut_off(call, unit.now):
            ask_again(unit, call)
        else:
            go_on(unit, call, key)
        unit.explain(call.id, Occasion.STEP_OVER)


def _cut_off(call: Call, now: int) -> bool:
    """Tell whether a question ended before its time could have passed; once only, since a broken one always does."""
    if call.again or call.service or call.step_due is None or call.state not in (CallState.MENU, CallState.SURVEY):
        return False
    return now < call.step_due - STEP_GRACE_US - EARLY_US


def ask_again(unit: Unit, call: Call) -> None:
    """Put the present question once more; it does not count as one more try."""
    menu = unit.config.menus.get(call.menu)
    if call.state is CallState.SURVEY:
        ask_anew(unit, call)
    elif call.service:
        serve_agent.ask_anew(unit, call)
    elif menu:
        ask(unit, asking.uncounted(call, unit.now), menu)
    else:
        go_on(unit, call, "")


def go_on(unit: Unit, call: Call, key: str) -> None:
    """Leave the present step."""
    if call.state is CallState.ANNOUNCING and call.then:
        arrive(unit, asking.hear(call, unit.now), call.then)
    elif asks_number(call):
        take_answer(unit, call, key)
    elif call.state is CallState.MENU and call.service:
        serve_agent.take(unit, call, key)
    elif call.state is CallState.MENU:
        _choose(unit, call, key)
    elif call.state is CallState.SURVEY:
        take_score(unit, call, key)
    elif call.state is CallState.LEAVING_MESSAGE:
        message_over(unit, call)
    else:
        raise IllegalTransitionError("call", call.state, "go on")


def _choose(unit: Unit, call: Call, key: str) -> None:
    menu = unit.config.menus.get(call.menu) or Menu(id=call.menu, name="", prompt="", keys={})
    chosen = menu.keys.get(key)
    unit.events.append(KeyPressed(at=unit.now, call=call.id, menu=menu.id, key=key, valid=chosen is not None))
    keyed = asking.press(call, key, unit.now)
    if chosen:
        go(unit, keyed, chosen, RouteReason.KEY)
    elif keyed.menu_tries < menu.tries:
        ask(unit, keyed, menu, after=menu.invalid_prompt if key else "")
    else:
        go(unit, keyed, menu.otherwise, RouteReason.NO_VALID_KEY)
