"""Waiting callers are told their position and how long it will take."""

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.domain.commands import Command, InterruptMusic, PlayMusic, RingAgent
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.music import DEFAULT_MUSIC
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from tests.support.call_centre import CallCentre
from tests.support.waiting import served_each
from tts.engine import Language
from tts.pieces import PIECES


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """The queue tells position and wait after 10 s, then every 30 s; every piece lasts a second."""
    told: dict[str, Any] = {"announce_position": True, "announce_wait": True, "announce_language": SpokenLanguage.EN}
    centre = CallCentre(redis_url, announce_after_s=10, announce_every_s=30, **told)
    names = [f"piece-en-{name}" for name in PIECES[Language.EN]]
    pieces = {id_: PromptConfig(id=id_, name=id_, path=id_, ms=1000, kind="piece") for id_ in names}
    prompts = pieces | {"patience": PromptConfig(id="patience", name="patience", path="patience", ms=4000)}
    centre.config = replace(centre.config, version=2, prompts=prompts)
    centre.publish()
    return centre


def said(commands: list[Command], call: str) -> list[str]:
    """What a caller hears in the music, in short."""
    heard = [command.sounds for command in commands if isinstance(command, InterruptMusic) and command.leg == call]
    return [" ".join(sound.removeprefix("piece-en-") for sound in sounds) for sounds in heard]


def line(centre: CallCentre, *calls: str) -> None:
    for call in calls:
        centre.queue(call)
    centre.telephony.take()


def later(centre: CallCentre, seconds: float) -> list[Command]:
    """Time passes; returns what the switch is told."""
    centre.clock.pass_s(seconds)
    centre.fire()
    return centre.telephony.take()


def test_everybody_hears_the_place_in_the_line(centre: CallCentre) -> None:
    """QUEUE-5: place by place; nothing of a wait while nobody knows, and one place less when somebody leaves."""
    line(centre, "c1", "c2", "c3")
    told = later(centre, 10)
    assert [said(told, call) for call in ("c1", "c2", "c3")] == [
        ["next"], ["position 2 in_line"], ["position 3 in_line"],
    ]  # fmt: skip
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert said(later(centre, 29), "c3") == []
    assert said(later(centre, 5), "c3") == ["position 2 in_line"]


def test_the_wait_is_told_when_there_is_a_basis(centre: CallCentre) -> None:
    """QUEUE-5: an agent was free every 30 s, two are ahead."""
    served_each(centre.redis, "t", "sales", 30, centre.clock.now())
    line(centre, "c1", "c2", "c3")
    assert said(later(centre, 10), "c3") == ["position 3 in_line wait 2 minutes"]


def test_what_the_queue_remembers_is_what_happened(centre: CallCentre) -> None:
    """QUEUE-5: who is served and who gives up after a wait is remembered with the commit, no more than needed."""
    line(centre, "c1", "c2")
    centre.clock.pass_s(20)
    centre.online("a1")
    leg = next(command.leg for command in centre.telephony.take() if isinstance(command, RingAgent))
    offered = centre.call("c1").offer.offered
    centre.clock.pass_s(5)
    centre.use.answer.parked("t", "c1", leg, "fs1")
    centre.use.answer.joined("t", "c1", leg)
    centre.use.end.caller_left("t", "c2", LegReport(leg="c2", role="caller"))
    gave_up, served = centre.store.departures("t", "sales")
    assert (served.left, served.served, gave_up.left, gave_up.served) == (offered, True, centre.clock.now(), False)
    assert 0 < centre.redis.ttl(keys.departures("t", "sales")) <= 3600


def test_nothing_is_said_while_an_agent_rings(centre: CallCentre) -> None:
    """QUEUE-5: what comes due during an offer is said when the offer has failed, with the place kept."""
    line(centre, "c1")
    centre.online("a1")
    leg = next(command.leg for command in centre.telephony.take() if isinstance(command, RingAgent))
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    assert said(later(centre, 12), "c1") == []
    centre.clock.pass_s(10)
    centre.fire()
    assert said(later(centre, 0.1), "c1") == ["next"]


def test_prompt_and_announcement_never_cut_each_other_off(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-5: when both are due at once the second waits for the end of the first, and for some music."""
    sales = replace(centre.config.queues["sales"], prompt="patience", prompt_every_s=10)
    centre.config = replace(centre.config, version=3, queues={"sales": sales})
    centre.publish()
    line(centre, "c1")
    heard = [(second, what) for second in range(1, 25) for what in said(later(centre, 1), "c1")]
    assert heard == [(10, "next"), (14, "patience")]


def test_the_music_goes_on_as_if_it_had_played_beneath(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-5: each time behind what was said, so that callers do not hear its beginning over and over."""
    line(centre, "c1")
    places = [command.at_ms for _ in range(160) for command in later(centre, 1) if isinstance(command, InterruptMusic)]
    assert places == [11_001, 42_001, 73_001, 104_001, 7_001]  # the call came a millisecond before


def test_once_is_once(centre: CallCentre) -> None:
    """QUEUE-5: without an interval the announcement is made one time; switched off, it isn't made at all."""
    once = replace(centre.config.queues["sales"], announce_every_s=None)
    centre.config = replace(centre.config, version=3, queues={"sales": once})
    centre.publish()
    line(centre, "c1")
    assert sum(len(said(later(centre, 5), "c1")) for _ in range(40)) == 1
    line(centre, "c2")
    centre.config = replace(
        centre.config, version=4, queues={"sales": replace(once, announce_position=False, announce_wait=False)}
    )
    centre.publish()
    assert said(later(centre, 11), "c2") == []
    assert centre.call("c2").announce_due is None


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (f"file_string:///s/{DEFAULT_MUSIC.path}!/s/{DEFAULT_MUSIC.path}", []),
        ("file_string:///s/piece-en-next", [True]),
        ("/s/patience", [True]),
        ("local_stream://default", [False]),
        ("file_string:///s/upload!/s/upload", [False]),
    ],
)
def test_what_is_said_in_the_music_is_heard_whole(centre: CallCentre, sound: str, told: list[bool]) -> None:
    """QUEUE-1, SAFE-1: whoever takes over lets it end and has the music behind it; another music is replaced."""
    upload = PromptConfig(id="upload", name="upload", path="upload", ms=60_000, kind="music")
    centre.config = replace(centre.config, version=3, prompts={**centre.config.prompts, "upload": upload})
    centre.publish()
    line(centre, "c1")
    centre.clock.pass_s(1)
    seen = LegSeen(leg="c1", inbound=True, answered=1, playing=True, sound=sound)
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [seen], restarted=False)
    assert [command.behind for command in centre.telephony.take() if isinstance(command, PlayMusic)] == told
