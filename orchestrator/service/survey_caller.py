"""The agent has hung up: the caller, still there, is asked for a score from 1 to 5."""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import asking
from orchestrator.domain.call import Call
from orchestrator.domain.call_due import SWITCH_ANSWERS_US
from orchestrator.domain.call_states import CallTrigger, Party
from orchestrator.domain.commands import AskKey, Mark, Park
from orchestrator.domain.config import HANG_UP, Destination, Way
from orchestrator.domain.events import SurveyBegun, Surveyed
from orchestrator.domain.story import RouteReason
from orchestrator.domain.survey import Survey
from orchestrator.service.route_call import STEP_GRACE_US, go
from orchestrator.service.work import Unit

#: The scores, as keys.
SCORES = "12345"

#: What the call's `menu` says meanwhile (an IVR's menus have a dot in their names), and the mark on the channel.
SURVEY = "survey"


def begin_survey(unit: Unit, call: Call) -> bool:
    """Ask the caller whose agent has hung up, as soon as the talk is proved to be over.

    False where the queue has no survey, or an agent has called.
    """
    survey = None if call.outbound else _survey_of(unit, call)
    if survey is None or survey.prompt not in unit.config.prompts:
        return False
    unit.events.append(SurveyBegun(at=unit.now, call=call.id, queue=call.queue or "", agent=call.agent or ""))
    unit.tell(call.switch, Mark(leg=call.line, variables={"cc_state": SURVEY}))
    left = replace(asking.leave_menu(call), hung_up_by=Party.AGENT)
    if call.parked:
        _ask(unit, left, survey)
    else:
        begun = left.move(CallTrigger.SURVEYED, unit.now)
        unit.save_call(replace(begun, step=None, step_due=unit.now + SWITCH_ANSWERS_US))
    return True


def ask_parked(unit: Unit, call: Call) -> None:
    """The switch has proved that the talk is over: only now a question is not cut off with it."""
    survey = _survey_of(unit, call)
    if survey:
        _ask(unit, call, survey)
    else:
        take_score(unit, call, "")


def park_again(unit: Unit, call: Call) -> None:
    """Nothing tells that the talk is over."""
    unit.save_call(replace(call.repeat(unit.now), step_due=unit.now + SWITCH_ANSWERS_US))
    unit.tell(call.switch, Park(leg=call.line))


def ask_anew(unit: Unit, call: Call) -> None:
    """The question was cut off, which is not the caller's fault."""
    survey = _survey_of(unit, call)
    if survey:
        _ask(unit, asking.uncounted(call, unit.now), survey)
    else:
        take_score(unit, call, "")


def take_score(unit: Unit, call: Call, key: str) -> None:
    """The caller has pressed a key, or none (empty): thank, ask again, or let go."""
    keyed = asking.press(call, "", unit.now)
    survey = _survey_of(unit, call)
    if key and key in SCORES:
        unit.events.append(
            Surveyed(at=unit.now, call=call.id, queue=call.queue or "", agent=call.agent or "", score=int(key))
        )
        go(unit, keyed, Destination(way=Way.HANG_UP, prompt=survey.thanks if survey else ""), RouteReason.SURVEYED)
    elif survey and keyed.menu_tries < survey.tries:
        _ask(unit, keyed, survey)
    else:
        go(unit, keyed, HANG_UP, RouteReason.NO_VALID_KEY)


def _survey_of(unit: Unit, call: Call) -> Survey | None:
    queue = unit.config.queues.get(call.queue or "")
    return queue.survey if queue else None


def _ask(unit: Unit, call: Call, survey: Survey) -> None:
    prompt = unit.config.prompts.get(survey.prompt)
    step, timeout_ms = str(uuid4()), survey.timeout_s * 1000
    until = unit.now + ((prompt.ms if prompt else 0) + timeout_ms) * 1000 + STEP_GRACE_US
    unit.save_call(asking.ask_key(call, step, SURVEY, until, unit.now, CallTrigger.SURVEYED))
    sounds = (prompt.path,) if prompt else ()
    unit.tell(call.switch, AskKey(leg=call.line, sounds=sounds, keys=SCORES, timeout_ms=timeout_ms, step=step))
