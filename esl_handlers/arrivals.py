"""What happens to callers' channels: they arrive, are answered, park again, hang up."""

from esl_handlers.legs import Legs
from esl_handlers.switch_events import ChannelAnswered, ChannelHungUp, ChannelParked
from orchestrator.domain.commands import HangUp
from orchestrator.service.accept_call import Arrival
from orchestrator.service.end_call import LegReport
from orchestrator.service.ports import Telephony
from orchestrator.service.use_cases import UseCases

#: The dialplan context in which customers' calls park.
CALLERS = "public"


class Arrivals:
    """Handlers of callers' events."""

    def __init__(self, use: UseCases, telephony: Telephony, legs: Legs) -> None:
        """`telephony` refuses what no rule allows yet."""
        self._use, self._telephony, self._legs = use, telephony, legs

    def parked(self, switch: str, event: ChannelParked) -> None:
        """A new call, or a caller whom a hold, a transfer or a failed bridge has left there."""
        if event.cc_tenant:
            parked_again(self._use, event, event.cc_tenant, event.uuid)
        elif event.context != CALLERS:
            self._telephony.send(switch, [HangUp(leg=event.uuid, cause="CALL_REJECTED")])
        else:
            self._accept(switch, event)

    def answered(self, switch: str, event: ChannelAnswered | ChannelParked) -> None:
        """Our answer has reached the caller, or there is none and the channel waits (a test call)."""
        found = self._find(event.uuid, event.cc_tenant)
        if found:
            self._use.enqueue.answered(found, event.uuid)

    def hung_up(self, switch: str, event: ChannelHungUp) -> None:
        """The caller's channel is gone."""
        found = self._find(event.uuid, event.cc_tenant)
        self._legs.forget(event.uuid)
        if found:
            self._use.end.caller_left(found, event.uuid, report(event, "caller"))

    def _accept(self, switch: str, event: ChannelParked) -> None:
        tenant = self._use.accept.accept(
            Arrival(
                leg=event.uuid,
                switch=switch,
                caller=event.caller_number or "",
                caller_name=event.caller_name or "",
                number=event.cc_did or event.destination or "",
                created=event.created or event.at,
            )
        )
        if tenant:
            self._legs.note(event.uuid, tenant, event.uuid, "caller")

    def _find(self, leg: str, tenant: str | None) -> str | None:
        known = self._legs.find(leg)
        return tenant or (known.tenant if known else None)


def parked_again(use: UseCases, event: ChannelParked, tenant: str, call: str) -> None:
    """A customer's channel is parked once more, by the agent's own telephone (REFER) or by anything else."""
    if not (event.transfer_to and use.refer.referred(tenant, call, event.transfer_to)):
        use.steps.caller_parked(tenant, call)


def report(event: ChannelHungUp, role: str) -> LegReport:
    """Return what the switch says of a leg at its end."""
    return LegReport(
        leg=event.uuid,
        role=role,
        agent=event.cc_agent if role == "agent" else None,
        created=event.created or 0,
        progress=event.progress or event.progress_media or 0,
        answered=event.answered or 0,
        ended=event.hung_up or event.at,
        billed_ms=event.billmsec or 0,
        cause=event.cause,
        reloads=bool(event.page_reload) and role == "agent",
        hung_up=(event.sip_hangup_disposition or "").startswith("recv_"),
    )
