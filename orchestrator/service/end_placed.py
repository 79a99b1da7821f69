"""A call that an agent placed ends before the customer has answered: nobody is left ringing, the agent is free."""

from dataclasses import replace

from orchestrator.domain.agent import Agent, Unreached
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import HangUp
from orchestrator.domain.offer import OfferState
from orchestrator.domain.story import Occasion
from orchestrator.service.ended_event import ended_event
from orchestrator.service.fail_offer import NO_DEVICE, without_device
from orchestrator.service.work import Unit


def agent_gone(unit: Unit, call: Call, cause: str, by: Party = Party.AGENT) -> None:
    """The agent's leg is gone, or was never there: the customer, if rung, is let go."""
    if call.state is CallState.PLACED:
        asked = call.asked.state is OfferState.CONFIRMING
        _end(unit, call, Outcome.NOT_PLACED, by, "NOT_CONFIRMED" if asked else cause)
        return
    unit.tell(call.switch, HangUp(leg=call.id, cause="ORIGINATOR_CANCEL"))
    _end(unit, call, Outcome.GIVEN_UP, by, cause)


def give_up(unit: Unit, call: Call, cause: str, by: Party = Party.AGENT) -> None:
    """End both legs, whatever has become of them: the customer's first, which may not exist yet."""
    if call.state is CallState.CALLING:
        unit.tell(call.switch, HangUp(leg=call.id, cause="ORIGINATOR_CANCEL"))
    unit.tell(call.switch, HangUp(leg=call.asked.leg, cause="ORIGINATOR_CANCEL"))
    _end(unit, call, Outcome.NOT_PLACED if call.state is CallState.PLACED else Outcome.GIVEN_UP, by, cause)


def not_confirmed(unit: Unit, call: Call) -> None:
    """Whoever answered the agent's mobile did not press 1: nobody is called (MOB-1)."""
    give_up(unit, call, "NOT_CONFIRMED")


def not_reached(unit: Unit, call: Call, cause: str, outcome: Outcome = Outcome.NOT_REACHED) -> None:
    """The customer did not answer: the agent is let go, without a wrap-up."""
    unit.tell(call.switch, HangUp(leg=call.id, cause="NO_ANSWER"), HangUp(leg=call.asked.leg))
    _end(unit, call, outcome, Party.SYSTEM if outcome is Outcome.LOST else Party.OUTSIDE, cause)


def late(unit: Unit, call: Call) -> None:
    """A deadline has come: the agent's phone, or the customer's, has rung long enough."""
    if call.state is CallState.PLACED:
        asked = call.asked.state is OfferState.CONFIRMING
        give_up(unit, call, "NOT_CONFIRMED" if asked else "NO_ANSWER", Party.SYSTEM)
    else:
        not_reached(unit, call, "NO_ANSWER")


def _end(unit: Unit, call: Call, outcome: Outcome, by: Party, cause: str) -> None:
    ended = call.end(outcome, by, unit.now)
    unit.save_call(ended, ended_event(unit, ended, cause))
    agent = unit.agent_in(call.id, call.asked.agent)
    if agent:
        failed = Unreached(number=call.placed.number, outcome=outcome.value, cause=cause, at=unit.now)
        freed = replace(_free(unit, call, agent, cause), unreached=failed)
        unit.save_agent(freed, outcome.value, call=call.id)
    unit.explain(call.id, Occasion(outcome.value), cause)


def _free(unit: Unit, call: Call, agent: Agent, cause: str) -> Agent:
    """Back without a wrap-up: there was no customer. An own phone that doesn't answer is nothing missed."""
    if call.state is not CallState.PLACED:
        return agent.return_call(unit.now)
    known = without_device(agent) if cause in NO_DEVICE else agent
    return known.fail_offer(False, unit.config.miss_limit, unit.now)
