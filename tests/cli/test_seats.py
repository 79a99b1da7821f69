"""`zuoxi seats`: what companies buy, and suspending them."""

from datetime import timedelta

from orchestrator.domain.config import TenantConfig
from orchestrator.domain.licence import SeatKind, Standing
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import connect
from tests.cli.conftest import Zuoxi


def test_seats_are_bought_listed_and_suspended(zuoxi: Zuoxi, redis_url: str) -> None:
    """SEAT-1, SEAT-4: each command is in force when it ends; the same order is recorded once."""
    for command in (("init",), ("demo",)):
        assert zuoxi(*command).exit_code == 0

    def licence():  # noqa: ANN202
        return from_json(TenantConfig, connect(redis_url).get(keys.config("demo"))).licence

    begin = licence().orders[0].since
    order = ("seats", "buy", "demo", "--kind", "chat", "--count", "5", "--from", "2030-01-01", "--until", "2030-01-31")
    assert zuoxi(*order, "--reference", "PO 7").output == "PO 7: 5 chat seats from 2030-01-01 until 2030-01-31\n"
    again = zuoxi(*order, "--reference", "PO 7")
    assert (again.exit_code, "recorded already" in again.output) == (1, True)
    bought = next(one for one in licence().orders if one.kind is SeatKind.CHAT)
    assert bought.until is not None
    assert bought.until - bought.since == timedelta(days=31) // timedelta(microseconds=1)
    listed = zuoxi("seats", "list", "demo").output
    assert listed.startswith("demo: valid  call 20  chat 0\n")
    assert "PO 7" in listed
    assert zuoxi("seats", "suspend", "demo", "--reason", "unpaid").exit_code == 0
    assert (licence().standing(begin), licence().reason) == (Standing.SUSPENDED, "unpaid")
    assert zuoxi("seats", "suspend", "demo", "--reason", "unpaid").exit_code == 1
    assert zuoxi("seats", "resume", "demo").exit_code == 0
    assert licence().standing(begin) is Standing.VALID
    assert zuoxi("seats", "buy", "nobody", "--count", "1").exit_code == 1
    assert zuoxi("seats", "buy", "demo", "--count", "1", "--from", "2030-01-02", "--until", "2030-01-01").exit_code == 1
