"""An agent's mobile was answered: ask whoever did to press 1. Only that key brings a caller there (MOB-1)."""

from dataclasses import dataclass
from uuid import uuid4

from orchestrator.domain import confirming
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.call import Call
from orchestrator.domain.commands import AskKey
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.events import OfferPickedUp
from orchestrator.domain.mobile import CONFIRM_GRACE_US, PRESS_ONE, PRESS_ONE_TO_CALL, TAKE
from orchestrator.domain.offer import OfferTrigger
from orchestrator.domain.outbound import unanswered
from orchestrator.domain.story import Occasion
from orchestrator.service.fail_offer import fail
from orchestrator.service.work import Unit


@dataclass(frozen=True, slots=True)
class Question:
    """What a mobile is asked: the order, its step, and until when (us UTC) it may take."""

    order: AskKey
    until: int

    @property
    def step(self) -> str:
        """Return the step that names the question."""
        return self.order.step


def question(unit: Unit, queue: str | None, leg: str, *, calls_out: bool = False) -> Question:
    """Make the question for a leg: the queue's prompt, the tenant's, or the piece that every tenant can have."""
    prompt, rule = _call_prompt(unit) if calls_out else _prompt(unit, queue), unit.config.mobile
    order = AskKey(
        leg=leg,
        sounds=(prompt.path,) if prompt else (),
        keys=TAKE,
        timeout_ms=rule.confirm_s * 1000,
        step=str(uuid4()),
    )
    spoken_us = prompt.ms * 1000 if prompt else 0
    return Question(order, unit.now + spoken_us + rule.confirm_s * 1_000_000 + CONFIRM_GRACE_US)


def ask(unit: Unit, call: Call) -> None:
    """The mobile that the call is offered to was answered; also asks once more after a take-over."""
    asked = question(unit, call.asked.queue, call.asked.leg, calls_out=unanswered(call))
    picked_up = OfferPickedUp(at=unit.now, call=call.id, agent=call.asked.agent, leg=call.asked.leg)
    unit.save_call(confirming.pick_up(call, asked.step, asked.until), picked_up)
    unit.tell(call.switch, asked.order)
    unit.explain(call.id, Occasion.MOBILE_ANSWERED)


def unconfirmed(unit: Unit, call: Call, cause: str) -> None:
    """Whoever answered does not take the call: the caller waits on and the next agent is asked."""
    fail(unit, call, OfferTrigger.UNCONFIRMED, cause, kill="NORMAL_CLEARING")
    unit.explain(call.id, Occasion.NOT_CONFIRMED, cause)


def _call_prompt(unit: Unit) -> PromptConfig | None:
    """Return what is asked of an agent who calls somebody: prompts of the tenant's own speak of a call that came in."""
    return unit.config.prompts.get(piece_id(unit.config.mobile.language, PRESS_ONE_TO_CALL)) or _prompt(unit, None)


def _prompt(unit: Unit, queue: str | None) -> PromptConfig | None:
    configured, rule = unit.config.queues.get(queue or ""), unit.config.mobile
    own = configured.mobile_prompt if configured else ""
    ids = (own, rule.prompt, piece_id(rule.language, PRESS_ONE))
    return next((unit.config.prompts[id_] for id_ in ids if id_ in unit.config.prompts), None)
