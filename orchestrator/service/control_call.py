"""What people do with a running call: hold, resume, send on, ask somebody, hang up."""

from collections.abc import Callable
from dataclasses import replace

from orchestrator.domain import in_call
from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT, CallState
from orchestrator.domain.commands import Confer, HangUp
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.events import CallTransferred
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.outbound import unanswered
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service import consult, end_placed, hold, record_call
from orchestrator.service.errors import (
    AgentNotReadyError,
    CallNotReadyError,
    UnknownCallError,
    UnknownTargetError,
)
from orchestrator.service.numbers import normalise
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.release import end_hold, leave
from orchestrator.service.ring_outside import OUTSIDE, Outside, outside, refusal_of
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

Act = Callable[[Unit, Call], object]


class ControlCall:
    """Controls calls with an agent. `agent` whose call it must be, None for any; `by` is the user who asks.

    Every refusal is a RefusedError and changes nothing: UnknownCallError, CallNotReadyError when the call is not in a
    state for it, UnknownTargetError, AgentNotReadyError.
    """

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches lines that callers are sent to."""
        self._offers = offers

    def hold(self, tenant: str, call: str, agent: str | None, by: str) -> None:
        """Put the caller on hold."""
        self._run(tenant, call, agent, Occasion.HOLD, lambda unit, found: hold.hold(unit, found, by))

    def resume(self, tenant: str, call: str, agent: str | None) -> None:
        """End the hold."""

        def act(unit: Unit, found: Call) -> None:
            if found.consult:
                raise IllegalTransitionError("call", "consulting", "resume")
            hold.resume(unit, found, "resumed")

        self._run(tenant, call, agent, Occasion.RESUME, act)

    def pause_recording(self, tenant: str, call: str, agent: str | None, by: str) -> None:
        """Record silence while a card number is said, for the tenant's limit at most; again: from now on as long."""
        self._run(tenant, call, agent, Occasion.PAUSE_RECORDING, lambda unit, found: record_call.pause(unit, found, by))

    def resume_recording(self, tenant: str, call: str, agent: str | None, by: str) -> None:
        """Record again what is said."""
        self._run(
            tenant, call, agent, Occasion.RESUME_RECORDING, lambda unit, found: record_call.resume(unit, found, by)
        )

    def transfer(self, tenant: str, call: str, agent: str | None, to: Destination, by: str) -> None:
        """Send the caller on; the agent wraps up. Whom an agent or a number outside doesn't take goes back to where he
        came from; what can't be rung is refused at once (AgentNotReadyError, NumberBlockedError, NoTrunkError).
        """

        def act(unit: Unit, found: Call) -> None:
            there = _check(unit, found, to)
            if found.consult:
                consult.end(unit, found, "transferred", kill="NORMAL_CLEARING")
            unit.events.append(
                CallTransferred(
                    at=unit.now, call=found.id, agent=found.agent or "", way=to.way.value, target=to.target, by=by
                )
            )
            hold.send_on(unit, found, there, "transferred")

        self._run(tenant, call, agent, Occasion.TRANSFER, act)

    def consult(self, tenant: str, call: str, agent: str | None, target: str, by: str) -> None:
        """Ask another agent while the caller is on hold."""

        def act(unit: Unit, found: Call) -> None:
            asked = _ready(unit, target)
            consult.ring(unit, _on_hold(unit, found, by), asked)

        self._run(tenant, call, agent, Occasion.CONSULT, act)

    def consult_outside(self, tenant: str, call: str, agent: str | None, number: str, by: str) -> None:
        """Ask somebody outside while the caller is on hold; refused as `transfer` is."""

        def act(unit: Unit, found: Call) -> None:
            there = _reachable(unit, found, Destination(way=Way.NUMBER, target=number), consult.CONSULT)
            consult.ring_number(unit, _on_hold(unit, found, by), there)

        self._run(tenant, call, agent, Occasion.CONSULT, act)

    def complete(self, tenant: str, call: str, agent: str | None, by: str) -> None:
        """Leave the caller to whoever is consulted; also ends a conference for the agent."""
        done = Occasion.COMPLETE
        self._run(tenant, call, agent, done, lambda unit, found: consult.hand_over(unit, found, "transferred", by))

    def give_back(self, tenant: str, call: str, agent: str | None) -> None:
        """Return to the caller; whoever is consulted, or third in a conference, is let go."""
        self._run(tenant, call, agent, Occasion.RETURN, consult.give_back)

    def confer(self, tenant: str, call: str, agent: str | None, by: str) -> None:
        """Caller, agent and whoever is consulted hear each other."""

        def act(unit: Unit, found: Call) -> None:
            end_hold(unit, found, "conference")
            joined = consult.conferred(unit, found, by)
            unit.tell(
                found.switch,
                Confer(leg=joined.leg or "", call=found.id, both=True),
                Confer(leg=found.line, call=found.id),
            )

        self._run(tenant, call, agent, Occasion.CONFERENCE, act)

    def hang_up(self, tenant: str, call: str, agent: str | None) -> None:
        """End the call for everybody; one that rings is given up."""

        def act(unit: Unit, found: Call) -> None:
            if found.consult:
                consult.end(unit, found, "hung_up", kill="NORMAL_CLEARING")
            ending = found.agent_leaves(unit.now)
            leave(unit, found, "hung_up")
            unit.save_call(in_call.ask(ending, None))
            unit.tell(found.switch, HangUp(leg=found.line), HangUp(leg=found.leg or ""))

        if not self._offers.run(tenant, lambda unit: _give_up(unit, call, agent)):
            self._run(tenant, call, agent, Occasion.HANG_UP, act)

    def _run(self, tenant: str, call: str, agent: str | None, what: Occasion, act: Act) -> None:
        def decide(unit: Unit) -> None:
            act(unit, _own(unit, call, agent))
            unit.explain(call, what)

        if not self._offers.run(tenant, decide):
            raise CallNotReadyError(what=what)


def _own(unit: Unit, call_id: str, agent: str | None) -> Call:
    """Return a call that an agent has; raises UnknownCallError for others', and IllegalTransitionError."""
    call = unit.call(call_id)
    if call is None or call.state is CallState.ENDED or (agent is not None and call.agent != agent):
        raise UnknownCallError(call=call_id)
    if call.state not in WITH_AGENT:
        raise IllegalTransitionError("call", call.state, "control")
    return call


def _give_up(unit: Unit, call_id: str, agent: str | None) -> None:
    """End a call that its agent has placed and the customer not answered; raises IllegalTransitionError for others."""
    call = unit.call(call_id)
    if call is None or not unanswered(call) or agent not in (None, call.placed.agent):
        raise IllegalTransitionError("call", call.state if call else "unknown", "given up")
    end_placed.give_up(unit, call, "hung_up")


def _on_hold(unit: Unit, call: Call, by: str) -> Call:
    """Return the call on hold, to ask somebody meanwhile."""
    if call.consult or call.state not in (CallState.CONNECTED, CallState.HELD):
        raise IllegalTransitionError("call", call.state, "consult")
    return hold.hold(unit, call, by) if call.state is CallState.CONNECTED else call


def _check(unit: Unit, call: Call, to: Destination) -> Destination:
    """Return where the caller really goes: whoever is not taken there goes back to where he came from."""
    if to.way is Way.NUMBER:
        _reachable(unit, call, to, OUTSIDE)
        return replace(to, otherwise=way_back(unit, call))
    if to.way is Way.AGENT:
        _ready(unit, to.target)
        return replace(to, otherwise=way_back(unit, call))
    if to.way is not Way.QUEUE or to.target not in unit.config.queues:
        raise UnknownTargetError(target=to.target)
    return to


def _reachable(unit: Unit, call: Call, to: Destination, role: str) -> Outside:
    """Return how a number outside is rung; raises the refusal that says why it can't be."""
    found = outside(unit, call, to, role)
    if isinstance(found, Outside) and found.number not in _own_numbers(unit):
        return found
    raise refusal_of(found if isinstance(found, RouteReason) else None, to.target)


def _own_numbers(unit: Unit) -> set[str]:
    return {normalise(number, unit.config.country) for number in unit.config.numbers}


def _ready(unit: Unit, agent: str) -> Agent:
    found, configured = unit.agent(agent), unit.config.agents.get(agent)
    if found is None or configured is None:
        raise UnknownTargetError(target=agent)
    if not found.ready:
        raise AgentNotReadyError(agent=configured.name)
    return found
