"""Lists of channels, pairs and devices, as the switch gives them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esl_handlers.errors import MalformedAnswerError
from esl_handlers.snapshots import BridgedPair, to_bridged_pairs, to_channel_rows, to_registration_rows
from tests.esl import recorded


def answers(trace: str, command: str) -> list[str]:
    """The recorded answers to an api command."""
    found, asked = [], ""
    for line in recorded.lines(trace):
        if not line.from_switch:
            asked = line.body.decode()
        elif line.headers["Content-Type"] == "api/response" and asked == command:
            found.append(line.body.decode())
    return found


def test_channels_are_listed() -> None:
    """SAFE-1: after a reconnect all live legs are known (trace 13b)."""
    parked, playing = to_channel_rows(answers("13b-reconnect-and-recover", "api show channels as json")[0])
    assert (parked.state, parked.application, parked.destination) == ("CS_PARK", "uuid_bridge", "4001")
    assert (playing.state, playing.application, playing.created_s) == ("CS_EXECUTE", "playback", 1795347685)


def test_legs_that_talk_to_nobody_are_no_pair() -> None:
    """SAFE-1: `show calls` lists lonely legs too, with an empty partner."""
    recorded_answer = answers("13b-reconnect-and-recover", "api show calls as json")[0]
    assert to_bridged_pairs(recorded_answer) == []
    paired = recorded_answer.replace('"b_uuid":""', '"b_uuid":"b"', 1)
    assert to_bridged_pairs(paired) == [BridgedPair("3d631519-d999-4ad7-9045-5f1b1b6785f5", "b")]


def test_devices_are_listed_and_web_phones_told_apart() -> None:
    """STATE-6: the switch says udp for WebSockets; only the contact tells (docs/freeswitch.md, section 12)."""
    rows = to_registration_rows(answers("12c-register-websocket", "api show registrations as json")[0])
    assert {row.user: row.is_web_phone for row in rows}["1001"] is False
    assert any(row.is_web_phone for row in rows)
    assert all(row.host == "cc.local" and row.expires_s > 1_700_000_000 for row in rows)


@pytest.mark.parametrize("read", [to_channel_rows, to_bridged_pairs, to_registration_rows])
def test_an_empty_list_has_no_rows_at_all(read: Callable[[str], list[object]]) -> None:
    """SAFE-1: a switch that has just started lists nothing, in its own way (trace 13d)."""
    assert read(answers("13d-after-kill9-restart", "api show channels as json")[0]) == []


@pytest.mark.parametrize("read", [to_channel_rows, to_bridged_pairs, to_registration_rows])
@pytest.mark.parametrize("answer", ["", "-ERR no", "[]", '{"rows":5}', '{"rows":[{}]}', '{"rows":[5]}'])
def test_an_unreadable_list_is_an_error(read: Callable[[str], list[object]], answer: str) -> None:
    """SAFE-1: a reconcile must not take an unreadable list for an empty one."""
    with pytest.raises(MalformedAnswerError):
        read(answer)
