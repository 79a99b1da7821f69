"""Phones registering at a real FreeSWITCH: over UDP, over a WebSocket, with the wrong password, and going away."""

from collections.abc import Callable

from tests.support.real_esl import EslClient
from tests.support.sip_phone import Phone


def test_register_and_unregister(esl: EslClient, phone: Callable[[str], Phone]) -> None:
    """STATE-6: the switch says which user has a device and when it is gone."""
    one = phone("1001").register()
    assert one.registered_status == 200
    event = esl.wait("sofia::register")
    assert (event["from-user"], event["profile-name"]) == ("1001", "internal")
    assert event["user-agent"] == "test phone"
    assert esl.api("sofia_contact */1001@zuoxi.local").startswith("sofia/internal/sip:1001@127.0.0.1")
    one.register(expires=0)
    assert esl.wait("sofia::unregister")["from-user"] == "1001"
    assert esl.api("sofia_contact */1001@zuoxi.local") == "error/user_not_registered"


def test_wrong_password(esl: EslClient, phone: Callable[..., Phone]) -> None:
    """SAFE-2: a phone with the wrong password is refused and stays unregistered."""
    assert phone("1002", "wrong").register().registered_status == 403
    assert esl.wait("sofia::register_failure")["to-user"] == "1002"
    assert esl.api("sofia_contact */1002@zuoxi.local") == "error/user_not_registered"


def test_unknown_user(esl: EslClient, phone: Callable[..., Phone]) -> None:
    """SAFE-2: a user that no directory knows can't register."""
    assert phone("9999", "any").register().registered_status == 403
    assert esl.wait("sofia::register_failure")["to-user"] == "9999"
