"""What Redis has lost is put back by itself."""

from collections.abc import Callable

from peewee import Database

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.events import AgentChanged
from orchestrator.publishing import Publishing
from orchestrator.service.use_cases import UseCases
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from orchestrator.store.connection import TextRedis
from tests.web.conftest import TENANTS
from workers.jobs import write_events


def write_down(redis: TextRedis, database: Database, tenant: str) -> None:
    """Bring the tenant's events into the database, as a worker does."""
    batch = [[id_, fields["n"], fields["e"]] for id_, fields in redis.xrange(keys.events(tenant))]
    write_events(tenant, batch)
    assert not database.is_closed()


def test_lost_configurations_and_states_are_back(
    publishing: Publishing, sqlite: Database, text_redis: TextRedis, make_use_cases: Callable[[], UseCases]
) -> None:
    """SAFE-1: with Redis emptied, agents go on in the state they had chosen, since when they had chosen it."""
    assert publishing.restore() == sorted(TENANTS)
    use = make_use_cases()
    use.agents.change_answer_mode("acme", "acme-a1", AnswerMode.MOBILE, "7")
    use.agents.choose_state("acme", "acme-a1", AgentState.BREAK, "lunch", "7")
    before = make_use_cases().work.store.agent("acme", "acme-a1")
    write_down(text_redis, sqlite, "acme")
    text_redis.flushall()
    assert publishing.restore() == sorted(TENANTS)
    after = make_use_cases().work.store.agent("acme", "acme-a1")
    assert before is not None
    assert after is not None
    for field in ("state", "since", "reason", "mode", "chosen", "queues"):
        assert getattr(after.document, field) == getattr(before.document, field), field
    other = make_use_cases().work.store.agent("acme", "acme-a2")
    assert other is not None
    assert other.document.state is AgentState.OFFLINE
    events = [event_from_json(fields["e"]) for _, fields in text_redis.xrange(keys.events("acme"))]
    causes = {e.agent.id: e.cause for e in events if isinstance(e, AgentChanged)}
    assert causes == {"acme-a1": "restored", "acme-a2": "restored"}


def test_nothing_is_published_that_is_there(publishing: Publishing, text_redis: TextRedis) -> None:
    """SAFE-1: a configuration that is in force stays untouched."""
    publishing.restore()
    version = text_redis.get(keys.config("acme"))
    assert publishing.restore() == []
    assert text_redis.get(keys.config("acme")) == version
