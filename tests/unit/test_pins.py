"""PINs: which are taken, and what is kept of them (MOB-1)."""

import pytest

from orchestrator.domain.pins import acceptable, hash_pin, matches, trivial


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "12 4", "+123", "１２３４"])
def test_only_four_to_eight_digits(pin: str) -> None:
    """MOB-1, SAFE-2: nothing that keys can't say."""
    assert not acceptable(pin)


@pytest.mark.parametrize("pin", ["1111", "00000000", "1234", "7890", "8901", "4321", "0987"])
def test_what_everybody_tries_first(pin: str) -> None:
    """MOB-1: all the same, or one after the other, up or down."""
    assert acceptable(pin)
    assert trivial(pin)


@pytest.mark.parametrize("pin", ["1212", "1235", "2580", "1357", "90210134"])
def test_others_may_be_chosen(pin: str) -> None:
    """MOB-1: anything else."""
    assert acceptable(pin)
    assert not trivial(pin)


def test_what_is_kept_tells_right_from_wrong() -> None:
    """MOB-1: the same PIN leaves something else with another salt; no PIN at all matches nothing."""
    kept = hash_pin("2580", b"salt")
    assert matches("2580", kept)
    assert not matches("2581", kept)
    assert not matches("", kept)
    assert not matches("", "")
    assert "2580" not in kept
    assert hash_pin("2580", b"pepper") != kept
