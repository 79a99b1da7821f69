"""A supervisor listens to an agent's call, whispers, barges in, takes it over (SUP-1)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import in_call
from orchestrator.domain.agent import Agent, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT
from orchestrator.domain.commands import ChangeMode, HangUp, Join, Listen, Mark
from orchestrator.domain.events import CallTransferred, Supervised
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion
from orchestrator.domain.supervision import FAILED, STOPPED, Mode, Supervision
from orchestrator.service.consult import JOIN_US
from orchestrator.service.errors import CallNotReadyError, NoPhoneError, UnknownCallError
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.record_call import recorded
from orchestrator.service.release import leave
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit, Work

Act = Callable[[Unit, Call], object]

#: The supervisor's phone rings 20 s (`esl_handlers/spelling.py`); so long after the order nobody answers any more (us).
ANSWER_US = 25_000_000


class SuperviseCall:
    """Supervises any call of the tenant that an agent has. `supervisor` is an agent id, `by` the user.

    Every refusal is a RefusedError and changes nothing: UnknownCallError, NoPhoneError, CallNotReadyError.
    """

    def __init__(self, work: Work, offers: OfferCall) -> None:
        """`offers` matches agents who become ready."""
        self._work, self._offers = work, offers

    def listen(self, tenant: str, call: str, supervisor: str, mode: Mode, by: str) -> None:
        """Ring the supervisor's own device, or change the mode of who listens already."""

        def act(unit: Unit, found: Call) -> None:
            if found.supervision and found.supervision.agent == supervisor:
                _change(unit, found, found.supervision, mode, by)
            else:
                _begin(unit, found, supervisor, mode, by)

        self._run(tenant, call, Occasion(mode.value), act)

    def answered(self, tenant: str, call: str, leg: str) -> None:
        """A leg of the call was answered: noted if it is the supervisor's."""
        held = self._work.store.call(tenant, call)
        if held and held.document.supervision and held.document.supervision.leg == leg:
            self._work.run(tenant, lambda unit: _answer(unit, call, leg))

    def stop(self, tenant: str, call: str, supervisor: str, by: str) -> None:
        """Listen no more."""

        def act(unit: Unit, found: Call) -> None:
            leg = _own(found, supervisor).leg
            unit.save_call(in_call.supervise(found, None), _event(unit, found, supervisor, STOPPED, by))
            unit.tell(found.switch, HangUp(leg=leg))

        self._run(tenant, call, Occasion.STOP_SUPERVISING, act)

    def take_over(self, tenant: str, call: str, supervisor: str, by: str) -> None:
        """The supervisor who listens gets the caller, the agent wraps up.

        The agent's leg is hung up when the join is proved: its end would end who listens to it.
        """

        def act(unit: Unit, found: Call) -> None:
            own = _own(found, supervisor)
            agent = _free(unit, supervisor)
            if not own.answered:
                raise IllegalTransitionError("supervision", "ringing", "take_over")
            taken = in_call.take_over(found, JOIN_US, unit.now)
            leave(unit, found, "taken_over")
            moved = CallTransferred(
                at=unit.now, call=found.id, agent=found.agent or "", way="agent", target=supervisor, by=by
            )
            unit.save_call(recorded(unit, taken, supervisor), _event(unit, found, supervisor, "take_over", by), moved)
            unit.save_agent(agent.restore_call(found.id, own.leg, found.queue, unit.now), "taken_over", by)
            unit.tell(
                found.switch,
                Mark(leg=found.line, variables={"cc_agent": supervisor}),
                Join(leg=found.line, tenant=unit.tenant, agent_leg=own.leg),
            )

        self._run(tenant, call, Occasion.TAKE_OVER, act)

    def _run(self, tenant: str, call_id: str, what: Occasion, act: Act) -> None:
        def decide(unit: Unit) -> None:
            call = unit.call(call_id)
            if call is None:
                raise UnknownCallError(call=call_id)
            if call.state not in WITH_AGENT or not call.leg:
                raise IllegalTransitionError("call", call.state, what)
            act(unit, call)
            unit.explain(call_id, what)

        if not self._offers.run(tenant, decide):
            raise CallNotReadyError(what=what)


def _begin(unit: Unit, call: Call, supervisor: str, mode: Mode, by: str) -> None:
    _free(unit, supervisor)
    supervision = Supervision(leg=str(uuid4()), agent=supervisor, mode=mode, due=unit.now + ANSWER_US)
    if call.supervision:
        unit.tell(call.switch, HangUp(leg=call.supervision.leg))
    unit.save_call(in_call.supervise(call, supervision), _event(unit, call, supervisor, mode.value, by))
    unit.tell(
        call.switch,
        Listen(
            leg=supervision.leg,
            tenant=unit.tenant,
            call=call.id,
            agent=supervisor,
            device=unit.config.agents[supervisor].device,
            caller=call.caller,
            to=call.leg or "",
            mode=mode,
        ),
    )


def _change(unit: Unit, call: Call, supervision: Supervision, mode: Mode, by: str) -> None:
    changed = replace(supervision, mode=mode)
    unit.save_call(in_call.supervise(call, changed), _event(unit, call, supervision.agent, mode.value, by))
    unit.tell(call.switch, ChangeMode(leg=supervision.leg, to=call.leg or "", mode=mode))


def _answer(unit: Unit, call_id: str, leg: str) -> None:
    call = unit.call(call_id)
    if call is None or call.supervision is None or call.supervision.leg != leg:
        raise IllegalTransitionError("supervision", "none", "answered")
    unit.save_call(in_call.supervise(call, call.supervision.answer()))


def _own(call: Call, supervisor: str) -> Supervision:
    if call.supervision is None or call.supervision.agent != supervisor:
        raise IllegalTransitionError("supervision", "none", "supervise")
    return call.supervision


def _free(unit: Unit, supervisor: str) -> Agent:
    """Return the supervisor as an agent with a device and without a call; raises NoPhoneError."""
    agent = unit.agent(supervisor)
    there = agent is not None and agent.registered and agent.mode is AnswerMode.WEB and not agent.engaged
    if agent is None or not there or supervisor not in unit.config.agents:
        raise NoPhoneError
    return agent


def of_leg(call: Call | None, leg: str) -> bool:
    """Tell whether the leg is the supervisor's who listens, or is to."""
    return call is not None and call.supervision is not None and call.supervision.leg == leg


def leg_over(unit: Unit, call: Call, cause: str) -> None:
    """The supervisor's leg is gone, or never came to be; only of a phone that did not answer the cause is told."""
    by = call.supervision
    if by is None:
        raise IllegalTransitionError("supervision", "none", "leg over")
    event = Supervised(
        at=unit.now,
        call=call.id,
        agent=call.agent or "",
        supervisor=by.agent,
        mode=STOPPED if by.answered else FAILED,
        cause="" if by.answered else cause,
    )
    unit.save_call(in_call.supervise(call, None), event)


def unanswered(unit: Unit, call: Call) -> bool:
    """End the ringing of a supervisor's phone that nothing was heard of; tell whether it was due."""
    by = call.supervision
    if by is None or by.due is None or by.due > unit.now:
        return False
    leg_over(unit, call, "NO_ANSWER")
    unit.tell(call.switch, HangUp(leg=by.leg, cause="NO_ANSWER"))
    return True


def mend(unit: Unit, call: Call, leg: LegSeen | None) -> None:
    """Another orchestrator took over: the supervisor's `leg` was answered meanwhile, is gone, or never came to be."""
    if leg is None:
        leg_over(unit, call, "GONE")
    elif leg.answered and call.supervision and not call.supervision.answered:
        unit.save_call(in_call.supervise(call, call.supervision.answer()))


def _event(unit: Unit, call: Call, supervisor: str, mode: str, by: str) -> Supervised:
    return Supervised(at=unit.now, call=call.id, agent=call.agent or "", supervisor=supervisor, mode=mode, by=by)
