"""A caller's channel that nobody knows: new, or left from before Redis lost everything. Its marks tell."""

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.domain import direct, forwarding, outbound, voicemail
from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.commands import HangUp
from orchestrator.domain.config import HANG_UP, Destination, Way
from orchestrator.domain.events import CallPlaced, Connected, QueueEntered
from orchestrator.domain.forward import Forward
from orchestrator.domain.outbound import Outbound
from orchestrator.domain.priority import RaisedBy
from orchestrator.domain.story import Occasion
from orchestrator.service.accept_call import AcceptCall, Arrival, arrived_event, new_call
from orchestrator.service.call_out import CUSTOMER
from orchestrator.service.enqueue_call import EnqueueCall
from orchestrator.service.forward_call import join_forward
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.music import hears_speech, waiting_music
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.record_call import restored
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.say_in_music import first_dues
from orchestrator.service.seen import LegSeen
from orchestrator.service.survey_caller import SURVEY
from orchestrator.service.take_message import restore_message
from orchestrator.service.work import Unit


class RebuildCall:
    """Makes calls out of channels."""

    def __init__(self, accept: AcceptCall, enqueue: EnqueueCall, offers: OfferCall) -> None:
        """A channel without marks takes the way of every new call."""
        self._accept, self._enqueue, self._offers = accept, enqueue, offers

    def rebuild(self, switch: str, caller: LegSeen, others: Iterable[LegSeen]) -> None:
        """Begin or restore the call of a channel, in its old place in the line or with its agent."""
        arrival = Arrival(
            leg=caller.leg,
            switch=switch,
            caller=caller.caller,
            caller_name=caller.caller_name,
            number=caller.number,
            created=caller.created,
        )
        if caller.role == CUSTOMER and not caller.queue:
            self._offers.run(caller.tenant, lambda unit: _restore_outbound(unit, arrival, caller, others))
            return
        outside = _partner(caller, others, OUTSIDE)
        if caller.tenant and outside:
            self._offers.run(caller.tenant, lambda unit: _restore_forward(unit, arrival, caller, outside))
            return
        partner = _partner(caller, others, "agent")
        if caller.tenant and partner and not caller.queue:
            self._offers.run(caller.tenant, lambda unit: _restore_direct(unit, arrival, caller, partner))
            return
        if caller.tenant and caller.answered and voicemail.read_mark(caller.leg, caller.state, 0):
            self._offers.run(caller.tenant, lambda unit: _restore_message(unit, arrival, caller))
            return
        if not (caller.tenant and caller.queue and caller.entered):
            tenant = self._accept.accept(arrival)
            if tenant and caller.answered:
                self._enqueue.answered(tenant, caller.leg)
            return
        if caller.state == SURVEY:
            self._offers.run(caller.tenant, lambda unit: _let_go(unit, arrival, caller))
            return
        self._offers.run(caller.tenant, lambda unit: _restore(unit, arrival, caller, partner))


def _partner(caller: LegSeen, others: Iterable[LegSeen], role: str) -> LegSeen | None:
    partners = (leg for leg in others if leg.role == role and leg.call == caller.leg and leg.bridged)
    return next(partners, None) if caller.bridged else None


def _restore_forward(unit: Unit, arrival: Arrival, caller: LegSeen, outside: LegSeen) -> None:
    """The caller talks to a telephone outside."""
    if unit.call(arrival.leg):
        return
    arrived = new_call(unit, arrival)
    forward = Forward(
        leg=outside.leg, number=outside.called or outside.number, due=unit.now, otherwise=HANG_UP, won=True
    )
    call = restored(unit, forwarding.begin(arrived.answer(caller.answered), forward, unit.now), caller)
    unit.save_call(call, arrived_event(unit, arrived, rebuilt=True))
    join_forward(unit, call)
    unit.explain(call.id, Occasion.REBUILT)


def _restore_direct(unit: Unit, arrival: Arrival, caller: LegSeen, partner: LegSeen) -> None:
    """The caller talks to an agent whom no queue has chosen; if that breaks, the dialled number leads on."""
    if unit.call(arrival.leg):
        return
    arrived = new_call(unit, arrival)
    number = unit.config.numbers.get(arrived.number)
    to = Destination(way=Way.AGENT, target=partner.agent, otherwise=number.route if number else None)
    talking = direct.restore(arrived.answer(caller.answered), to, partner.leg, unit.now)
    connected = Connected(at=unit.now, call=talking.id, queue="", agent=partner.agent, leg=partner.leg)
    unit.save_call(talking, arrived_event(unit, arrived, rebuilt=True), connected)
    _restore_agent(unit, talking, partner)
    unit.explain(talking.id, Occasion.REBUILT)


def _restore_outbound(unit: Unit, arrival: Arrival, caller: LegSeen, others: Iterable[LegSeen]) -> None:
    """An agent had called this customer: a talk goes on, whatever had not come so far is ended."""
    if unit.call(arrival.leg):
        return
    partner = _partner(caller, others, "agent")
    if partner is None or not caller.answered:
        unit.tell(arrival.switch, HangUp(leg=caller.leg))
        return
    placed = Outbound(agent=partner.agent, number=caller.caller, caller_id=caller.number, ring_s=0)
    arrived = replace(new_call(unit, arrival), outbound=placed)
    talking = outbound.restore(arrived, partner.leg, caller.answered, unit.now)
    unit.save_call(
        talking,
        CallPlaced(
            at=unit.now, call=talking.id, switch=arrival.switch, agent=partner.agent, leg=partner.leg,
            number=placed.number, caller_id=placed.caller_id, by="", rebuilt=True,
        ),
        Connected(at=caller.answered, call=talking.id, queue="", agent=partner.agent, leg=partner.leg),
    )  # fmt: skip
    _restore_agent(unit, talking, partner)
    unit.explain(talking.id, Occasion.REBUILT)


def _restore(unit: Unit, arrival: Arrival, caller: LegSeen, partner: LegSeen | None) -> None:
    if unit.call(arrival.leg):
        return
    queue = unit.config.queues.get(caller.queue)
    limit_us = queue.max_wait_s * 1_000_000 if queue and queue.max_wait_s else None
    arrived = restored(unit, new_call(unit, arrival), caller)
    own = max(0, caller.priority - queue.priority) if queue else 0
    raised = arrived.answer(caller.answered).raise_to(own, RaisedBy.MARK)
    waiting = raised.enqueue(caller.queue, caller.priority - own, limit_us, caller.entered)
    entered = QueueEntered(
        at=unit.now,
        call=waiting.id,
        queue=caller.queue,
        priority=caller.priority,
        entered=caller.entered,
        limit=waiting.limit,
        raised=waiting.raised,
        raised_by=waiting.raised_by or "",
    )
    unit.save_call(waiting, arrived_event(unit, arrived, rebuilt=True), entered)
    if queue and not partner:
        waiting = first_dues(waiting, queue, unit.now)
        unit.save_call(waiting)
    if partner:
        restore_talk(unit, waiting, partner)
    elif not caller.playing or hears_speech(unit, caller):
        unit.tell(waiting.switch, replace(waiting_music(unit, waiting), behind=caller.playing))
    unit.explain(waiting.id, Occasion.REBUILT)


def _restore_message(unit: Unit, arrival: Arrival, caller: LegSeen) -> None:
    """The caller leaves a message, which goes on: its end ends the call."""
    if unit.call(arrival.leg):
        return
    arrived = restored(unit, new_call(unit, arrival), caller)
    unit.events.append(arrived_event(unit, arrived, rebuilt=True))
    restore_message(unit, arrived, caller)
    unit.explain(arrived.id, Occasion.REBUILT)


def _let_go(unit: Unit, arrival: Arrival, caller: LegSeen) -> None:
    """The conversation was over, only the survey was not: the call ends as it would have without one."""
    if unit.call(arrival.leg):
        return
    arrived = restored(unit, new_call(unit, arrival), caller)
    talked = arrived.answer(caller.answered).enqueue(caller.queue, caller.priority, None, caller.entered)
    over = talked.restore(caller.agent, "", unit.now).agent_leaves(unit.now)
    unit.save_call(over, arrived_event(unit, arrived, rebuilt=True))
    unit.tell(over.switch, HangUp(leg=over.id))
    unit.explain(over.id, Occasion.REBUILT)


def restore_talk(unit: Unit, waiting: Call, partner: LegSeen) -> None:
    """The customer of a call in the line talks to an agent already."""
    talking = waiting.restore(partner.agent, partner.leg, unit.now)
    left = queue_left(unit, waiting, talking.outcome, partner.agent) if talking.outcome else None
    connected = Connected(at=unit.now, call=waiting.id, queue=waiting.queue or "", agent=partner.agent, leg=partner.leg)
    unit.save_call(talking, *([left] if left else []), connected)
    _restore_agent(unit, talking, partner)


def _restore_agent(unit: Unit, talking: Call, partner: LegSeen) -> None:
    agent = unit.agent(partner.agent)
    if agent and agent.state is not AgentState.IN_CALL:
        restored = agent.restore_call(talking.id, partner.leg, talking.queue, unit.now)
        unit.save_agent(
            restored.count_connected(unit.today, inbound=talking.outbound is None), "restored", call=talking.id
        )
