"""What Redis has lost is put back by itself."""

from collections.abc import Callable

from peewee import Database

from orchestrator.database.documents import to_plain
from orchestrator.database.models import Number, Queue
from orchestrator.database.trunks import Trunks
from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.events import AgentChanged
from orchestrator.domain.trunks import Trunk
from orchestrator.publishing import Publishing
from orchestrator.service.accept_call import Arrival
from orchestrator.service.end_call import LegReport
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


def offer_callbacks() -> None:
    """Acme's queue q1 calls back, over a trunk."""
    Trunks().put(Trunk(name="pstn"))
    Queue.update(callback=to_plain(CallbackRule())).where(Queue.tenant == "acme", Queue.key == "q1").execute()
    Number.update(trunk="pstn").where(Number.number == "400acme").execute()


def promise(use: UseCases, caller: str) -> str:
    """A caller waits in acme's line and is promised to be called back."""
    leg = f"promised-{caller}"
    use.accept.accept(Arrival(leg=leg, switch="fs1", caller=caller, caller_name="", number="400acme", created=1))
    use.enqueue.answered("acme", leg)
    use.callbacks.pressed("acme", leg, "1")
    use.end.caller_left("acme", leg, LegReport(leg=leg, role="caller"))
    return leg


def test_lost_promises_are_back_in_their_places(
    publishing: Publishing, sqlite: Database, text_redis: TextRedis, make_use_cases: Callable[[], UseCases]
) -> None:
    """QUEUE-5, SAFE-1: nobody is on the line whose channel could tell; those given up or kept stay so."""
    offer_callbacks()
    publishing.restore()
    use = make_use_cases()
    first, second, third = (promise(use, f"1380013800{n}") for n in range(3))
    use.callbacks.call_next("acme", second, "7")
    use.callbacks.cancel("acme", third, "7")
    before = {held.document.id: held.document for held in make_use_cases().work.store.all_calls("acme")}
    assert sorted(before) == sorted([first, second])
    write_down(text_redis, sqlite, "acme")
    text_redis.flushall()
    publishing.restore()
    after = {held.document.id: held.document for held in make_use_cases().work.store.all_calls("acme")}
    assert after.keys() == before.keys()
    for call in (first, second):
        for field in ("state", "queue", "entered", "limit", "place", "caller", "number", "callback", "away"):
            assert getattr(after[call], field) == getattr(before[call], field), field
    publishing.restore()
    assert len(make_use_cases().work.store.all_calls("acme")) == 2


def test_nothing_is_published_that_is_there(publishing: Publishing, text_redis: TextRedis) -> None:
    """SAFE-1: a configuration that is in force stays untouched."""
    publishing.restore()
    version = text_redis.get(keys.config("acme"))
    assert publishing.restore() == []
    assert text_redis.get(keys.config("acme")) == version
