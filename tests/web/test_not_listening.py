"""A supervisor is told that the own phone does not bring the call that was to be listened to (SUP-1)."""

from orchestrator.domain.supervision import Mode
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis
from tests.web.live_calls import LiveCalls
from tests.web.watchers import HandTime, NotingRooms
from webui.boards import FLUSH_S, TenantFeed, agent_room


def test_supervisor_hears_why_nobody_listens(text_redis: TextRedis, live: LiveCalls) -> None:
    """SUP-1: a phone that can't be rung is told to its supervisor alone, with the cause."""
    rooms, time, use = NotingRooms(), HandTime(), live._make()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.talk("acme", "c1")
    live.register("acme", "acme-a2")
    use.supervise.listen("acme", "c1", "acme-a2", Mode.LISTEN, "boss")
    held = use.work.store.call("acme", "c1")
    assert held
    assert held.document.supervision
    use.end.leg_failed("acme", "c1", held.document.supervision.leg, "USER_NOT_REGISTERED")
    time.at += FLUSH_S
    feed.step()
    told = [(room, data) for room, event, data in rooms.heard if event == "not_listening"]
    assert told == [(agent_room("acme", "acme-a2"), {"call": "c1", "agent": "acme-a1", "cause": "USER_NOT_REGISTERED"})]
