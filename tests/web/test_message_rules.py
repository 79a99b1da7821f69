"""How callers leave messages, as a company sets it (QUEUE-1, IVR-1)."""

from typing import Any

import pytest

from orchestrator.store.connection import TextRedis
from tests.web.configured import add_sound, changes, in_force
from tests.web.conftest import LogIn

RULES: dict[str, Any] = {
    "longest_s": 60, "silence_s": 8, "least_s": 3, "beep_ms": 800, "greeting": "hello", "language": "en",
}  # fmt: skip

TO_COMPANY = {"way": "voicemail", "target": ""}


def test_rules_are_in_force_at_once(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1, API-1: read, changed, noted, and published; agents only look if they may."""
    add_sound("hello")
    admin = log_in("admin@acme")
    assert admin.get("/config/messages").json["longest_s"] == 180
    assert admin.put("/config/messages", json=RULES).json == RULES
    assert admin.get("/config/messages").json == RULES
    rules = in_force(text_redis).messages
    assert (rules.longest_s, rules.silence_s, rules.least_s, rules.beep_ms, rules.greeting) == (60, 8, 3, 800, "hello")
    assert changes()[-1][:2] == ("messages", "rules")
    assert admin.delete("/prompts/hello").status_code == 409
    assert log_in("agent@acme").put("/config/messages", json=RULES).status_code == 403
    assert log_in("admin@other").get("/config/messages").json["longest_s"] == 180


@pytest.mark.parametrize(
    "change",
    [
        {"longest_s": 9}, {"longest_s": 901}, {"silence_s": 1}, {"silence_s": 31}, {"least_s": 0}, {"least_s": 10},
        {"beep_ms": 99}, {"beep_ms": 2001}, {"greeting": "nothing"}, {"language": "fr"}, {"longest_s": "long"},
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(log_in: LogIn, text_redis: TextRedis, change: dict[str, Any]) -> None:
    """QUEUE-1: the field is named and nothing is changed."""
    answer = log_in("admin@acme").put("/config/messages", json={**RULES, "greeting": "", **change})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, list(change))
    assert in_force(text_redis).messages.longest_s == 180


def test_a_mailbox_needs_no_greeting_of_its_own(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1, CALL-1: the prepared piece or the company's greeting is one; without any nobody is led there."""
    admin = log_in("admin@acme")
    (number,) = admin.get("/config/numbers").json["items"]
    refused = admin.put("/config/numbers/400acme", json={**number, "route": TO_COMPANY})
    assert list(refused.json["error"]["fields"]) == ["route.prompt"]
    add_sound("piece-zh-message_greeting", "piece")
    assert admin.put("/config/numbers/400acme", json={**number, "route": TO_COMPANY}).status_code == 200
    assert in_force(text_redis).numbers["400acme"].route.prompt == ""
    used = admin.get("/prompts?kind=piece").json["items"][0]["used_by"]
    assert [use["where"] for use in used] == ["messages"]
    other = admin.put("/config/messages", json={**RULES, "greeting": ""})
    assert (other.status_code, list(other.json["error"]["fields"])) == (409, ["numbers.400acme.route.prompt"])
