"""What is recorded, and when it is silent, through the use cases on a real Redis (REC-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import (
    Command,
    Join,
    PauseRecording,
    ResumeRecording,
    RingAgent,
    StartRecording,
)
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.events import (
    Event,
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)
from orchestrator.domain.recording import wanted
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import CallNotReadyError, UnknownCallError
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import SECOND, CallCentre

RECORDED = (StartRecording, PauseRecording, ResumeRecording)


class Studio:
    """A call centre whose company records; a1 says so, or not, with `agents`."""

    def __init__(self, url: str, queue: bool | None = None, company: bool = True, **agents: bool) -> None:
        self.centre = CallCentre(url, agents=3, record=queue)
        config = self.centre.config
        said = {name: replace(agent, record=agents.get(name)) for name, agent in config.agents.items()}
        self.centre.config = replace(config, record=company, agents=said, version=2)
        self.centre.publish()

    def talk(self, call: str = "c1", agent: str = "a1") -> str:
        """A caller is joined with an agent; returns the agent's leg."""
        self.centre.online(agent)
        self.centre.queue(call)
        return self.answer(call)

    def answer(self, call: str = "c1") -> str:
        """Whoever is asked takes the call."""
        leg = self.centre.call(call).offer.leg
        self.centre.use.answer.parked("t", call, leg, "fs1")
        self.centre.use.answer.joined("t", call, leg)
        return leg

    def told(self) -> list[Command]:
        """What the switch was told of recordings and joins."""
        return [one for one in self.centre.telephony.take() if isinstance(one, (*RECORDED, Join))]

    def events(self, kind: type[Event]) -> list[Event]:
        """All events of a kind so far."""
        entries = self.centre.redis.xrange(keys.events("t"))
        return [event for _, e in entries if isinstance(event := event_from_json(e["e"]), kind)]


@pytest.mark.parametrize(
    ("company", "queue", "agent", "recorded"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, False, None, False),
        (False, True, None, True),
        (True, True, False, False),
        (False, False, True, True),
    ],
)
def test_the_most_specific_word_counts(
    redis_url: str, company: bool, queue: bool | None, agent: bool | None, recorded: bool
) -> None:
    """REC-1: agent before queue before company; what is decided is what is told, right before the join."""
    said = {} if agent is None else {"a1": agent}
    studio = Studio(redis_url, queue, company, **said)
    studio.talk()
    kinds = [type(one) for one in studio.told()]
    assert kinds == ([StartRecording, Join] if recorded else [Join])
    assert (studio.centre.call("c1").recording is not None) is recorded
    assert wanted(studio.centre.config, "sales", "a1") is recorded


def test_nobody_configured_is_the_companys_word() -> None:
    """REC-1: a telephone outside, or an agent and a queue that are gone, are recorded as the company says."""
    config = TenantConfig(id="t", name="T", version=1, record=True)
    assert wanted(config, None, None)
    assert wanted(config, "gone", "gone")


def test_the_file_is_named_by_ids_only(redis_url: str) -> None:
    """REC-1, SAFE-2: a folder for tenant and day, a fresh id; the channel carries both for a rebuild."""
    studio = Studio(redis_url)
    studio.centre.arrive("c1", caller="../../etc;x\n")
    studio.centre.use.enqueue.answered("t", "c1")
    studio.centre.online("a1")
    studio.answer()
    (start,) = [one for one in studio.told() if isinstance(one, StartRecording)]
    recording = studio.centre.call("c1").recording
    day = "20261118"
    assert start.leg == "c1"
    assert start.path == f"t/{day}/{recording.id}.wav"
    assert start.marks == {"cc_rec": f"{day}/{recording.id}", "cc_mask": ""}
    (begun,) = studio.events(RecordingBegun)
    assert (begun.path, begun.queue, begun.agent, begun.kind) == (start.path, "sales", "a1", "call")


def test_one_file_spans_hold_and_agents_and_is_silent_where_it_must(redis_url: str) -> None:
    """REC-1: nothing new is begun; with an agent who is never recorded it is silent, with the next it goes on."""
    studio = Studio(redis_url, a2=False)
    studio.talk()
    name = studio.centre.call("c1").recording.id
    studio.centre.use.control.hold("t", "c1", "a1", "user")
    studio.centre.use.control.resume("t", "c1", "a1")
    studio.centre.use.answer.joined("t", "c1", studio.centre.call("c1").leg)
    studio.told()
    for agent, kind in (("a2", PauseRecording), ("a3", ResumeRecording)):
        leg = studio.centre.call("c1").leg
        studio.centre.online(agent)
        studio.centre.use.control.consult("t", "c1", None, agent, "user")
        consulted = studio.centre.call("c1").consult.leg
        studio.centre.use.answer.parked("t", "c1", consulted, "fs1")
        studio.centre.use.answer.joined("t", "c1", leg, consulted)
        studio.centre.use.control.complete("t", "c1", None, "user")
        studio.centre.use.answer.joined("t", "c1", consulted)
        studio.centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent"))
        told = [one for one in studio.told() if isinstance(one, RECORDED)]
        assert [type(one) for one in told] == [kind]
        assert studio.centre.call("c1").recording.id == name
    assert [event.cause for event in studio.events(RecordingPaused)] == ["policy"]
    assert [event.cause for event in studio.events(RecordingResumed)] == ["policy"]
    assert len(studio.events(RecordingBegun)) == 1


def test_an_agent_pauses_and_goes_on(redis_url: str) -> None:
    """REC-1: for a card number; both are written down with who did it, and the channel says until when."""
    studio = Studio(redis_url)
    studio.talk()
    studio.told()
    control, begin = studio.centre.use.control, studio.centre.clock.now()
    control.pause_recording("t", "c1", "a1", "7")
    (pause,) = studio.told()
    assert isinstance(pause, PauseRecording)
    assert pause.marks["cc_mask"] == str(begin + 120 * SECOND)
    (paused,) = studio.events(RecordingPaused)
    assert (paused.by, paused.cause, paused.until) == ("7", "agent", begin + 120 * SECOND)
    studio.centre.clock.pass_s(30)
    control.resume_recording("t", "c1", "a1", "7")
    (resume,) = studio.told()
    assert isinstance(resume, ResumeRecording)
    assert resume.marks["cc_mask"] == ""
    studio.centre.clock.pass_s(300)
    studio.centre.fire()
    assert studio.told() == []


def test_a_forgotten_pause_ends_by_itself(redis_url: str) -> None:
    """REC-1: its deadline is in Redis; pausing again moves it; nothing else of the call is touched."""
    studio = Studio(redis_url)
    studio.talk()
    control = studio.centre.use.control
    control.pause_recording("t", "c1", "a1", "7")
    studio.centre.clock.pass_s(100)
    control.pause_recording("t", "c1", "a1", "7")
    studio.told()
    studio.centre.clock.pass_s(100)
    studio.centre.fire()
    assert studio.told() == []
    studio.centre.clock.pass_s(21)
    for _ in range(2):
        studio.centre.fire()
    assert [type(one) for one in studio.told()] == [ResumeRecording]
    assert [event.cause for event in studio.events(RecordingResumed)] == ["limit"]
    call = studio.centre.call("c1")
    assert (call.state, call.recording.paused, call.due) == (CallState.CONNECTED, None, None)


def test_what_means_nothing_is_refused(redis_url: str) -> None:
    """REC-1: no recording, another's call, a pause by policy, nothing to resume: each is refused, nothing is told."""
    studio = Studio(redis_url, a1=False)
    studio.talk()
    studio.told()
    control = studio.centre.use.control
    with pytest.raises(CallNotReadyError):
        control.pause_recording("t", "c1", "a1", "7")
    with pytest.raises(UnknownCallError):
        control.pause_recording("t", "c1", "a2", "7")
    assert studio.told() == []


def test_a_running_recording_has_nothing_to_resume(redis_url: str) -> None:
    """REC-1: resuming what runs is refused."""
    studio = Studio(redis_url)
    studio.talk()
    studio.told()
    with pytest.raises(CallNotReadyError):
        studio.centre.use.control.resume_recording("t", "c1", "a1", "7")
    assert studio.told() == []


def test_what_the_switch_tells_is_written_down(redis_url: str) -> None:
    """REC-1: when the sound begins and how long the file is; after a stop in the middle the next talk has a new one."""
    studio = Studio(redis_url)
    studio.talk()
    name = studio.centre.call("c1").recording.id
    studio.centre.use.recordings.started("t", "c1", name)
    studio.centre.use.recordings.stopped("t", "c1", name, 12_345)
    assert [event.recording for event in studio.events(RecordingStarted)] == [name]
    assert [(event.recording, event.ms) for event in studio.events(RecordingStopped)] == [(name, 12_345)]
    assert studio.centre.call("c1").recording is None
    studio.centre.use.recordings.stopped("t", "gone", name, 1)
    assert len(studio.events(RecordingStopped)) == 2


def test_whoever_takes_over_says_it_again(redis_url: str) -> None:
    """REC-1, SAFE-1: what was to be told before a kill may not have been; pauses and their ends survive."""
    studio = Studio(redis_url)
    leg = studio.talk()
    studio.centre.use.control.pause_recording("t", "c1", "a1", "7")
    before = studio.centre.call("c1").recording
    studio.told()
    seen = [
        LegSeen(leg="c1", inbound=True, bridged=True, answered=1, tenant="t", call="c1"),
        LegSeen(leg=leg, role="agent", tenant="t", call="c1", agent="a1", bridged=True, answered=1),
    ]
    studio.centre.use.reconcile.adopt("fs1", studio.centre.use.reconcile.known("fs1"), seen, restarted=False)
    told = [one for one in studio.told() if isinstance(one, RECORDED)]
    assert [type(one) for one in told] == [StartRecording, PauseRecording]
    assert {one.path for one in told} == {before.path("t")}
    studio.centre.clock.pass_s(121)
    studio.centre.fire()
    assert [type(one) for one in studio.told()] == [ResumeRecording]


@pytest.mark.parametrize(("mask", "cause"), [(None, ""), (0, "policy"), (5 * SECOND, "agent")])
def test_a_lost_redis_keeps_the_recording(redis_url: str, mask: int | None, cause: str) -> None:
    """REC-1, SAFE-1: the marks of the channel bring it back, also a pause and when it ends."""
    studio = Studio(redis_url)
    until = studio.centre.clock.now() + mask if mask else mask
    name = "20261118/11111111-1111-4111-8111-111111111111"
    seen = [
        LegSeen(
            leg="c9", inbound=True, bridged=True, answered=1, tenant="t", call="c9", queue="sales", entered=1,
            number="4001", recording=name, masked=until, agent="a1",
        ),
        LegSeen(leg="b9", role="agent", tenant="t", call="c9", agent="a1", queue="sales", bridged=True, answered=1),
    ]  # fmt: skip
    studio.centre.use.reconcile.adopt("fs1", studio.centre.use.reconcile.known("fs1"), seen, restarted=False)
    call = studio.centre.call("c9")
    assert (call.state, call.recording.id) == (CallState.CONNECTED, name.partition("/")[2])
    assert (call.recording.cause, call.recording.until) == (cause, until or None)
    assert [event.path for event in studio.events(RecordingBegun)] == [f"t/{name}.wav"]
    studio.centre.clock.pass_s(6)
    studio.centre.fire()
    assert (studio.centre.call("c9").recording.paused is None) is (cause != "policy")


def test_a_failed_join_goes_on_with_the_same_file(redis_url: str) -> None:
    """REC-1, QUEUE-3: the caller waits on, recorded, and the next agent's talk is in the same file."""
    studio = Studio(redis_url)
    studio.centre.online("a1", "a2")
    studio.centre.queue("c1")
    leg = studio.centre.call("c1").offer.leg
    studio.centre.use.answer.parked("t", "c1", leg, "fs1")
    name = studio.centre.call("c1").recording.id
    studio.centre.use.fail.join_failed("t", "c1", leg)
    assert any(isinstance(one, RingAgent) for one in studio.centre.telephony.take())
    studio.answer()
    assert studio.centre.call("c1").recording.id == name
    assert [one for one in studio.told() if isinstance(one, StartRecording)] == []
