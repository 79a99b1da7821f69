"""Announcements composed of pieces."""

import pytest
from cn2an import an2cn
from num2words import num2words

from orchestrator.domain.announcements import position_pieces, spoken_number, wait_pieces
from tts.engine import Language
from tts.pieces import PIECES


def _said(pieces: tuple[str, ...], language: Language) -> str:
    blank = " " if language is Language.EN else ""
    return blank.join(PIECES[language][piece] for piece in pieces)


def test_chinese_numbers_are_said_as_written_out() -> None:
    """QUEUE-5: every number from 0 to 9999, but for 两 where Chinese says so before what is counted."""
    for n in range(10_000):
        assert _said(spoken_number(n, Language.ZH), Language.ZH).replace("两", "二") == an2cn(n)


def test_english_numbers_are_said_as_written_out() -> None:
    """QUEUE-5: every number from 0 to 9999, without the British "and"."""
    for n in range(10_000):
        written = num2words(n).replace(" and ", " ").replace("-", " ").replace(",", "")
        assert _said(spoken_number(n, Language.EN), Language.EN) == written


@pytest.mark.parametrize(
    ("language", "position", "said"),
    [
        (Language.ZH, 1, "您是下一位"),
        (Language.ZH, 2, "您前面还有一位"),
        (Language.ZH, 3, "您前面还有两位"),
        (Language.ZH, 13, "您前面还有十二位"),
        (Language.ZH, 2002, "您前面还有两千零一位"),
        (Language.EN, 1, "you are next in the queue"),
        (Language.EN, 2, "you are number two in the queue"),
        (Language.EN, 123, "you are number one hundred twenty three in the queue"),
    ],
)
def test_position(language: Language, position: int, said: str) -> None:
    """QUEUE-5: Chinese tells how many are ahead, English the place itself."""
    assert _said(position_pieces(position, language), language) == said


@pytest.mark.parametrize(
    ("language", "minutes", "said"),
    [
        (Language.ZH, 0, "预计等待不到一分钟"),
        (Language.ZH, 2, "预计等待两分钟"),
        (Language.ZH, 20, "预计等待二十分钟"),
        (Language.EN, 0, "the estimated wait is less than a minute"),
        (Language.EN, 1, "the estimated wait is one minute"),
        (Language.EN, 45, "the estimated wait is forty five minutes"),
    ],
)
def test_wait(language: Language, minutes: int, said: str) -> None:
    """QUEUE-5: whole minutes, with the right unit."""
    assert _said(wait_pieces(minutes, language), language) == said


def test_what_cannot_be_counted_is_an_error() -> None:
    """Negative counts and places below 1 are refused; beyond 9999 the largest is said."""
    with pytest.raises(ValueError, match="-1"):
        spoken_number(-1, Language.ZH)
    with pytest.raises(ValueError, match="0"):
        position_pieces(0, Language.EN)
    assert spoken_number(123_456, Language.EN) == spoken_number(9999, Language.EN)
