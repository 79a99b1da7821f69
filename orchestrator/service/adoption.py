"""What all who take calls over have in common."""

from orchestrator.domain.call import Call
from orchestrator.domain.events import CallAdopted
from orchestrator.service.end_call import LegReport
from orchestrator.service.record_call import say_again
from orchestrator.service.refer_call import REFERABLE
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit


def mark_adopted(unit: Unit, call_id: str) -> None:
    """Write down that the call was taken over, and go on with its recording."""
    call = unit.call(call_id)
    if call:
        unit.save_call(call, CallAdopted(at=unit.now, call=call.id, state=call.state.value))
        say_again(unit, call)


def referred(call: Call, caller: LegSeen) -> bool:
    """Tell whether a telephone has transferred the caller, and nobody was there to be told."""
    return call.state in REFERABLE and bool(caller.transfer_to) and not caller.bridged


def vanished(leg: str, role: str, agent: str | None = None) -> LegReport:
    """Return the report of a channel that is gone without anybody having told how."""
    return LegReport(leg=leg, role=role, agent=agent, cause="GONE")
