"""Callbacks of a company that pays before: money is set aside when the customer is rung, and not before."""

import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import RingAgent
from orchestrator.service.end_call import LegReport
from tests.store.test_callback import calling_back, promised, rung
from tests.store.test_prepaid_calls import balance, reserved
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """A queue that calls back, of a company that pays before."""
    return calling_back(redis_url)


def test_a_promise_sets_nothing_aside_until_the_customer_is_rung(centre: CallCentre) -> None:
    """BILL-1: neither the promise nor the ringing browser takes from the balance; ringing the customer does."""
    balance(centre, "1")
    promised(centre)
    assert reserved(centre) == 0
    centre.online("a1")
    assert centre.call("c1").state is CallState.OFFERED
    assert reserved(centre) == 0
    ring = rung(centre)
    assert reserved(centre) > 0
    assert [meter.leg for meter in centre.call("c1").meters] == [ring.leg]
    centre.use.callbacks.leg_ended("t", "c1", LegReport(leg=ring.leg, role="callback", cause="NO_ANSWER"))
    assert reserved(centre) == 0


def test_a_customer_who_cannot_be_paid_for_is_rung_later(centre: CallCentre) -> None:
    """BILL-1, QUEUE-5: the promise is kept; nothing is set aside meanwhile."""
    balance(centre, "0.05")
    promised(centre)
    centre.online("a1")
    ring = next(command for command in centre.telephony.take() if isinstance(command, RingAgent))
    centre.use.answer.parked("t", "c1", ring.leg, "fs1")
    call = centre.call("c1")
    assert (call.state, call.promised.tries) == (CallState.RESTING, 1)
    assert reserved(centre) == 0
