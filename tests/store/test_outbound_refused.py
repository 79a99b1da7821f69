"""Calls that agents may not place: nothing rings, and it is written down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.config import OpeningHours
from orchestrator.domain.events import (
    CallBlocked,
    CallEnded,
    CallingAlert,
    CallRefused,
)
from orchestrator.service.call_out import Order
from orchestrator.service.errors import (
    AgentOfflineError,
    CallerIdNotYoursError,
    InvalidNumberError,
    LimitReachedError,
    NoCallerIdError,
    NoSwitchError,
    NotCallableError,
    NumberBlockedError,
    OutsideHoursError,
    OwnPhoneMissingError,
    RefusedError,
    TenantSuspendedError,
)
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.support.call_centre import CallCentre
from tests.support.outbound import CUSTOMER, calling_centre, place, rule, story


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """A company whose agents call out."""
    return calling_centre(redis_url)


REFUSALS: list[tuple[type[RefusedError], dict[str, object], dict[str, str]]] = [
    (InvalidNumberError, {}, {"number": "none"}),
    (InvalidNumberError, {}, {"number": "4001"}),
    (NotCallableError, {"denied": ("+86139*",)}, {}),
    (NotCallableError, {"allowed": ("+86138*",)}, {}),
    (NotCallableError, {}, {"number": "0018762345678"}),
    (NotCallableError, {"international": False}, {"number": "+85221234567"}),
    (CallerIdNotYoursError, {}, {"caller_id": "4002"}),
    (CallerIdNotYoursError, {"choosable": ("4004",)}, {"caller_id": "4004"}),
    (CallerIdNotYoursError, {"choosable": ("4002",)}, {"caller_id": "10086"}),
    (NoCallerIdError, {"caller_id": "4004"}, {}),
    (OutsideHoursError, {"hours": "closed"}, {}),
    (LimitReachedError, {"at_once": 0}, {}),
    (LimitReachedError, {"agent_calls": 0}, {}),
    (LimitReachedError, {"tenant_calls": 0}, {}),
]


@pytest.mark.parametrize(("error", "rules", "order"), REFUSALS)
def test_refused_before_anything_rings(
    centre: CallCentre, error: type[RefusedError], rules: dict[str, object], order: dict[str, str]
) -> None:
    """OUT-1, NUM-1, SAFE-4: no command, no call, the agent as before, and a line in the log of refusals."""
    shut = OpeningHours(id="closed", name="Closed", week=((),) * 7)
    centre.config = replace(centre.config, hours={"closed": shut})
    rule(centre, **rules)
    centre.online("a1")
    with pytest.raises(error):
        place(centre, **order)  # type: ignore[arg-type]
    assert centre.telephony.take() == []
    assert (centre.call("o1"), centre.agent("a1").state) == (None, AgentState.ONLINE)
    (refused,) = story(centre, CallRefused)
    assert (refused.agent, refused.by, refused.reason.partition(".")[0]) == ("a1", "u1", error.id)


def test_refused_by_the_agents_own_state(centre: CallCentre) -> None:
    """OUT-1: offline, without a phone, or without a switch nobody is called."""
    with pytest.raises(AgentOfflineError):
        place(centre)
    centre.online("a1")
    order = Order(call="o1", agent="a1", number=CUSTOMER, caller_id="", by="u1", switches=[])
    with pytest.raises(NoSwitchError):
        centre.use.outbound.place("t", order)
    centre.use.devices.registered("t-1", False)
    with pytest.raises(OwnPhoneMissingError):
        place(centre)
    assert centre.telephony.take() == []


def test_a_company_that_is_not_served_calls_nobody(centre: CallCentre) -> None:
    """SEAT-4, OUT-1: suspended or expired while agents are logged in: the reason is said, nothing rings."""
    centre.online("a1")
    licence = replace(centre.config.licence, suspended=1, reason="unpaid")
    centre.config = replace(centre.config, version=centre.config.version + 1, licence=licence)
    centre.publish()
    with pytest.raises(TenantSuspendedError):
        place(centre)
    assert centre.telephony.take() == []


def test_the_blacklist_is_asked_and_the_attempt_recorded(centre: CallCentre) -> None:
    """BLACK-1, OUT-1: direction out; the attempt has a record of its own."""
    RedisBlacklistWriter(centre.redis, centre.clock).put("t", [BlockedNumber(entry="+86139*", direction=Direction.OUT)])
    centre.online("a1")
    with pytest.raises(NumberBlockedError):
        place(centre)
    (blocked,) = story(centre, CallBlocked)
    assert (blocked.call, blocked.entry, blocked.direction) == ("o1", "+86139*", Direction.OUT)
    assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.BLOCKED]
    assert centre.agent("a1").state is AgentState.ONLINE


def test_which_number_is_shown(centre: CallCentre) -> None:
    """NUM-1: picked by the agent among those allowed, else the agent's, the group's, the tenant's."""
    rule(
        centre, caller_id="4003", group_caller_ids={"East": "4002"}, agent_caller_ids={"a1": "4001"},
        choosable=("4003",),
    )  # fmt: skip
    shown = {}
    centre.online("a1", "a2", "a3")
    for agent in ("a1", "a2", "a3"):
        place(centre, agent, call=f"o-{agent}")
        shown[agent] = centre.call(f"o-{agent}").placed.caller_id
    assert shown == {"a1": "4001", "a2": "4002", "a3": "4003"}
    centre.use.control.hang_up("t", "o-a1", "a1")
    place(centre, "a1", call="o2", caller_id="4003")
    assert centre.call("o2").placed.caller_id == "4003"


def test_the_longest_prefix_decides(centre: CallCentre) -> None:
    """SAFE-4: a single number may be allowed where its prefix is not, and the other way round."""
    rule(centre, denied=("+86139*", "+8613900139000"), allowed=("+861390*",))
    centre.online("a1")
    with pytest.raises(NotCallableError):
        place(centre)
    place(centre, number="13900000000")


def test_limits_hold_however_many_call_at_once(centre: CallCentre) -> None:
    """SAFE-4: counted in the commit that begins the call, so that never one too many begins; ended ones make room."""
    rule(centre, at_once=2, agent_calls=2)
    agents = ("a1", "a2", "a3")
    centre.online(*agents)

    def attempt(agent: str) -> str:
        try:
            place(centre, agent, call=f"o-{agent}")
        except LimitReachedError as error:
            return error.details["limit"]
        return "placed"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(attempt, agents))
    assert outcomes == ["at_once", "placed", "placed"]
    begun = next(agent for agent in agents if centre.call(f"o-{agent}"))
    centre.use.control.hang_up("t", f"o-{begun}", begun)
    place(centre, begun, call="again")
    centre.use.control.hang_up("t", "again", begun)
    with pytest.raises(LimitReachedError):
        place(centre, begun, call="third")


def test_spending_of_the_day_is_a_limit(centre: CallCentre) -> None:
    """SAFE-4: what today's calls have cost, as charging tells it, stops the next call."""
    rule(centre, agent_spend=5_000_000, tenant_spend=9_000_000)
    centre.online("a1", "a2")
    today = centre.use.work.unit("t").today
    centre.redis.hset(keys.called("t", today), mapping={"spend": 8_999_999, "spend:a1": 5_000_000})
    with pytest.raises(LimitReachedError):
        place(centre)
    place(centre, "a2", call="o2")


def attempts(centre: CallCentre, count: int, **order: str) -> list[CallingAlert]:
    """So many calls are refused; returns the alerts so far."""
    for _ in range(count):
        with pytest.raises(RefusedError):
            place(centre, **order)  # type: ignore[arg-type]
    return story(centre, CallingAlert)


def test_a_number_refused_again_and_again_is_an_alert(centre: CallCentre) -> None:
    """SAFE-4: with the third refusal of a day, whoever asks and however it is written; once a day."""
    rule(centre, denied=("+86139*",))
    centre.online("a1", "a2")
    assert attempts(centre, 2) == []
    (alert,) = attempts(centre, 3, agent="a2", number="0086 139 0013 9000")
    assert (alert.agent, alert.number, alert.refused, alert.limit) == ("a2", "+8613900139000", 3, "")
    assert alert.reason == "not_callable.prefix"
    assert attempts(centre, 2, number="13900139001") == [alert]
    centre.clock.pass_s(86_400)
    assert len(attempts(centre, 4)) == 2
    assert len(story(centre, CallRefused)) == 11


@pytest.mark.parametrize(("limit", "alerts"), [("at_once", 1), ("tenant_calls", 1), ("agent_calls", 2)])
def test_a_limit_that_is_reached_is_an_alert(centre: CallCentre, limit: str, alerts: int) -> None:
    """SAFE-4: once a day for each limit, an agent's for each agent."""
    rule(centre, **{limit: 0})
    centre.online("a1", "a2")
    attempts(centre, 3)
    told = attempts(centre, 2, agent="a2")
    assert [alert.agent for alert in told] == ["a1", "a2"][:alerts]
    assert {alert.limit for alert in told} == {limit}
    assert len(story(centre, CallRefused)) == 5


def test_what_says_nothing_about_misuse_is_no_alert(centre: CallCentre) -> None:
    """SAFE-4: who is offline, or mistypes a number, alarms nobody."""
    assert attempts(centre, 4) == []
    centre.online("a1")
    assert attempts(centre, 4, number="none") == []
