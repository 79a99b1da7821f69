"""The loop that fires deadlines, when Redis takes no changes (SAFE-1, OPS-1)."""

from collections.abc import Callable
from typing import cast

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from structlog.testing import capture_logs

from orchestrator.service.ports import Clock, Configurations, LiveStore
from orchestrator.timers import Timers

FULL = "Error running script: @user_script:52: -MISCONF Errors writing to the AOF file: No space left on device"


class Due:
    """A store in which the same three deadlines are due at each look."""

    def due(self, tenant: str, now: int, limit: int) -> list[str]:  # noqa: ARG002 - as the real one
        return ["call:1", "call:2", "agent:1"]


def _fired(act: Callable[[str], None]) -> tuple[list[str], int, list[str]]:
    """Fire what is due in two tenants once: what was tried, how many failed, what the log says."""
    tried: list[str] = []
    failed: list[int] = []

    def fire(_: str, member: str) -> None:
        tried.append(member)
        act(member)

    nobody = cast("Configurations", None), cast("Clock", None)
    with capture_logs() as logs:
        Timers(cast("LiveStore", Due()), *nobody, fire, lambda: failed.append(1)).fire_due(["a", "b"], 1)
    return tried, len(failed), [line["event"] for line in logs]


@pytest.mark.parametrize("error", [ResponseError(FULL), ResponseError("OOM command"), RedisConnectionError("gone")])
def test_a_redis_that_takes_no_changes_is_told_once_a_look(error: RedisError) -> None:
    """OPS-1: every deadline would fail alike each second; thousands of traces would fill what is left of the disk."""

    def refuse(_: str) -> None:
        raise error

    assert _fired(refuse) == (["call:1"], 1, ["deadlines wait: Redis takes no changes"])


@pytest.mark.parametrize("error", [ResponseError("WRONGTYPE of one key"), ValueError("one call's")])
def test_one_bad_deadline_does_not_stop_the_others(error: Exception) -> None:
    """SAFE-1: what is wrong with one call or agent holds up nobody else."""

    def one_bad(member: str) -> None:
        if member == "call:1":
            raise error

    every = ["call:1", "call:2", "agent:1"]
    assert _fired(one_bad) == ([*every, *every], 2, ["deadline failed"] * 2)
