"""Hold by parking both legs: the caller hears music, the agent nothing. Never the phone's own hold, which is heard."""

from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, Park
from orchestrator.domain.config import Destination
from orchestrator.domain.events import CallHeld
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.service.fail_offer import join_failed
from orchestrator.service.forward_call import fail_forward
from orchestrator.service.music import waiting_music, while_waiting
from orchestrator.service.release import end_hold, leave
from orchestrator.service.route_call import go
from orchestrator.service.survey_caller import ask_parked
from orchestrator.service.work import Unit


def hold(unit: Unit, call: Call, by: str) -> Call:
    """Put the caller on hold; music begins when the switch has proved it."""
    held = in_call.hold(call, unit.now)
    unit.save_call(held, CallHeld(at=unit.now, call=call.id, agent=call.agent or "", by=by))
    unit.tell(call.switch, Park(leg=call.line, both=True))
    return held


def resume(unit: Unit, call: Call, how: str) -> None:
    """Let caller and agent hear each other again."""
    end_hold(unit, call, how)
    unit.save_call(in_call.resume(call, unit.now))
    unit.tell(call.switch, _join(unit, call))


def send_on(unit: Unit, call: Call, to: Destination, cause: str) -> None:
    """The agent leaves and wraps up; the caller goes on when parked."""
    moved = in_call.transfer(call, to, unit.now)
    leave(unit, call, cause)
    unit.save_call(moved)
    if call.parked or call.state in (CallState.CONFERENCE, CallState.RECOVERING):
        unit.tell(call.switch, Park(leg=call.line))  # what plays would go on
    unit.tell(call.switch, HangUp(leg=call.leg or ""))


def caller_parked(unit: Unit, call_id: str) -> None:
    """The switch has parked the caller: what was waiting for that goes on."""
    call = unit.call(call_id)
    match call.state if call else None:
        case CallState.CONNECTING if call:
            join_failed(unit, call)
        case CallState.FORWARDING if call and call.forward and call.forward.won:
            fail_forward(unit, call, "JOIN_FAILED", kill="NORMAL_CLEARING")
        case CallState.HELD | CallState.RECOVERING if call:
            play_hold_music(unit, call)  # also when parked once more: what played before is over
        case CallState.WAITING | CallState.OFFERED if call and not call.away:
            unit.tell(call.switch, while_waiting(unit, call))
        case CallState.CONNECTED if call:
            unit.save_call(in_call.park(call))
        case CallState.SURVEY if call and not call.step:
            ask_parked(unit, call)
        case CallState.TRANSFERRING if call and call.then:
            go(unit, in_call.free(call, unit.now), call.then, "transferred")
        case state:
            raise IllegalTransitionError("call", state or "unknown", "caller parked")
    unit.explain(call_id, "caller parked")


def play_hold_music(unit: Unit, call: Call) -> None:
    """The held caller is parked: music."""
    unit.save_call(in_call.park(call))
    unit.tell(call.switch, waiting_music(unit, call.queue, call.line))


def mend(unit: Unit, call: Call) -> None:
    """Tell the switch once more what it has not proved."""
    if call.state is CallState.RESUMING:
        unit.tell(call.switch, _join(unit, call))
    else:
        unit.tell(call.switch, Park(leg=call.line, both=call.state is CallState.HELD))


def repeat(unit: Unit, call: Call) -> None:
    """The switch's proof is late."""
    unit.save_call(call.repeat(unit.now))
    mend(unit, call)


def _join(unit: Unit, call: Call) -> Join:
    return Join(leg=call.line, tenant=unit.tenant, agent_leg=call.leg or "")
