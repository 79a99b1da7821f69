"""What a tenant has bought at a moment, and what follows (SEAT-1, SEAT-4)."""

import pytest

from orchestrator.domain.licence import Licence, SeatKind, SeatOrder, Standing

CALL, CHAT = SeatKind.CALL, SeatKind.CHAT

TEN = SeatOrder(kind=CALL, count=10, since=100, until=200)
FIVE_MORE = SeatOrder(kind=CALL, count=5, since=150, until=300)
THREE_FEWER = SeatOrder(kind=CALL, count=-3, since=160)


def test_without_orders_there_is_no_limit_and_no_end() -> None:
    """SEAT-1: an installation for oneself buys nothing."""
    licence = Licence()
    assert licence.purchased(CALL, 5) is None
    assert (licence.standing(5), licence.valid_until(5), licence.next_change(5)) == (Standing.VALID, None, None)


@pytest.mark.parametrize(("at", "seats"), [(99, 0), (100, 10), (149, 10), (150, 15), (160, 12), (199, 12), (200, 2)])
def test_seats_are_the_sum_of_the_orders_in_force(at: int, seats: int) -> None:
    """SEAT-1: what is bought derives from the orders, to the moment."""
    licence = Licence(orders=(TEN, FIVE_MORE, THREE_FEWER))
    assert licence.purchased(CALL, at) == seats
    assert licence.purchased(CHAT, at) == 0


def test_fewer_than_none_are_none() -> None:
    """SEAT-1: taking back more than there is leaves nothing."""
    licence = Licence(orders=(THREE_FEWER,))
    assert licence.purchased(CALL, 200) == 0
    assert licence.standing(200) is Standing.EXPIRED


@pytest.mark.parametrize(
    ("at", "standing", "until", "change"),
    [
        (99, Standing.NOT_BEGUN, None, 100),
        (100, Standing.VALID, 300, 150),
        (199, Standing.VALID, 300, 200),
        (299, Standing.VALID, 300, 300),
        (300, Standing.EXPIRED, None, None),
    ],
)
def test_service_ends_with_the_last_order(at: int, standing: Standing, until: int | None, change: int | None) -> None:
    """SEAT-4: one order following the other without a gap is one period; it ends to the moment."""
    licence = Licence(orders=(TEN, FIVE_MORE))
    assert licence.standing(at) is standing
    assert licence.valid_until(at) == until
    assert licence.next_change(at) == change


def test_suspension_comes_before_everything() -> None:
    """SEAT-4: suspended is suspended, whatever is bought."""
    licence = Licence(orders=(TEN,), suspended=120, reason="unpaid")
    assert licence.standing(150) is Standing.SUSPENDED


def test_a_chat_seat_alone_is_service_too() -> None:
    """SEAT-1: kinds are bought separately: without call seats nobody logs in, but the company is served."""
    licence = Licence(orders=(SeatOrder(kind=CHAT, count=1, since=0),))
    assert (licence.purchased(CALL, 1), licence.purchased(CHAT, 1)) == (0, 1)
    assert licence.standing(1) is Standing.VALID
