"""Words of ours that pages show have a text in every language."""

import ast
import inspect
import json
import re
from collections.abc import Iterable
from dataclasses import is_dataclass

import pytest

from esl_handlers.switch_commands.safe import CAUSES
from orchestrator.domain import commands
from orchestrator.domain.agent import AgentState
from orchestrator.domain.agent_service import STATE_KEYS, Later
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.calling_out import CallingOut, limits_of
from orchestrator.domain.config import Way
from orchestrator.domain.consult import ConsultState
from orchestrator.domain.events import EVENT_TYPES, CallEvent
from orchestrator.domain.forward import RESULTS, ForwardResult
from orchestrator.domain.hours import Opening
from orchestrator.domain.licence import Standing
from orchestrator.domain.offer import OFFER_MACHINE, OfferState
from orchestrator.domain.outbound import Progress
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.domain.supervision import FAILED, STOPPED, Mode
from orchestrator.jobs import JOB_TYPES
from orchestrator.service.call_back import ROLE as CALLBACK
from orchestrator.service.call_out import CUSTOMER
from orchestrator.service.consult import CONSULT, RETURNED
from orchestrator.service.errors import NotServedError
from orchestrator.service.ring_agent import AGENT
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.serve_agent import REFUSALS
from orchestrator.service.test_call import TEST
from tests.support.real_centre import ROOT
from workers.alerts import DESTINATIONS

#: Where an offer isn't over.
UNDECIDED = (OfferState.DIALLING, OfferState.RINGING, OfferState.CONFIRMING, OfferState.WON, OfferState.ACCEPTED)

TEXTS = ROOT / "webui" / "frontend" / "src" / "i18n"


def texts(language: str, name: str, key: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((TEXTS / language / f"{name}.json").read_text(encoding="utf-8"))[key]
    return found


def audited() -> set[str]:
    """Areas that changes are noted under, where they stand in the call as words."""
    found = set()
    for folder in ("webui", "workers", "orchestrator"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_change" and len(node.args) > 1:
                    area = node.args[1]
                    found |= {area.value} if isinstance(area, ast.Constant) and isinstance(area.value, str) else set()
    return found


def causes() -> set[str]:
    """Why agents change, where it stands in the call as a word."""
    found = set()
    for file in (ROOT / "orchestrator" / "service").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "save_agent":
                found |= {part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)}
    return {
        cause for cause in found if isinstance(cause, str) and not cause.endswith("_")
    }  # `offer_` has a result after it


@pytest.mark.parametrize("language", ["en", "zh"])
def test_causes_of_the_state_log_have_words(language: str) -> None:
    """LOG-1: who or what changed a state is said in people's words, and can be looked for."""
    listed = (TEXTS.parent / "components" / "stateFilter.ts").read_text(encoding="utf-8")
    assert {"offered", "taken_over"} < causes()
    assert causes() - set(texts(language, "stateLog", "stateCause")) == set()
    assert {cause for cause in texts(language, "stateLog", "stateCause") if f"'{cause}'" not in listed} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_job_has_words(language: str) -> None:
    """OPS-1: the page of background jobs tells people what failed, not which function."""
    assert {name.rpartition(".")[2] for name in JOB_TYPES} == set(texts(language, "jobKinds", "jobKind"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_commands_and_audited_areas_have_words(language: str) -> None:
    """OPS-1, ROLE-1: a call's story and the audit tell people what was done, not what we call it."""
    kinds = {name for name, kind in inspect.getmembers(commands, inspect.isclass) if is_dataclass(kind)}
    assert kinds - {"Command"} == set(texts(language, "commands", "command"))
    assert audited()
    assert audited() - set(texts(language, "team", "auditArea")) == set()


#: Which words of ours a call's page shows, and the texts that have them (file, key).
SHOWN: list[tuple[Iterable[str], str, str]] = [
    (Occasion, "storyWords", "occasion"),
    ({*RouteReason, *Standing} - {Standing.VALID}, "calls", "routeReason"),
    (CallState, "calls", "callState"),
    (Outcome, "calls", "outcome"),
    (Party, "calls", "party"),
    ({*OfferState, *ForwardResult}, "calls", "offer"),
    (ConsultState, "calls", "consultState"),
    ({*Mode, STOPPED, FAILED, "take_over"}, "calls", "superviseMode"),
    (Way, "calls", "way"),
    (Progress, "outbound", "placedStage"),
    (AgentState, "common", "state"),
    ({"caller", AGENT, CUSTOMER, OUTSIDE, CONSULT, CALLBACK, TEST}, "common", "role"),
    ({kind for kind, event in EVENT_TYPES.items() if issubclass(event, CallEvent)}, "calls", "story"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("words", "name", "key"), SHOWN, ids=[key for _, _, key in SHOWN])
def test_a_calls_story_is_told_in_words(language: str, words: Iterable[str], name: str, key: str) -> None:
    """OPS-1: whatever a call's page says of a call has words; no name of our code is left among them."""
    assert {str(word) for word in words} - set(texts(language, name, key)) == set()


def test_every_way_a_ringing_ends_is_a_reason_to_go_on() -> None:
    """CALL-1, QUEUE-4: where a call goes on after an agent or a telephone outside, the story can say why."""
    assert {f"outside_{result}" for result in (*RESULTS.values(), ForwardResult.FAILED)} <= set(RouteReason)
    assert {f"agent_{state}" for _, state in OFFER_MACHINE.table.items() if state not in UNDECIDED} <= set(RouteReason)
    assert {*Mode, Outcome.NOT_PLACED, Outcome.GIVEN_UP, Outcome.NOT_REACHED, Outcome.LOST} <= set(Occasion)
    assert set(Opening) <= set(RouteReason)


def hangup_causes() -> set[str]:
    """Causes that the product gives or knows: capitals, where they stand in the use cases as words."""
    found = set()
    for file in (ROOT / "orchestrator" / "service").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"\A[A-Z]{2,}(?:_[A-Z]+)*\Z", node.value))
    return (found | CAUSES | set(RESULTS)) - {"NFKC", "NEW_PAGE"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_causes_of_a_hangup_have_words(language: str) -> None:
    """CDR-1: people are told why a leg or an offer ended, not which constant of the switch says so."""
    assert {"JOIN_FAILED", "USER_BUSY"} < hangup_causes()
    assert hangup_causes() - set(texts(language, "storyWords", "hangupCause")) == set()


def ends_of_holds() -> set[str]:
    """What ends a hold or an agent's part in a call, where it stands in a use case as a word."""
    found = set()
    for file in (ROOT / "orchestrator" / "service").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in ("end_hold", "leave", "resume", "send_on", "hand_over"):
                found |= {
                    arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return {word for word in found if word.islower()} | {RETURNED}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_ends_a_hold_has_words(language: str) -> None:
    """WEB-1: the story says what ended a hold."""
    assert {"resumed", "caller_left"} < ends_of_holds()
    assert ends_of_holds() - set(texts(language, "calls", "holdEnd")) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_agents_want_by_phone_has_words(language: str) -> None:
    """MOB-1: the story says what an agent wanted by phone, and why it was refused."""
    said = texts(language, "dialin", "dialIn")
    wishes = {*STATE_KEYS.values(), *Later, "pin", "proved"} - {Later.NOTHING}
    assert {str(wish) for wish in wishes} - set(said["wish"]) == set()
    refusals = {"wrong_pin", *(kind.id for kind in (*REFUSALS, *NotServedError.__subclasses__()))}
    assert refusals - set(said["refused"]) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_alerts_have_words(language: str) -> None:
    """SAFE-4: an alert says which limit was reached, or why a number was refused again and again."""
    said = texts(language, "alerts", "alerts")
    rules = CallingOut(at_once=1, tenant_calls=1, agent_calls=1, tenant_spend=1, agent_spend=1)
    assert {limit.name for limit in limits_of(rules, "a1")} - set(said["limit"]) == set()
    assert set(DESTINATIONS) - set(said["refused"]) == set()
