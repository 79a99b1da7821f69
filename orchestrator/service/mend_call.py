"""A call after a take-over: tell the switch again what was decided and what it doesn't show, whatever was lost.

Everything told here is told in vain at worst: the switch did it meanwhile, and its event says so.
"""

from collections.abc import Mapping
from dataclasses import replace

from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT, CallState
from orchestrator.domain.commands import Confer, Join, PlayMusic, PlayRinging, TakeOver
from orchestrator.domain.consult import UNPROVED, ConsultState
from orchestrator.domain.events import OfferAlerted
from orchestrator.domain.offer import OfferState, OfferTrigger
from orchestrator.domain.story import Occasion
from orchestrator.service import consult, hold, recover_talk, supervise_call, survey_caller
from orchestrator.service.answer_offer import join, join_again
from orchestrator.service.end_call import hang_up
from orchestrator.service.fail_offer import fail
from orchestrator.service.follow_steps import ask_again, go_on
from orchestrator.service.forward_call import resume_forward
from orchestrator.service.music import hears_speech, waiting_music, while_waiting
from orchestrator.service.seen import LegSeen
from orchestrator.service.take_message import mend_message
from orchestrator.service.work import Unit

#: Something is played or asked in these, until a step is over.
STEPS = (CallState.ANNOUNCING, CallState.MENU, CallState.SURVEY)

#: In what a switch says that it plays when it lets the caller hear that it rings.
TONE = "tone_stream"

Legs = Mapping[str, LegSeen]


def mend(unit: Unit, call_id: str, caller: LegSeen, legs: Legs, since: int) -> None:
    """Bring switch and call together; `caller` is the customer's channel, `legs` are all.

    What was decided from `since` (us UTC) on is left alone: it was told to the switch as it was decided.
    """
    call = unit.call(call_id)
    if call is None or call.since >= since:
        return
    match call.state:
        case CallState.ARRIVED:
            unit.tell(call.switch, TakeOver(leg=call.id, tenant=unit.tenant))
        case CallState.WAITING:
            _mend_music(unit, call, caller)
        case CallState.OFFERED:
            _mend_music(unit, call, caller)
            _mend_offer(unit, call, legs)
        case CallState.CONNECTING:
            _mend_join(unit, call, caller, legs)
        case CallState.FORWARDING | CallState.FORWARDED if call.forward:
            resume_forward(unit, call, caller.playing, caller.bridged, call.forward.leg in legs)
        case CallState.ENDING:
            unit.tell(call.switch, hang_up(call))
        case CallState.LEAVING_MESSAGE:
            mend_message(unit, call, caller)
        case state if state in STEPS:
            _mend_step(unit, call, caller)
        case _:
            _mend_talk(unit, call, caller, legs, since)
    unit.explain(call.id, Occasion.RECONCILED)


def _hears(caller: LegSeen, order: PlayMusic | PlayRinging) -> bool:
    sound = order.music if isinstance(order, PlayMusic) else TONE
    return caller.bridged or (caller.playing and sound in caller.sound)


def _mend_music(unit: Unit, call: Call, caller: LegSeen) -> None:
    """What is said in the music is heard whole; the music behind it may not have been told any more."""
    order = while_waiting(unit, call)
    if not _hears(caller, order):
        unit.tell(call.switch, replace(order, behind=hears_speech(unit, caller)))


def _mend_offer(unit: Unit, call: Call, legs: Legs) -> None:
    """The agent's leg was lost, or its phone began to ring while nobody was there to be told."""
    offer = call.asked
    if offer.leg not in legs:
        fail(unit, call, OfferTrigger.WITHDRAWN, "ADOPTED", kill="ORIGINATOR_CANCEL")
    elif legs[offer.leg].rings and offer.state is OfferState.DIALLING:
        unit.save_call(call.alert(), OfferAlerted(at=unit.now, call=call.id, agent=offer.agent, leg=offer.leg))


def _mend_join(unit: Unit, call: Call, caller: LegSeen, legs: Legs) -> None:
    leg = call.asked.leg
    if leg not in legs:
        fail(unit, call, OfferTrigger.WITHDRAWN, "ADOPTED")
    elif caller.bridged and legs[leg].bridged:
        join(unit, call)
    else:
        join_again(unit, call)


def _mend_step(unit: Unit, call: Call, caller: LegSeen) -> None:
    """What was played or asked was over while nobody was there to be told."""
    if not call.step:
        (survey_caller.park_again if caller.bridged else survey_caller.ask_parked)(unit, call)
    elif caller.playing if call.state is CallState.ANNOUNCING else caller.asks(call.step):
        return
    elif call.state is CallState.ANNOUNCING:
        go_on(unit, call, "")
    else:
        ask_again(unit, call)


def _mend_talk(unit: Unit, call: Call, caller: LegSeen, legs: Legs, since: int) -> None:
    match call.state:
        case CallState.CONNECTED if not caller.bridged:
            unit.tell(call.switch, Join(leg=call.line, tenant=unit.tenant, agent_leg=call.leg or "", again=True))
        case CallState.HELD:
            _mend_hold(unit, call, caller)
            _mend_consult(unit, call, legs, since)
        case CallState.CONFERENCE:
            _mend_conference(unit, call, caller, legs)
        case CallState.RECOVERING:
            recover_talk.mend(unit, call, legs.get(call.leg or ""), _hears(caller, _music(unit, call)))
        case CallState.RESUMING if caller.bridged and _bridged(legs, call.leg):
            unit.save_call(in_call.rejoin(call, unit.now))
        case CallState.RESUMING:
            hold.join_again(unit, call)
        case CallState.TRANSFERRING:
            hold.mend(unit, call)
        case _:
            pass
    _mend_supervision(unit, call, legs)


def _mend_hold(unit: Unit, call: Call, caller: LegSeen) -> None:
    if caller.bridged:
        hold.mend(unit, call)
    elif not _hears(caller, _music(unit, call)):
        hold.play_hold_music(unit, call)
    elif not call.parked:
        unit.save_call(in_call.park(call))


def _mend_consult(unit: Unit, call: Call, legs: Legs, since: int) -> None:
    """The other phone began to ring, or the two were about to be joined, or were."""
    found = unit.call(call.id)
    asked = found.consult if found else None
    if found is None or asked is None or asked.leg not in legs or asked.since >= since:
        return
    if asked.state is ConsultState.DIALLING and legs[asked.leg].rings:
        consult.alerted(unit, found)
    elif asked.state not in (*UNPROVED, ConsultState.TALKING):
        return
    elif not (_bridged(legs, call.leg) and legs[asked.leg].bridged):
        consult.join_again(unit, found)
    elif asked.state in UNPROVED:
        consult.joined(unit, found)


def _mend_conference(unit: Unit, call: Call, caller: LegSeen, legs: Legs) -> None:
    """Whoever is not in the conference yet is brought there."""
    asked = call.consult.leg if call.consult else ""
    if _bridged(legs, call.leg) and _bridged(legs, asked):
        unit.tell(call.switch, Confer(leg=call.leg or "", call=call.id, both=True))
        missing = [caller]
    else:
        missing = [caller, *(legs[leg] for leg in (call.leg or "", asked) if leg in legs)]
    for leg in missing:
        if not leg.conferring:
            unit.tell(call.switch, Confer(leg=leg.leg, call=call.id))


def _mend_supervision(unit: Unit, call: Call, legs: Legs) -> None:
    found = unit.call(call.id)
    if found and found.supervision and found.state in WITH_AGENT:
        supervise_call.mend(unit, found, legs.get(found.supervision.leg))


def _music(unit: Unit, call: Call) -> PlayMusic:
    return waiting_music(unit, call)


def _bridged(legs: Legs, leg: str | None) -> bool:
    found = legs.get(leg or "")
    return found is not None and found.bridged
