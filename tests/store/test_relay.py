"""The outbox: every event reaches the workers, in order, at least once."""

from collections.abc import Sequence

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.relay import CLAIM_MS, GROUP, Relay
from orchestrator.store import keys
from orchestrator.store.connection import connect
from orchestrator.store.requests import RemoteTelephony, Requests
from tests.support.call_centre import CallCentre


class Notebook:
    """Notes batches, or fails as told."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.down = False

    def write(self, tenant: str, batch: Sequence[list[str]]) -> None:
        assert tenant == "t"
        if self.down:
            raise OSError("down")
        self.numbers += [int(n) for _, n, _ in batch]


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url)


def relay(centre: CallCentre, notebook: Notebook, name: str, url: str) -> Relay:
    return Relay(connect(url), centre.configurations, centre.clock, notebook, name)


def test_every_event_is_handed_on_once_and_in_order(centre: CallCentre, redis_url: str) -> None:
    """SAFE-1: what is committed reaches the workers, numbered without a gap."""
    notebook = Notebook()
    centre.online("a1")
    centre.queue("c1")
    sut = relay(centre, notebook, "r1", redis_url)
    while sut.relay_once(None):
        pass
    total = int(centre.redis.get(keys.sequence("t")))
    assert notebook.numbers == list(range(1, total + 1))
    assert centre.redis.xpending(keys.events("t"), GROUP)["pending"] == 0


def test_a_batch_that_failed_is_taken_over_by_another_relay(
    centre: CallCentre, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: a relay that dies between reading and handing on loses nothing."""
    notebook = Notebook()
    notebook.down = True
    centre.online("a1")
    with pytest.raises(OSError, match="down"):
        relay(centre, notebook, "r1", redis_url).relay_once(None)
    notebook.down = False
    monkeypatch.setattr("orchestrator.relay.CLAIM_MS", 0)
    assert CLAIM_MS > 0
    second = relay(centre, notebook, "r2", redis_url)
    while second.relay_once(None):
        pass
    assert notebook.numbers == list(range(1, int(centre.redis.get(keys.sequence("t"))) + 1))


def test_the_stream_is_trimmed_only_behind_what_is_done(centre: CallCentre, redis_url: str) -> None:
    """SAFE-1: events nobody has handed on stay, however old they are."""
    for n in range(600):
        centre.online("a1")
        centre.use.agents.choose_state("t", "a1", AgentState.BREAK, "lunch" if n % 2 else "", "x")
    length = centre.redis.xlen(keys.events("t"))
    notebook = Notebook()
    sut = relay(centre, notebook, "r1", redis_url)
    centre.clock.at = int(centre.redis.time()[0]) * 1_000_000 + 3_600_000_000
    sut.relay_once(None)
    left = centre.redis.xlen(keys.events("t"))
    assert len(notebook.numbers) + left >= length
    while sut.relay_once(None):
        pass
    assert notebook.numbers == list(range(1, length + 1))
    assert centre.redis.xlen(keys.events("t")) < length


def test_wishes_reach_the_owner_until_they_are_due(centre: CallCentre, redis_url: str) -> None:
    """SAFE-1: a command for a switch owned elsewhere is done by its owner, or not at all when it is late."""
    from orchestrator.domain.commands import HangUp

    wishes = RemoteTelephony(centre.redis, centre.clock)
    done: list[object] = []
    reader = Requests(connect(redis_url), centre.clock, "fs1")
    wishes.send("fs1", [HangUp(leg="x"), HangUp(leg="y", cause="LOSE_RACE")])
    late: list[object] = []
    reader.read(10, done.extend, late.extend)
    assert done == [HangUp(leg="x"), HangUp(leg="y", cause="LOSE_RACE")]
    wishes.send("fs1", [HangUp(leg="z")])
    centre.clock.pass_s(4)
    reader.read(10, done.extend, late.extend)
    assert (len(done), late) == (2, [HangUp(leg="z")])
    assert centre.redis.xlen(keys.requests("fs1")) == 0
