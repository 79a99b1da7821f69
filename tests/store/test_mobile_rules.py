"""What agents' mobiles show and are asked, on a real Redis (MOB-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.mobile import PRESS_ONE, MobileAnswering, MobileShows
from orchestrator.domain.trunks import Trunk
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure, mobile_centre, picked_up, rung


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return mobile_centre(redis_url)


@pytest.mark.parametrize(
    ("passes_on", "tenant", "queue", "shown"),
    [(True, MobileShows.CUSTOMER, None, "013800138000"), (False, MobileShows.CUSTOMER, None, "4001"),
     (True, MobileShows.OWN, None, "4001"), (True, MobileShows.OWN, MobileShows.CUSTOMER, "013800138000"),
     (True, MobileShows.CUSTOMER, MobileShows.OWN, "4001")],
)  # fmt: skip
def test_what_the_mobile_shows(
    centre: CallCentre, passes_on: bool, tenant: MobileShows, queue: MobileShows | None, shown: str
) -> None:
    """MOB-1, NUM-1: the customer's number only where tenant or queue want it and the trunk passes it on."""
    trunk = replace(centre.config.trunks["pstn"], passes_on=passes_on)
    sales = replace(centre.config.queues["sales"], mobile_shows=queue)
    rule = MobileAnswering(shows=tenant)
    configure(centre, trunks={"pstn": trunk}, queues={"sales": sales}, mobile=rule)
    centre.online("a1")
    centre.queue("c1")
    assert rung(centre).caller_id == shown


def test_who_hides_the_number_is_shown_as_ours(centre: CallCentre) -> None:
    """MOB-1: a hidden number can't be passed on."""
    configure(centre, trunks={"pstn": Trunk(name="pstn", passes_on=True)})
    centre.online("a1")
    centre.arrive("c1", caller="anonymous")
    centre.use.enqueue.answered("t", "c1")
    assert rung(centre).caller_id == "4001"


def test_the_prompt_names_the_queue(centre: CallCentre) -> None:
    """MOB-1: the queue's prompt, else the tenant's, else the piece; none is made during the call."""
    piece = piece_id(SpokenLanguage.ZH, PRESS_ONE)
    prompts = {id_: PromptConfig(id=id_, name=id_, path=f"{id_}.wav", ms=2000) for id_ in ("queue", "tenant", piece)}
    centre.online("a1")
    centre.queue("c1")
    for prompt in ("queue", "tenant", ""):
        rule = MobileAnswering(prompt="" if prompt != "tenant" else prompt, confirm_s=5)
        sales = replace(centre.config.queues["sales"], mobile_prompt=prompt if prompt == "queue" else "")
        configure(centre, prompts=prompts, queues={"sales": sales}, mobile=rule)
        leg, question = picked_up(centre)
        assert question.sounds == (f"{prompt or piece}.wav",)
        assert centre.call("c1").due == centre.clock.now() + 9_000_000
        centre.use.answer.keyed("t", "c1", leg, question.step, "")
        centre.use.agents.choose_state("t", "a1", AgentState.ONLINE, "", "test")
        centre.clock.pass_s(1.1)
        centre.fire()
