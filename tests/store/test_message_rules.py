"""Messages as a company wants them: greeting, tone, limits (QUEUE-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.announcements import piece_id
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.commands import (
    Announce,
    HangUp,
)
from orchestrator.domain.config import (
    PromptConfig,
)
from orchestrator.domain.events import RecordingBegun
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.message_rules import GREETING as MESSAGE_GREETING
from orchestrator.domain.message_rules import MessageRules
from tests.support.call_centre import CallCentre
from tests.support.mailboxes import (
    TO_SALES,
    configure,
    hang_up,
    leaves_message,
    mailbox_centre,
    number,
    story,
    told,
)


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Number 4002 leads to the voicemail of sales; the line of sales (4001) goes there after 30 s."""
    return mailbox_centre(redis_url)


def test_a_company_sets_how_long_a_message_may_be(centre: CallCentre) -> None:
    """QUEUE-1: tone, limit, silence and least length are the company's; its end is a deadline of that limit."""
    rules = MessageRules(longest_s=30, silence_s=8, least_s=4, beep_ms=1000)
    configure(centre, messages=rules)
    order = leaves_message(centre)
    assert (order.longest_s, order.silence_s, order.beep_ms) == (30, 8, 1000)
    (begun,) = story(centre, RecordingBegun)
    assert begun.least_ms == 4000
    centre.clock.pass_s(4.9)
    assert hang_up(centre).outcome is Outcome.ABANDONED


def test_the_limit_of_a_company_is_the_deadline(centre: CallCentre) -> None:
    """QUEUE-1, SAFE-1: nobody waits for the end of a message longer than it may be."""
    configure(centre, messages=MessageRules(longest_s=30, beep_ms=1000))
    leaves_message(centre)
    centre.clock.pass_s(37)
    centre.fire()
    assert centre.telephony.take() == [HangUp(leg="c1")]


@pytest.mark.parametrize(
    ("own", "rules", "heard"),
    [
        ("greeting", MessageRules(greeting="ours"), "t/greeting.wav"),
        ("", MessageRules(greeting="ours"), "t/ours.wav"),
        ("", MessageRules(language=SpokenLanguage.EN), "t/piece.wav"),
    ],
)
def test_there_is_always_a_greeting(centre: CallCentre, own: str, rules: MessageRules, heard: str) -> None:
    """QUEUE-1: the destination's, else the company's, else the prepared piece."""
    piece = piece_id(SpokenLanguage.EN, MESSAGE_GREETING)
    sounds = {"ours": "t/ours.wav", piece: "t/piece.wav"}
    prompts = {key: PromptConfig(id=key, name=key, path=path, ms=1000) for key, path in sounds.items()}
    to = replace(TO_SALES, prompt=own)
    configure(centre, messages=rules, prompts={**centre.config.prompts, **prompts}, numbers=number("4002", to))
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    said = told(centre, Announce)
    assert isinstance(said, Announce)
    assert said.sounds == (heard,)
