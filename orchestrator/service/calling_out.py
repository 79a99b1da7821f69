"""May an agent call a number, and which owned number is shown? Decided before anything rings (OUT-1, NUM-1)."""

import re
from dataclasses import dataclass

from orchestrator.domain.config import TenantConfig
from orchestrator.domain.hours import Opening, opening
from orchestrator.service.errors import (
    CallerIdNotYoursError,
    InvalidNumberError,
    NoCallerIdError,
    NotCallableError,
    OutsideHoursError,
    RefusedError,
)
from orchestrator.service.numbers import candidates, is_foreign, is_premium, normalise

_DIALLABLE = re.compile(r"\+?[0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A number that an agent may show: `chosen` tells whether it is the one that is shown if nothing is picked."""

    number: str
    chosen: bool


def called_number(config: TenantConfig, written: str) -> str:
    """Return the one spelling of what is to be called; raises InvalidNumberError."""
    number = normalise(written, config.country)
    if not _DIALLABLE.fullmatch(number) or number in config.numbers:
        raise InvalidNumberError(number=written[:40])
    return number


def check_rules(config: TenantConfig, number: str, at: int) -> None:
    """Refuse what the tenant's rules don't allow at `at` (us UTC); raises NotCallableError or OutsideHoursError."""
    rules = config.calling_out
    hours = config.hours.get(rules.hours)
    if hours and opening(hours, config.timezone, at) is not Opening.OPEN:
        raise OutsideHoursError(hours=hours.name)
    if not rules.allows(candidates(number, config.country)):
        raise NotCallableError(number=number, rule="prefix")
    if not rules.international and is_foreign(number, config.country):
        raise NotCallableError(number=number, rule="international")
    if not rules.premium and is_premium(number, config.country):
        raise NotCallableError(number=number, rule="premium")


def shown_number(config: TenantConfig, agent: str, picked: str) -> str:
    """Return the owned number that is shown; raises CallerIdNotYoursError or NoCallerIdError."""
    if picked:
        if picked not in choices(config, agent) or config.trunk_of(picked) is None:
            raise CallerIdNotYoursError(number=picked)
        return picked
    found = next((number for number in _defaults(config, agent) if config.trunk_of(number)), "")
    if not found:
        raise NoCallerIdError
    return found


def choices(config: TenantConfig, agent: str) -> list[str]:
    """Return what an agent may show, the one that is shown without a choice first."""
    usual = next((number for number in _defaults(config, agent) if config.trunk_of(number)), None)
    picks = [number for number in config.calling_out.choosable if config.trunk_of(number)]
    return list(dict.fromkeys([*([usual] if usual else []), *picks]))


def _defaults(config: TenantConfig, agent: str) -> list[str]:
    """The agent's number, the group's, the tenant's; where none of them is set, the first that can be shown."""
    rules, configured = config.calling_out, config.agents.get(agent)
    group = configured.group if configured else ""
    named = (rules.agent_caller_ids.get(agent, ""), rules.group_caller_ids.get(group, ""), rules.caller_id)
    return [number for number in named if number] or sorted(config.numbers)


def reason_of(error: RefusedError) -> str:
    """Return what a refusal is written down as: its id, and which rule it was where there are several."""
    rule = error.details.get("rule") or error.details.get("limit")
    return f"{error.id}.{rule}" if rule else error.id
