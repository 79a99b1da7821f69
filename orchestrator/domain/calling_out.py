"""What a tenant allows its agents to call, how often, and which of its numbers is shown (OUT-1, NUM-1, SAFE-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingOut:
    """The rules for calls that agents place.

    Shown is what the agent picks among `choosable` (owned numbers; empty = the agent picks none), else the agent's
    number (`agent_caller_ids`), the group's, the tenant's `caller_id`, else the first owned one with a trunk.

    `denied` and `allowed` are prefixes as the blacklist writes them, with `*`; the longest that fits decides, and with
    any `allowed` whatever fits none is refused. Numbers of other countries, and premium ones, need permission.
    `hours` names opening hours outside of which nobody is called (empty = always). Customers ring for `ring_s`
    seconds (10-120). Limits, None = none: calls at once, calls a day of the tenant and of each agent, and what they
    may cost a day, in millionths of the account's currency.
    """

    caller_id: str = ""
    group_caller_ids: dict[str, str] = field(default_factory=dict)
    agent_caller_ids: dict[str, str] = field(default_factory=dict)
    choosable: tuple[str, ...] = ()
    international: bool = False
    premium: bool = False
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    hours: str = ""
    ring_s: int = 45
    at_once: int | None = None
    tenant_calls: int | None = None
    agent_calls: int | None = None
    tenant_spend: int | None = None
    agent_spend: int | None = None

    def shown(self) -> set[str]:
        """Return every number that the rules name."""
        named = {self.caller_id, *self.group_caller_ids.values(), *self.agent_caller_ids.values(), *self.choosable}
        return named - {""}

    def allows(self, entries: Iterable[str]) -> bool:
        """Tell whether the prefixes let a number pass; `entries` are what fits it, the most exact first."""
        for entry in entries:
            if entry in self.denied:
                return False
            if entry in self.allowed:
                return True
        return not self.allowed


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than `most` of a kind: `name` tells which limit, `counter` what is counted (`docs/architecture.md`)."""

    name: str
    counter: str
    most: int
    counts: bool = False


#: The counter of calls that are going on.
LIVE = "live"


def limits_of(rules: CallingOut, agent: str) -> list[Limit]:
    """Return what one more call of an agent must keep to; those that count are counted with it."""
    found = [
        Limit("at_once", LIVE, _most(rules.at_once)),
        Limit("tenant_calls", "calls", _most(rules.tenant_calls), counts=True),
        Limit("agent_calls", f"calls:{agent}", _most(rules.agent_calls), counts=True),
        Limit("tenant_spend", "spend", _most(rules.tenant_spend)),
        Limit("agent_spend", f"spend:{agent}", _most(rules.agent_spend)),
    ]
    return [limit for limit in found if limit.counts or limit.most < NO_LIMIT]


#: A number that was refused so often on one day is told as an alert.
REFUSED_OFTEN = 3


def refusals_of(number: str) -> Limit:
    """Return what counts the refusals of a number, and is reached by the last one of REFUSED_OFTEN."""
    return Limit("refused", f"refused:{number}", REFUSED_OFTEN - 1, counts=True)


def once_a_day(limit: str, agent: str, number: str) -> Limit:
    """Return what lets an alert of a limit (of an agent's: for each agent), or of a number, be told once a day."""
    of = (f"{limit}:{agent}" if limit.startswith("agent_") else limit) or number
    return Limit("alerted", f"alerted:{of}", 1, counts=True)


#: More than anybody calls or spends; exact in Redis.
NO_LIMIT = 10**15


def _most(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit
