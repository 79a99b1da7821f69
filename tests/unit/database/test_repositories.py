"""What pages and commands read from the database."""

from itertools import count

import pytest
from argon2 import PasswordHasher
from peewee import Database

from orchestrator.database.call_records import CallFilter, call_detail, call_story, list_calls
from orchestrator.database.configuration import UnknownTenantError, configuration, next_configuration, tenants
from orchestrator.database.documents import to_plain
from orchestrator.database.models import (
    Agent,
    AgentStateInterval,
    ApiToken,
    CallEventRow,
    CallRecord,
    Number,
    OfferRow,
    Queue,
    QueueAgent,
    Tenant,
    User,
)
from orchestrator.database.paging import BadCursorError
from orchestrator.database.state_log import StateFilter, list_states
from orchestrator.database.tokens import (
    TokenNameTakenError,
    UnknownTokenError,
    create_token,
    digest,
    revoke_token,
    tokens_of,
)
from orchestrator.database.users import UnknownUserError, add_user, user_of
from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.config import AgentConfig, QueueConfig, Strategy, TenantConfig, to_queue

pytestmark = pytest.mark.usefixtures("database")

_places = count()


def _call(call: str, arrived: int, tenant: str = "demo", **values: object) -> CallRecord:
    fields = {
        "switch": "one", "caller": "13800138000", "caller_name": "", "number": "4001", "queue": "sales",
        "agent": None, "ended": arrived + 9, "wait_us": 9, "ring_us": 0, "talk_us": 0, "outcome": "abandoned",
        "short": False, "hung_up_by": "caller", "cause": "NORMAL_CLEARING",
    }  # fmt: skip
    return CallRecord.create(call=call, tenant=tenant, arrived=arrived, **{**fields, **values})


def _interval(agent: str, started: int, ended: int | None, state: str, tenant: str = "demo") -> None:
    AgentStateInterval.create(
        tenant=tenant, agent=agent, started=started, ended=ended, state=state, since=started, reason="", mode="web",
        registered=True, cause="", ms=started, n=next(_places),
    )  # fmt: skip


def _calls(wanted: CallFilter) -> list[str]:
    return [record.call for record in list_calls("demo", wanted).rows]


def test_pages_of_calls_leave_none_out_and_show_none_twice() -> None:
    """CDR-1: newest first, page by page, also where several arrived in the same microsecond and more arrive."""
    for n in range(25):
        _call(f"c{n:02}", arrived=n // 3)
    seen: list[str] = []
    page = list_calls("demo", CallFilter(), size=10)
    while True:
        seen += [record.call for record in page.rows]
        _call(f"new{len(seen)}", arrived=100)
        if page.next is None:
            break
        page = list_calls("demo", CallFilter(), page.next, size=10)
    assert seen == sorted((f"c{n:02}" for n in range(25)), reverse=True)


def test_calls_are_found_by_what_is_known_of_them() -> None:
    """CDR-1: by time of arrival, queue, agent, part of a number, outcome; % and _ mean themselves."""
    _call("c1", 10)
    _call("c2", 20, queue="support", agent="1001", outcome="connected")
    _call("c3", 30, caller="13911112222", number="4002")
    assert _calls(CallFilter(since=20, until=30)) == ["c2"]
    assert _calls(CallFilter(queues=("support", "other"))) == ["c2"]
    assert _calls(CallFilter(agents=("1001",))) == ["c2"]
    assert _calls(CallFilter(number="1111")) == ["c3"]
    assert _calls(CallFilter(number="4001")) == ["c2", "c1"]
    assert _calls(CallFilter(number="%")) == _calls(CallFilter(number="4_0")) == []
    assert _calls(CallFilter(outcomes=("abandoned",), queues=("sales",))) == ["c3", "c1"]
    assert _calls(CallFilter(agents=())) == []


def test_a_whole_number_is_found_as_it_is_written() -> None:
    """CDR-1: whoever has it, in any of its ways; a part of numbers only where nobody has the whole."""
    _call("c1", 10, caller="+8613911112222")
    _call("c2", 20, caller="13800138000", number="13911112222")
    _call("c3", 30, caller="913911112222")
    _call("c4", 40, caller="13911112222", tenant="other")
    both = ("13911112222", "+8613911112222")
    assert _calls(CallFilter(ways=both)) == ["c2", "c1"]
    assert _calls(CallFilter(ways=("+8613911112222",))) == ["c1"]
    assert _calls(CallFilter(ways=both, number="13911112222")) == ["c2", "c1"]
    assert _calls(CallFilter(ways=("3911112222",), number="3911112222")) == ["c3", "c2", "c1"]
    assert _calls(CallFilter(ways=("3911112222",))) == []


@pytest.mark.parametrize("cursor", ["", "x", "1", "-1-2", "1-2-3", "1-'", "９-1", "9" * 19 + "-1"])
def test_a_cursor_that_no_page_gave_is_refused(cursor: str) -> None:
    """API-1: an invented cursor is an error that says so."""
    with pytest.raises(BadCursorError):
        list_calls("demo", CallFilter(), cursor)


def test_another_tenants_call_is_not_found() -> None:
    """SAFE-3: neither in lists nor by its id, nor its story."""
    _call("c1", 10, tenant="other")
    CallEventRow.create(tenant="other", stream_id="1-0", ms=1, n=1, type="call_ended", call="c1", at=1, json="{}")
    assert _calls(CallFilter()) == []
    assert call_detail("demo", "c1") is None
    assert call_story("demo", "c1") == []


def test_a_call_comes_with_its_parts_in_order() -> None:
    """CDR-1: who was asked, in the order in which they were."""
    record = _call("c1", 10)
    for leg, offered in (("b", 30), ("a", 20)):
        OfferRow.create(
            record=record, arrived=10, leg=leg, queue="sales", agent="1001", offered=offered, ended=40,
            result="refused", cause="",
        )  # fmt: skip
    detail = call_detail("demo", "c1")
    assert detail is not None
    assert [offer.leg for offer in detail.offers] == ["a", "b"]
    assert detail.legs == detail.stays == []


def test_a_story_is_told_in_the_streams_order() -> None:
    """OPS-1: by the stream's time, then by number, which starts anew after a loss of Redis."""
    for ms, n in ((5, 9), (7, 1), (5, 10)):
        CallEventRow.create(tenant="demo", stream_id=f"{ms}-{n}", ms=ms, n=n, type="x", call="c1", at=n, json="{}")
    assert [(event.ms, event.n) for event in call_story("demo", "c1")] == [(5, 9), (5, 10), (7, 1)]


def test_states_are_found_by_time_agent_and_state() -> None:
    """LOG-1: intervals that overlap the time; several agents and states, each including or excluding."""
    _interval("1001", 0, 10, "online")
    _interval("1001", 10, 20, "break")
    _interval("1001", 20, None, "online")
    _interval("1002", 5, None, "busy")
    _interval("1001", 0, None, "busy", tenant="other")

    def found(wanted: StateFilter) -> list[tuple[str, int]]:
        return [(row.agent, row.started) for row in list_states("demo", wanted).rows]

    assert found(StateFilter()) == [("1001", 20), ("1001", 10), ("1002", 5), ("1001", 0)]
    assert found(StateFilter(since=10, until=20)) == [("1001", 10), ("1002", 5)]
    assert found(StateFilter(agents=("1001",), states=("online",))) == [("1001", 20), ("1001", 0)]
    assert found(StateFilter(agents=("1001",), without_agents=True)) == [("1002", 5)]
    assert found(StateFilter(states=("online", "busy"), without_states=True)) == [("1001", 10)]


def test_a_configuration_is_made_of_the_tables(database: Database) -> None:
    """QUEUE-1: queues, agents with their queues, numbers; each one made has the next version."""
    demo = Tenant.create(id="demo", name="Demo", break_reasons=["午餐"], wrap_up_s=8)
    other = Tenant.create(id="other", name="Other")
    sales = Queue.create(tenant=demo, key="sales", name="销售", strategy="round_robin", max_wait_s=120)
    wei = Agent.create(tenant=demo, key="1001", name="李伟", device="demo-1001", mode="mobile", group="A")
    Queue.create(tenant=other, key="sales", name="Other's")
    QueueAgent.create(queue=sales, agent=wei)
    Number.create(tenant=demo, number="4001", route=to_plain(to_queue("sales")))
    config = next_configuration(database, "demo")
    assert (config.version, next_configuration(database, "demo").version) == (1, 2)
    assert (config.break_reasons, config.wrap_up_s, _targets(config)) == (("午餐",), 8, {"4001": "sales"})
    assert config.queues == {
        "sales": QueueConfig(id="sales", name="销售", strategy=Strategy.ROUND_ROBIN, max_wait_s=120)
    }
    assert config.agents == {
        "1001": AgentConfig(
            id="1001", name="李伟", device="demo-1001", mode=AnswerMode.MOBILE, group="A", queues=("sales",)
        )
    }
    assert tenants() == ["demo", "other"]


def test_the_configuration_of_nobody_is_an_error() -> None:
    """The tenant that does not exist is named."""
    with pytest.raises(UnknownTenantError, match="'nobody'"):
        configuration("nobody")


def test_a_token_is_kept_as_its_hash_until_it_is_revoked(database: Database) -> None:
    """API-1: the text is told once; one name is one token."""
    user = add_user("wei", "a password", "admin", "李伟")
    text = create_token(database, user, "crm", now=5, expires=9)
    stored = ApiToken.get(ApiToken.sha256 == digest(text))
    assert (stored.name, stored.created, stored.expires) == ("crm", 5, 9)
    assert text not in str(ApiToken.select().dicts().get())
    with pytest.raises(TokenNameTakenError, match="revoke it"):
        create_token(database, user, "crm", now=6)
    revoke_token(user, "crm")
    assert list(tokens_of(user)) == []
    with pytest.raises(UnknownTokenError):
        revoke_token(user, "crm")


def test_a_password_is_kept_as_an_argon2_hash() -> None:
    """ROLE-1: nobody can read it back."""
    add_user("wei", "a password", "agent", "李伟")
    stored = user_of("wei").password
    assert stored.startswith("$argon2id$")
    assert PasswordHasher().verify(stored, "a password")


def test_unknown_people_and_roles_are_errors() -> None:
    """An error names what is wrong, and nobody is added."""
    with pytest.raises(UnknownUserError, match="'nobody'"):
        user_of("nobody")
    with pytest.raises(ValueError, match="'king'"):
        add_user("wei", "a password", "king", "李伟")
    assert User.select().count() == 0


def _targets(config: TenantConfig) -> dict[str, str]:
    return {number: owned.route.target for number, owned in config.numbers.items()}
