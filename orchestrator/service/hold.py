"""Hold by parking both legs: the caller hears music, the agent nothing. Never the phone's own hold, which is heard."""

from dataclasses import replace

from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_due import SWITCH_ANSWERS_US
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, Park
from orchestrator.domain.config import Destination
from orchestrator.domain.events import CallHeld
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service.fail_offer import join_failed
from orchestrator.service.forward_call import fail_forward
from orchestrator.service.music import waiting_music, while_waiting
from orchestrator.service.release import end_hold, leave
from orchestrator.service.route_call import go
from orchestrator.service.survey_caller import ask_parked
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

#: How long the agent's channel may take to come to rest before the caller is joined with it anyway (us).
RESTS_US = 1_000_000


def hold(unit: Unit, call: Call, by: str) -> Call:
    """Put the caller on hold; music begins when the switch has proved it."""
    held = in_call.hold(call, unit.now)
    unit.save_call(held, CallHeld(at=unit.now, call=call.id, agent=call.agent or "", by=by))
    unit.tell(call.switch, Park(leg=call.line, both=True))
    return held


def resume(unit: Unit, call: Call, how: str, *, at_rest: bool = True) -> None:
    """Let caller and agent hear each other again: at once, or when the agent's channel is `at_rest`.

    A channel that is still being joined with another one is lost for this; without that one it parks by itself, and
    telling it to park would begin another move.
    """
    end_hold(unit, call, how)
    resumed = in_call.resume(call, RESTS_US, unit.now)
    if at_rest:
        join_back(unit, resumed)
    else:
        unit.save_call(resumed)


def agent_parked(unit: Unit, call: Call) -> None:
    """The agent's channel is at rest: what waited for that goes on, or need not wait when it comes to that."""
    if call.state is CallState.HELD and call.consult and call.consult.holds_agent:
        unit.save_call(in_call.ask(call, replace(call.consult, rests=True)))
        return
    if call.state is not CallState.RESUMING or not call.parked:
        raise IllegalTransitionError("call", call.state, "agent parked")
    join_back(unit, call)
    unit.explain(call.id, Occasion.AGENT_PARKED)


def join_back(unit: Unit, call: Call) -> None:
    """Join caller and agent; both channels are at rest."""
    unit.save_call(in_call.join_back(call, unit.now + SWITCH_ANSWERS_US))
    unit.tell(call.switch, _join(unit, call))


def send_on(unit: Unit, call: Call, to: Destination, cause: str) -> None:
    """The agent leaves and wraps up; the caller goes on when parked."""
    moved = in_call.transfer(call, to, unit.now)
    leave(unit, call, cause)
    unit.save_call(moved)
    if call.parked or call.state in (CallState.CONFERENCE, CallState.RECOVERING, CallState.RESUMING):
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
            go(unit, in_call.free(call, unit.now), call.then, RouteReason.TRANSFERRED)
        case state:
            raise IllegalTransitionError("call", state or "unknown", "caller parked")
    unit.explain(call_id, Occasion.CALLER_PARKED)


def play_hold_music(unit: Unit, call: Call) -> None:
    """The held caller is parked: music."""
    unit.save_call(in_call.park(call))
    unit.tell(call.switch, waiting_music(unit, call))


def mend(unit: Unit, call: Call) -> None:
    """Tell the switch once more what it has not proved."""
    unit.tell(call.switch, Park(leg=call.line, both=call.state is CallState.HELD))


def repeat(unit: Unit, call: Call) -> None:
    """The switch's proof is late."""
    unit.save_call(call.repeat(unit.now))
    mend(unit, call)


def join_again(unit: Unit, call: Call) -> None:
    """Tell the switch once more to join caller and agent, in a way that mends a join that came to nothing."""
    unit.save_call(in_call.join_again(call, unit.now + SWITCH_ANSWERS_US, unit.now))
    unit.tell(call.switch, replace(_join(unit, call), again=True))


def not_joined(unit: Unit, call: Call) -> None:
    """Caller and agent are not joined in time: once more; then the caller goes back to where he came from."""
    if call.again:
        send_on(unit, call, way_back(unit, call), "NO_JOIN")
    else:
        join_again(unit, call)


def _join(unit: Unit, call: Call) -> Join:
    return Join(leg=call.line, tenant=unit.tenant, agent_leg=call.leg or "")
