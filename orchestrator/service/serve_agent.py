"""An agent calls to change the own state by keys: who it is, by the mobile's number and a PIN, then a menu (MOB-1).

Nothing of a PIN is kept or told on: neither in the call's keys nor in an event. Whatever is lost by a take-over is
asked again, a call rebuilt without its document begins anew.
"""

import re
from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import asking
from orchestrator.domain.agent import Agent, AgentState, AnswerMode
from orchestrator.domain.agent_service import (
    END_WRAP_UP,
    LONGEST_NUMBER,
    MENU_KEYS,
    NEXT_DIGIT_MS,
    STATE_KEYS,
    TIMEOUT_MS,
    TRIES,
    Later,
    Piece,
    Question,
    Service,
    state_piece,
)
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import Announce, AskDigits, AskKey
from orchestrator.domain.config import HANG_UP, AgentConfig, PromptConfig, TenantConfig
from orchestrator.domain.events import AgentServed, KeyPressed
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.pins import LONGEST, matches
from orchestrator.service.choose_state import choose_state, chooser, end_wrap_up, wrapping_up
from orchestrator.service.errors import (
    AgentEngagedError,
    NoDeviceError,
    NoSeatError,
    NotWrappingUpError,
    RefusedError,
    SeatsTakenError,
)
from orchestrator.service.log_in import check_free_seat
from orchestrator.service.numbers import normalise
from orchestrator.service.work import Unit

#: How much longer than counted a question or an announcement may take (us).
GRACE_US = 5_000_000

#: Why an agent's state changed, for the log.
BY_PHONE = "by_phone"

_PROMPTS = {Question.NUMBER: Piece.NUMBER, Question.PIN: Piece.PIN, Question.MENU: Piece.MENU}
_DIGITS = {Question.NUMBER: LONGEST_NUMBER, Question.PIN: LONGEST, Question.MENU: 0}
REFUSALS: dict[type[RefusedError], Piece] = {
    AgentEngagedError: Piece.ENGAGED,
    NoDeviceError: Piece.NO_DEVICE,
    NotWrappingUpError: Piece.NOT_WRAPPING_UP,
    NoSeatError: Piece.NO_SEAT,
    SeatsTakenError: Piece.NO_SEAT,
}


def begin(unit: Unit, call: Call) -> None:
    """Serve whoever has come here (in state `routing`): agents are known by their mobiles, others key in a number."""
    known = _by_mobile(unit.config, call.caller)
    service = Service(agent=known.id if known else "", known=known is not None)
    served = replace(asking.leave_menu(call), service=service, outcome=call.outcome or Outcome.SERVICE)
    if known is None:
        _ask(unit, served, Question.NUMBER)
    elif refused := _kept_out(unit, known.id):
        _say_last(unit, served, refused)
    else:
        _ask(unit, served, Question.PIN)


def take(unit: Unit, call: Call, keys: str) -> None:
    """The present question is answered, with nothing (empty) or with keys, right or wrong."""
    question = Question(call.menu)
    shown = keys if question is Question.MENU else ""
    keyed = asking.press(call, shown, unit.now)
    if not keys:
        _ask_again(unit, keyed, question)
    elif question is Question.NUMBER:
        agent = _by_number(unit.config, keys)
        _ask(unit, _with(keyed, agent=agent.id if agent else ""), Question.PIN)
    elif question is Question.PIN:
        _check(unit, keyed, keys)
    else:
        _choose(unit, keyed, keys)


def ask_anew(unit: Unit, call: Call) -> None:
    """Nobody heard the present question, or what was keyed in: that is no try of the agent's."""
    _ask(unit, asking.uncounted(call, unit.now), Question(call.menu))


def hung_up(unit: Unit, call: Call) -> None:
    """The call is over: do what waited for it, if it still can be done."""
    served = call.service
    if served is None or served.later is Later.NOTHING:
        return
    try:
        if served.later is Later.ONLINE:
            check_free_seat(unit, chooser(unit, served.agent, AgentState.ONLINE), AgentState.ONLINE)
            choose_state(unit, served.agent, AgentState.ONLINE, cause=BY_PHONE)
        else:
            end_wrap_up(unit, served.agent, cause=BY_PHONE)
    except RefusedError as refused:
        unit.events.append(_told(unit, call, served.agent, served.later.value, refused.id))


def _check(unit: Unit, call: Call, pin: str) -> None:
    """Five wrong ones in a row lock the agent, in this or in any other call; while locked nothing is even compared."""
    served = _service(call)
    agent, configured = unit.agent_anew(served.agent), unit.config.agents.get(served.agent)
    if agent and agent.locked_out(unit.now):
        _say_last(unit, call, Piece.LOCKED)
    elif agent and configured and matches(pin, configured.pin):
        if agent.wrong_pins or agent.pins_due:
            unit.save_agent(agent.prove(), "pin_right")
        unit.events.append(_told(unit, call, agent.id, "proved"))
        _ask(unit, _with(call, proved=True), Question.MENU)
    else:
        _mistaken(unit, call, agent)


def _mistaken(unit: Unit, call: Call, agent: Agent | None) -> None:
    served = replace(_service(call), wrong=_service(call).wrong + 1)
    call = replace(call, service=served)
    if agent:
        agent = agent.mistake_pin(unit.now)
        unit.save_agent(agent, "pin_wrong")
    unit.events.append(_told(unit, call, served.agent, "pin", "wrong_pin"))
    if agent and agent.locked_out(unit.now):
        _say_last(unit, call, Piece.LOCKED)
    elif served.wrong >= TRIES:
        _say_last(unit, call, Piece.REFUSED)
    else:
        _ask(unit, call, Question.PIN if served.known else Question.NUMBER, Piece.WRONG)


def _choose(unit: Unit, call: Call, key: str) -> None:
    served = _service(call)
    valid = key in MENU_KEYS
    unit.events.append(KeyPressed(at=unit.now, call=call.id, menu=Question.MENU, key=key, valid=valid))
    if not valid:
        _ask_again(unit, call, Question.MENU)
        return
    call = asking.leave_menu(call)
    try:
        later = _act(unit, served.agent, key)
    except RefusedError as refused:
        unit.events.append(_told(unit, call, served.agent, _wish(key), refused.id))
        if type(refused) in REFUSALS:
            _ask(unit, call, Question.MENU, REFUSALS[type(refused)])
        else:
            _say_last(unit, call, Piece.REFUSED)
        return
    unit.events.append(_told(unit, call, served.agent, _wish(key)))
    if later is Later.NOTHING:
        _ask(unit, call, Question.MENU)
    else:
        _say_last(unit, _with(call, later=later), Piece.ONLINE_LATER)


def _act(unit: Unit, agent: str, key: str) -> Later:
    """Do what a key says, or tell what has to wait: a mobile on which calls are to ring must be free first."""
    if key == END_WRAP_UP:
        found = wrapping_up(unit, agent)
        if found.mode is AnswerMode.MOBILE and found.chosen is AgentState.ONLINE:
            return Later.WRAPPED_UP
        end_wrap_up(unit, agent, cause=BY_PHONE)
    else:
        state = STATE_KEYS[key]
        found = chooser(unit, agent, state)
        check_free_seat(unit, found, state)
        goes_online = state is AgentState.ONLINE and found.state is not AgentState.ONLINE
        if goes_online and found.mode is AnswerMode.MOBILE:
            if found.state is AgentState.OFFLINE:  # the seat is taken now: who finds none hears it (SEAT-3)
                choose_state(unit, agent, AgentState.BUSY, cause=BY_PHONE)
            return Later.ONLINE
        choose_state(unit, agent, state, cause=BY_PHONE)
    return Later.NOTHING


def _wish(key: str) -> str:
    return "wrapped_up" if key == END_WRAP_UP else STATE_KEYS[key].value


def _ask_again(unit: Unit, call: Call, question: Question) -> None:
    if call.menu_tries < TRIES:
        _ask(unit, call, question)
    else:
        _say_last(unit, call, Piece.BYE)


def _ask(unit: Unit, call: Call, question: Question, *before: str) -> None:
    """Ask, after what is said before; the menu tells the present state first."""
    state = _state(unit, call) if question is Question.MENU else ()
    sounds = _sounds(unit, *before, *state, _PROMPTS[question])
    step, most = str(uuid4()), _DIGITS[question]
    length_ms = sum(sound.ms for sound in sounds) + TIMEOUT_MS + most * NEXT_DIGIT_MS
    unit.save_call(asking.ask_key(call, step, question, unit.now + length_ms * 1000 + GRACE_US, unit.now))
    unit.tell(call.switch, _order(call.line, tuple(sound.path for sound in sounds), most, step))


def _order(leg: str, sounds: tuple[str, ...], most: int, step: str) -> AskDigits | AskKey:
    if most:
        return AskDigits(
            leg=leg, sounds=sounds, most=most, timeout_ms=TIMEOUT_MS, digit_timeout_ms=NEXT_DIGIT_MS, step=step
        )
    return AskKey(leg=leg, sounds=sounds, keys=MENU_KEYS, timeout_ms=TIMEOUT_MS, step=step)


def _say_last(unit: Unit, call: Call, piece: str) -> None:
    """Say why the call ends, then end it."""
    sounds = _sounds(unit, piece)
    step = str(uuid4())
    until = unit.now + sum(sound.ms for sound in sounds) * 1000 + GRACE_US
    unit.save_call(asking.announce(call, step, HANG_UP, until, unit.now))
    unit.tell(call.switch, Announce(leg=call.line, sounds=tuple(sound.path for sound in sounds), step=step))


def _sounds(unit: Unit, *names: str) -> list[PromptConfig]:
    ids = (piece_id(unit.config.mobile.language, name) for name in names)
    return [unit.config.prompts[id_] for id_ in ids if id_ in unit.config.prompts]


def _state(unit: Unit, call: Call) -> tuple[str, ...]:
    agent = unit.agent(_service(call).agent)
    return (state_piece(agent.state),) if agent else ()


def _kept_out(unit: Unit, agent: str) -> Piece | None:
    """Tell why an agent who is known by the mobile needn't key in anything."""
    found = unit.agent(agent)
    if found and found.locked_out(unit.now):
        return Piece.LOCKED
    return None if unit.config.agents[agent].pin else Piece.NO_PIN


def _by_mobile(config: TenantConfig, caller: str) -> AgentConfig | None:
    number = normalise(caller, config.country)
    return next((agent for agent in config.agents.values() if agent.mobile and agent.mobile == number), None)


def _by_number(config: TenantConfig, keys: str) -> AgentConfig | None:
    """Find whose number was keyed in: the digits of the agent's key, if nobody else's are the same, or the mobile."""
    same = [agent for agent in config.agents.values() if re.sub("[^0-9]", "", agent.id) == keys]
    return same[0] if len(same) == 1 else _by_mobile(config, keys)


def _told(unit: Unit, call: Call, agent: str, wish: str, refused: str = "") -> AgentServed:
    return AgentServed(at=unit.now, call=call.id, agent=agent, wish=wish, refused=refused)


def _service(call: Call) -> Service:
    if call.service is None:
        raise IllegalTransitionError("call", CallState.MENU, "service")
    return call.service


def _with(call: Call, *, agent: str | None = None, proved: bool = False, later: Later = Later.NOTHING) -> Call:
    served = _service(call)
    return replace(
        call,
        service=replace(
            served,
            agent=served.agent if agent is None else agent,
            proved=proved or served.proved,
            later=later,
        ),
    )
