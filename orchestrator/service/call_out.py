"""An agent calls somebody: the own phone rings first, then the customer, and nothing before all is allowed (OUT-1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.domain import outbound
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.calling_out import limits_of
from orchestrator.domain.commands import DialOut, HangUp
from orchestrator.domain.events import Connected, CustomerRung
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.outbound import Outbound, Progress, unanswered
from orchestrator.domain.story import Occasion
from orchestrator.service import end_placed
from orchestrator.service.calling_out import called_number, check_rules, shown_number
from orchestrator.service.check_blacklist import CheckBlacklist, blocking_entry
from orchestrator.service.end_call import EndCall, LegReport
from orchestrator.service.errors import (
    AgentEngagedError,
    AgentOfflineError,
    LimitReachedError,
    NoSwitchError,
    NumberBlockedError,
    OwnPhoneMissingError,
    RefusedError,
    UnknownAgentError,
)
from orchestrator.service.hold import caller_parked
from orchestrator.service.log_in import check_served
from orchestrator.service.meter_call import prepay
from orchestrator.service.note_refusal import NoteRefusal, Wish
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import LimitError, Telephony
from orchestrator.service.record_call import recorded
from orchestrator.service.ring_own import ring_own
from orchestrator.service.work import Unit, Work, day_of

#: The role of the customer's channel (`cc_role`).
CUSTOMER = "customer"

#: So much longer than the ring time the switch may take to tell that nobody answered (us).
GRACE_US = 5_000_000


#: How a channel ends that the switch has not waited for any longer.
CANCELLED = ("ORIGINATOR_CANCEL", "NORMAL_CLEARING")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants to call whom: `call` is the new call's id, `caller_id` the number picked to be shown, or empty.

    `by` is the user who asks; `switches` are those that somebody owns.
    """

    call: str
    agent: str
    number: str
    caller_id: str
    by: str
    switches: Sequence[str]


class CallOut:
    """Follows a call that an agent places until the customer has answered; from then on it is like any other."""

    def __init__(
        self, work: Work, offers: OfferCall, end: EndCall, blacklist: CheckBlacklist, telephony: Telephony
    ) -> None:
        """`telephony` ends channels of customers whom nobody waits for any more."""
        self._work, self._offers, self._end, self._blacklist = work, offers, end, blacklist
        self._telephony, self._refusals = telephony, NoteRefusal(work)

    def place(self, tenant: str, order: Order) -> None:
        """Begin the call; every refusal is a RefusedError, rings nobody, and is written down."""
        wish = Wish(agent=order.agent, number=order.number, by=order.by)
        try:
            self._offers.run(tenant, lambda unit: _place(unit, order))
        except NumberBlockedError as error:
            self._blacklist.calling(tenant, order.call, order.caller_id, error.details["number"])
            self._refusals.note(tenant, wish, error)
            raise
        except LimitError as error:
            refusal = LimitReachedError(limit=error.name)
            self._refusals.note(tenant, wish, refusal)
            raise refusal from error
        except RefusedError as error:
            self._refusals.note(tenant, wish, error)
            raise

    def progressed(self, tenant: str, call: str, leg: str, switch: str, seen: Progress) -> None:
        """The customer's telephone rings, or the network is heard; one that nobody waits for is let go (again)."""
        if not self._offers.run(tenant, lambda unit: _progressed(unit, call, seen)):
            self._end_doomed(tenant, call, leg, switch)

    def answered(self, tenant: str, call: str, leg: str, switch: str, at: int) -> None:
        """The customer has answered at `at` (us UTC)."""
        if not self._offers.run(tenant, lambda unit: reached(unit, call, at)):
            self._end_doomed(tenant, call, leg, switch)

    def parked(self, tenant: str, call: str, leg: str, switch: str) -> None:
        """A hold, a transfer or the end of the talk has left the customer's channel in the park."""
        if not self._offers.run(tenant, lambda unit: caller_parked(unit, call)):
            self._end_doomed(tenant, call, leg, switch)

    def dialled(self, tenant: str, call: str, leg: str, cause: str) -> None:
        """The switch has done with ringing the customer from the agent's channel, for this cause."""
        self._offers.run(tenant, lambda unit: _dialled(unit, call, leg, cause))

    def customer_left(self, tenant: str, call: str, report: LegReport) -> None:
        """The customer's channel is gone: not reached, or the end of the talk, or only a late fact."""
        if not self._offers.run(tenant, lambda unit: _customer_left(unit, self._end, call, report)):
            self._offers.run(tenant, lambda unit: unit.events.append(report.event(call, unit.now)))

    def _end_doomed(self, tenant: str, call: str, leg: str, switch: str) -> None:
        held = self._work.store.call(tenant, call)
        if held is None or held.document.state is CallState.ENDED:
            self._telephony.send(switch, [HangUp(leg=leg, cause="ORIGINATOR_CANCEL")])


def _place(unit: Unit, order: Order) -> None:
    check_served(unit.config.licence, unit.now)
    agent = _free(unit, order.agent)
    number = called_number(unit.config, order.number)
    check_rules(unit.config, number, unit.now)
    if blocking_entry(unit, Direction.OUT, number):
        raise NumberBlockedError(number=number)
    shown = shown_number(unit.config, agent.id, order.caller_id)
    switch = agent.switch if agent.switch in order.switches else next(iter(order.switches), "")
    if not switch:
        raise NoSwitchError
    prepay(unit, order.call, order.call, CallDirection.OUT, number)
    unit.limits.extend(limits_of(unit.config.calling_out, agent.id))
    placed = Outbound(agent=agent.id, number=number, caller_id=shown, ring_s=unit.config.calling_out.ring_s)
    ring_own(unit, order.call, placed, switch, agent, order.by)


def _free(unit: Unit, agent_id: str) -> Agent:
    """Return the agent if a call may begin: not offline, not engaged, with a phone, or a mobile to answer on."""
    agent = unit.agent(agent_id)
    if agent is None or agent_id not in unit.config.agents:
        raise UnknownAgentError(agent=agent_id)
    if agent.engaged:
        raise AgentEngagedError(state=agent.state.value)
    if agent.state is AgentState.OFFLINE:
        raise AgentOfflineError
    if not agent.reachable:
        raise OwnPhoneMissingError
    return agent


def ring_customer(unit: Unit, call: Call) -> None:
    """The agent is on the line: ring the customer from there."""
    placed = call.placed
    trunk = unit.config.trunk_of(placed.caller_id)
    calling = outbound.call_out(call, unit.now + placed.ring_s * 1_000_000 + GRACE_US, unit.now)
    if trunk is None:
        end_placed.not_reached(unit, calling, "NO_TRUNK")
        return
    rung = CustomerRung(at=unit.now, call=call.id, agent=placed.agent, number=placed.number, progress=Progress.DIALLING)
    unit.save_call(calling, rung)
    unit.tell(call.switch, dial(unit, calling, trunk.dialled(placed.number), trunk.name))
    unit.explain(call.id, Occasion.AGENT_ON_THE_LINE)


def dial(unit: Unit, call: Call, number: str, trunk: str) -> DialOut:
    """Return the order to ring the customer, with the number as the trunk wants it."""
    placed = call.placed
    return DialOut(
        leg=call.asked.leg, tenant=unit.tenant, call=call.id, agent=placed.agent, customer=call.id, number=number,
        trunk=trunk, caller_id=placed.caller_id, ring_s=placed.ring_s, called=placed.number,
    )  # fmt: skip


def reached(unit: Unit, call_id: str, at: int) -> None:
    """Customer and agent hear each other."""
    call = _calling(unit, call_id)
    agent = unit.agent_in(call.id, call.asked.agent)
    leg = call.asked.leg
    connected = Connected(at=at or unit.now, call=call.id, queue="", agent=call.asked.agent, leg=leg)
    talking = outbound.reach(call, at or unit.now, unit.now)
    unit.save_call(recorded(unit, talking, talking.agent), connected)
    if agent:
        day = day_of(connected.at, unit.config.timezone)
        unit.save_agent(agent.count_connected(day, inbound=False), "connected", call=call.id)
    unit.explain(call.id, Occasion.CUSTOMER_ANSWERED)


def _calling(unit: Unit, call_id: str) -> Call:
    call = unit.call(call_id)
    if call is None or call.state is not CallState.CALLING:
        raise IllegalTransitionError("call", call.state if call else "unknown", "customer's leg")
    return call


def _progressed(unit: Unit, call_id: str, seen: Progress) -> None:
    call = _calling(unit, call_id)
    further = outbound.progress(call, seen)
    if further is not call:
        told = CustomerRung(
            at=unit.now, call=call.id, agent=call.placed.agent, number=call.placed.number, progress=seen
        )
        unit.save_call(further, told)


def _dialled(unit: Unit, call_id: str, leg: str, cause: str) -> None:
    call = _calling(unit, call_id)
    if call.asked.leg != leg:
        raise IllegalTransitionError("call", call.state, "dialled")
    _unanswered(unit, call, cause)


def _unanswered(unit: Unit, call: Call, cause: str, hung_up: bool = False) -> None:
    """The customer's channel is gone: not reached, or, cut by the switch before the ring time was over, the agent left.

    `hung_up`: by the customer's side. The switch counts the ring time in whole seconds and is up to one early.
    """
    over = (call.join_due or unit.now) - GRACE_US - 1_000_000
    if call.state is CallState.CALLING and cause in CANCELLED and not hung_up and unit.now < over:
        end_placed.give_up(unit, call, cause)
    else:
        end_placed.not_reached(unit, call, cause)


def _customer_left(unit: Unit, end: EndCall, call_id: str, report: LegReport) -> None:
    call = unit.call(call_id)
    if call and unanswered(call):
        unit.events.append(report.event(call_id, unit.now))
        _unanswered(unit, call, report.cause, report.hung_up)
    else:
        end.leave(unit, call_id, report, lost=False)
