"""A message through all processes: recorded by the switch, stored by a worker, in the list of its queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.database.voicemails import list_messages
from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way
from tests.support.real_centre import NUMBER, QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedCentre]:
    """A company whose number leads to the mailbox of its queue."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    to = Destination(way=Way.VOICEMAIL, target=f"queue:{QUEUE}", prompt="greeting")
    prompt = PromptConfig(id="greeting", name="Greeting", path="t/p300.wav", ms=300)
    tenant = {"numbers": {NUMBER: NumberConfig(number=NUMBER, route=to)}, "prompts": {"greeting": prompt}}
    with simulated_centre(tmp_path, 1, **tenant) as running:
        yield running


def test_a_message_around_a_kill(centre: SimulatedCentre) -> None:
    """QUEUE-1, SAFE-1: the orchestrator is killed while the caller speaks; # ends it; one message, one record."""
    database = centre.work()
    caller = centre.call_in()
    centre.wait("the recording", lambda: "recording_started" in centre.events(), 20)
    centre.restart()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), 20)
    begun = centre.redis.time()
    centre.wait("the message", lambda: centre.redis.time()[0] - begun[0] > 3, 10)
    centre.control.press(caller, "#")
    centre.wait("the end", lambda: not centre.calls(), 20)
    assert centre.outcomes() == ["voicemail"]
    assert not centre.control.leg(caller).alive
    centre.wait_written(database)
    centre.wait("the message to be known", lambda: len(list_messages(TENANT, None).items) == 1, 30)
    (message,) = list_messages(TENANT, None).items
    assert (message.row.queue, message.row.done_at) == (QUEUE, None)
    assert message.call is not None
    assert message.call.outcome == "voicemail"
    assert message.recording.ended - message.recording.begun > 3_000_000
