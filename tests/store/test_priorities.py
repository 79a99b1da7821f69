"""Who goes before whom: priorities of queues, of callers by list, by number and by the way taken."""

from dataclasses import replace

import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, Menu, NumberConfig, PromptConfig, QueueConfig, Way, to_queue
from orchestrator.domain.events import QueueEntered
from orchestrator.service.end_call import LegReport
from orchestrator.service.numbers import normalise_entry
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.caller_priorities import RedisCallerPriorityWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

VIP = "13800138000"


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Queue `sales` (4001, and 4002 with priority 30); nobody is online."""
    centre = CallCentre(redis_url, agents=1, priority=10)
    centre.config = replace(
        centre.config,
        numbers={
            "4001": NumberConfig(number="4001", route=to_queue("sales")),
            "4002": NumberConfig(number="4002", route=to_queue("sales"), priority=30),
        },
    )
    centre.publish()
    return centre


def put(centre: CallCentre, **priorities: int) -> None:
    """Put entries into force as they are written, `_` for `*`."""
    entries = {normalise_entry(written.strip("n").replace("_", "*"), "CN"): p for written, p in priorities.items()}
    RedisCallerPriorityWriter(centre.redis).put("t", entries)


def line(centre: CallCentre, queue: str = "sales") -> list[str]:
    return centre.redis.zrange(keys.waiting("t", queue), 0, -1)


def wait(centre: CallCentre, call: str, caller: str = "13900000000", number: str = "4001") -> None:
    centre.arrive(call, caller, number)
    centre.use.enqueue.answered("t", call)
    centre.clock.pass_s(1)


def entered(centre: CallCentre, call: str) -> QueueEntered:
    told = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in told if isinstance(event, QueueEntered) and event.call == call][-1]


@pytest.mark.parametrize("caller", [VIP, "+8613800138000", "013800138000"])
def test_a_listed_caller_goes_before_those_who_came_earlier(centre: CallCentre, caller: str) -> None:
    """QUEUE-3: however the number is written, on top of the queue's priority; the story tells what gave it."""
    put(centre, n13800138000=50)
    wait(centre, "c1")
    wait(centre, "c2", caller)
    assert line(centre) == ["c2", "c1"]
    told = entered(centre, "c2")
    assert (told.priority, told.raised, told.raised_by) == (60, 50, "list")
    told = entered(centre, "c1")
    assert (told.priority, told.raised, told.raised_by) == (10, 0, "")
    centre.online("a1")
    assert centre.call("c2").state is CallState.OFFERED


def test_equal_priorities_are_served_first_come_first_served(centre: CallCentre) -> None:
    """QUEUE-3: among callers of equal priority the earlier goes first; a failed offer keeps the place."""
    put(centre, n138_=50)
    for call, caller in (("c1", "13900000000"), ("c2", "13800000001"), ("c3", "13800000002")):
        wait(centre, call, caller)
    assert line(centre) == ["c2", "c3", "c1"]
    centre.online("a1")
    leg = centre.call("c2").asked.leg
    centre.use.end.agent_leg_ended("t", "c2", LegReport(leg=leg, role="agent", cause="CALL_REJECTED"))
    assert line(centre)[-1] == "c1"
    assert centre.call("c2").place < centre.call("c3").place


def test_the_most_exact_entry_counts(centre: CallCentre) -> None:
    """QUEUE-3: a single number may be taken out of a prefix by an entry of 0."""
    put(centre, n138_=50, n13800138000=0)
    wait(centre, "c1", VIP)
    wait(centre, "c2", "13800000001")
    assert [entered(centre, call).priority for call in ("c1", "c2")] == [10, 60]


def test_the_highest_of_list_and_number_wins(centre: CallCentre) -> None:
    """QUEUE-3: they are not added up; the queue's comes on top once."""
    put(centre, n13800138000=50, n13700137000=20)
    wait(centre, "c1", VIP, "4002")
    wait(centre, "c2", "13700137000", "4002")
    assert [(entered(centre, c).priority, entered(centre, c).raised_by) for c in ("c1", "c2")] == [
        (60, "list"),
        (40, "number"),
    ]


def test_a_menus_key_gives_a_priority_that_stays(centre: CallCentre) -> None:
    """QUEUE-3, IVR-1: pressed for an urgent matter, it counts in the next queue too, and after an overflow."""
    urgent = Destination(way=Way.QUEUE, target="sales", priority=70)
    overflow = Destination(way=Way.QUEUE, target="second", keep_wait=True)
    menu = Menu(id="m.1", name="M", prompt="p", keys={"1": urgent, "2": to_queue("sales")})
    centre.config = replace(
        centre.config,
        menus={"m.1": menu},
        prompts={"p": PromptConfig(id="p", name="P", path="p.wav", ms=100)},
        numbers={"4001": NumberConfig(number="4001", route=Destination(way=Way.MENU, target="m.1"))},
        queues={
            "sales": QueueConfig(id="sales", name="Sales", max_wait_s=10, on_timeout=overflow),
            "second": QueueConfig(id="second", name="Second", priority=5),
        },
    )
    centre.publish()
    for call, key in (("c1", "2"), ("c2", "1")):
        wait(centre, call)
        centre.use.steps.step_over("t", call, centre.call(call).step, key)
        centre.clock.pass_s(1)
    assert line(centre) == ["c2", "c1"]
    assert entered(centre, "c2").raised_by == "route"
    centre.clock.pass_s(11)
    centre.fire()
    assert line(centre, "second") == ["c2", "c1"]
    assert [entered(centre, call).priority for call in ("c2", "c1")] == [75, 5]


def test_the_place_outlives_the_loss_of_redis(centre: CallCentre) -> None:
    """QUEUE-3, SAFE-1: the channel's mark carries the priority; what was the caller's own stays so."""
    seen = LegSeen(
        leg="c1", inbound=True, caller=VIP, number="4001", tenant="t", queue="sales", answered=centre.clock.now(),
        entered=centre.clock.now(), priority=60,
    )  # fmt: skip
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [seen], restarted=False)
    assert (centre.call("c1").priority, centre.call("c1").raised) == (60, 50)


def test_a_list_is_replaced_whole(centre: CallCentre) -> None:
    """QUEUE-3, OPS-1: publishing the list anew leaves nothing of the old one, an empty one nothing at all."""
    writer = RedisCallerPriorityWriter(centre.redis)
    put(centre, n138_=50)
    assert writer.replace("t", iter([("+8613900000000", 7)])) == 1
    assert centre.redis.zrange(keys.callers("t"), 0, -1, withscores=True) == [("+8613900000000", 7.0)]
    assert writer.replace("t", iter([])) == 0
    assert centre.redis.exists(keys.callers("t")) == 0
