"""The estimated wait: what it is judged by, and when nothing is said."""

import pytest

from orchestrator.domain.agent_service import PIECES as SERVICE_PIECES
from orchestrator.domain.announcements import announcement, piece_id, pieces_of, spoken_minutes
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.checks import problems
from orchestrator.domain.config import PromptConfig, QueueConfig, TenantConfig
from orchestrator.domain.events import OfferEnded, QueueLeft
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.message_rules import GREETING
from orchestrator.domain.mobile import PRESS_ONE, PRESS_ONE_TO_CALL
from orchestrator.domain.offer import OfferState
from orchestrator.domain.prompt_uses import prompt_uses
from orchestrator.domain.waiting_time import HORIZON_US, LEAST, Departure, departures_of, estimated_wait
from tts.engine import Language
from tts.pieces import PIECES

S = 1_000_000


def served_each(seconds: int, count: int) -> list[Departure]:
    """A line that never empties and of which the first is served every so often; everybody waits three turns."""
    return [Departure((n - 3) * seconds * S, n * seconds * S, served=True) for n in range(3, 3 + count)]


def test_each_place_costs_one_turn() -> None:
    """QUEUE-5: an agent is free every 30 s and nobody gives up: the wait is 30 s a place."""
    gone = served_each(30, 20)
    now = gone[-1].left
    assert estimated_wait(1, now, gone, now) == pytest.approx(30 * S)
    assert estimated_wait(4, now, gone, now) == pytest.approx(120 * S)


def test_who_gives_up_ahead_shortens_the_wait() -> None:
    """QUEUE-5: those ahead may leave too, those behind change nothing: the next in line waits as before."""
    served = served_each(30, 20)
    now = served[-1].left
    gave_up = [Departure(d.left - 60 * S, d.left - S, served=False) for d in served[5:15]]
    next_one = estimated_wait(1, now, served + gave_up, now)
    assert next_one == pytest.approx(30 * S)
    assert 30 * S < (estimated_wait(5, now, served + gave_up, now) or 0) < 5 * 30 * S


def test_a_line_that_stands_still_makes_the_estimate_grow() -> None:
    """QUEUE-5: the asking caller's own wait counts too: agents who all went on a break are noticed."""
    gone = served_each(30, 20)
    now = gone[-1].left
    assert (estimated_wait(1, now, gone, now + 600 * S) or 0) > 1.9 * 30 * S


def test_idle_time_is_no_waiting_time() -> None:
    """QUEUE-5: half an hour without anybody in the line doesn't make the next wait longer."""
    gone = served_each(30, 20)
    pause = [Departure(d.entered + 1800 * S, d.left + 1800 * S, served=True) for d in gone]
    now = pause[-1].left
    assert estimated_wait(1, now, gone[-5:] + pause, now) == pytest.approx(30 * S, rel=0.25)


def test_without_a_basis_nothing_is_estimated() -> None:
    """QUEUE-5: too few, too long ago, or nobody served: no estimate is made up."""
    gone = served_each(30, 20)
    now = gone[-1].left
    assert estimated_wait(1, now, [], now) is None
    assert estimated_wait(1, now, gone[: LEAST - 1], now) is None
    assert estimated_wait(1, now, gone, now + HORIZON_US) is None
    assert estimated_wait(1, now, [Departure(d.entered, d.left, served=False) for d in gone], now) is None


def test_a_departure_is_the_moment_at_which_an_agent_was_asked() -> None:
    """QUEUE-5: ringing is no part of the line; who met a ready agent says nothing about it."""

    def joined(call: str, entered: int, offered: int) -> list[OfferEnded | QueueLeft]:
        offer = OfferEnded(
            at=90 * S, call=call, queue="q", agent="a", leg="l", offered=offered, result=OfferState.ACCEPTED
        )
        return [offer, left(call, entered, Outcome.CONNECTED)]

    def left(call: str, entered: int, outcome: Outcome) -> QueueLeft:
        return QueueLeft(
            at=90 * S, call=call, queue="q", entered=entered, wait=90 * S - entered, outcome=outcome, short=False,
            within_service_level=False, day="2026-11-23",
        )  # fmt: skip

    events = [*joined("c1", 10 * S, 70 * S), *joined("c2", 80 * S, 80 * S), left("c3", 20 * S, Outcome.ABANDONED)]
    assert list(departures_of(events)) == [
        ("q", Departure(10 * S, 70 * S, served=True)),
        ("q", Departure(20 * S, 90 * S, served=False)),
    ]


@pytest.mark.parametrize(("wait_s", "minutes"), [(0, 0), (59, 0), (60, 1), (61, 2), (600, 10), (601, 15), (1501, 30)])
def test_rounded_up_for_speech(wait_s: int, minutes: int) -> None:
    """QUEUE-5: never too short, and not more exact than an estimate is."""
    assert spoken_minutes(wait_s * S) == minutes


def tenant(language: SpokenLanguage, *, lacking: str = "", **queue: object) -> TenantConfig:
    ids = [piece_id(language, name) for name in PIECES[Language(language)] if name != lacking]
    prompts = {id_: PromptConfig(id=id_, name=id_, path=f"{id_}.wav", ms=500, kind="piece") for id_ in ids}
    one = QueueConfig(id="q", name="Q", announce_language=language, **queue)  # type: ignore[arg-type]
    return TenantConfig(id="t", name="T", version=1, prompts=prompts, queues={"q": one})


@pytest.mark.parametrize("language", SpokenLanguage)
def test_both_sentences_are_composed_of_prepared_sounds(language: SpokenLanguage) -> None:
    """QUEUE-5: position, then wait; each only if the queue tells it and it is known."""
    config = tenant(language, announce_position=True, announce_wait=True)
    sounds = [sound.id for sound in announcement(config, config.queues["q"], 3, 100 * S)]
    said = {
        SpokenLanguage.ZH: ["ahead", "two", "callers", "wait", "two", "minutes"],
        SpokenLanguage.EN: ["position", "3", "in_line", "wait", "2", "minutes"],
    }[language]
    assert sounds == [piece_id(language, name) for name in said]
    assert len(announcement(config, config.queues["q"], 3, None)) == 3
    assert len(announcement(config, config.queues["q"], 3, 3601 * S)) == 3
    assert problems(config) == []


@pytest.mark.parametrize("language", SpokenLanguage)
def test_every_piece_is_spoken_somewhere_and_none_lacks(language: SpokenLanguage) -> None:
    """QUEUE-5, MOB-1: queues, mobiles and the agents' service need all that is prepared, but numbers no one is told."""
    config = tenant(language, announce_position=True, announce_wait=True)
    needed = pieces_of(config.queues["q"])
    assert needed <= config.prompts.keys()
    elsewhere = {piece_id(language, name) for name in (GREETING, PRESS_ONE, PRESS_ONE_TO_CALL, *SERVICE_PIECES)}
    assert elsewhere <= config.prompts.keys()
    unused = {id_.removeprefix(f"piece-{language}-") for id_ in config.prompts.keys() - needed - elsewhere}
    assert unused <= {"0", "2"} if language == "zh" else unused <= {"0"}
    assert set(prompt_uses(config)) == {*needed, "default"}


def test_a_lacking_piece_is_a_problem_before_and_no_half_sentence_afterwards() -> None:
    """QUEUE-5: such a queue can't be saved; and if it is in force, only whole sentences are heard."""
    config = tenant(SpokenLanguage.EN, lacking="3", announce_position=True, announce_wait=True)
    assert [(p.field, p.id) for p in problems(config)] == [("announce_language", "no_pieces")]
    assert len(announcement(config, config.queues["q"], 3, 0)) == 1
