"""How trunks want numbers written."""

import pytest

from orchestrator.domain.config import NumberConfig, TenantConfig, to_queue
from orchestrator.domain.trunks import Trunk


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("+8613800138000", "013800138000"), ("+442079460000", "00442079460000"), ("10086", "10086")],
)
def test_the_longest_rule_counts(number: str, dialled: str) -> None:
    """NUM-1: a national number, one abroad, and a short code that no rule is about."""
    assert Trunk(name="pstn", rewrite=(("+", "00"), ("+86", "0"))).dialled(number) == dialled


def test_only_owned_numbers_with_a_trunk_can_be_shown() -> None:
    """NUM-1: a number of somebody else, one without a trunk, and one whose trunk is unknown have no way out."""
    numbers = {id_: NumberConfig(number=id_, route=to_queue("q"), trunk=trunk) for id_, trunk in
               (("1", "pstn"), ("2", ""), ("3", "gone"))}  # fmt: skip
    config = TenantConfig(id="t", name="T", version=1, numbers=numbers, trunks={"pstn": Trunk(name="pstn")})
    assert config.trunk_of("1") == Trunk(name="pstn")
    assert [config.trunk_of(number) for number in ("2", "3", "4")] == [None] * 3
