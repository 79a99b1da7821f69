"""Registrations (traces 12*)."""

import json
import time

from tests.freeswitch.contract.conftest import SwitchUnderTest
from tests.freeswitch.contract.endpoints import Endpoints
from tests.support.esl_client import EslClient


def _is_registered(esl: EslClient, user: str, *, wanted: bool) -> bool:
    """Whether the table says so within two seconds: it is written a little after the event."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        document = json.loads(esl.api("show registrations as json"))
        if (user in {row["reg_user"] for row in document.get("rows", [])}) == wanted:
            return wanted
        esl.gather(0.05)
    return not wanted


def test_register_refresh_unregister(esl: EslClient, ends: Endpoints) -> None:
    """Refresh looks like the first registration; unregistering removes the contact (12a, STATE-6)."""
    ends.agent("1003")
    first = esl.expect("CUSTOM", Event_Subclass="sofia::register", from_user="1003")
    assert first["status"].startswith("Registered(UDP")
    for header in ("from-host", "contact", "call-id", "expires", "network-ip", "network-port", "user-agent"):
        assert first[header]
    assert _is_registered(esl, "1003", wanted=True)
    assert esl.api(f"sofia_contact */1003@{first['from-host']}").startswith("sofia/internal/sip:1003@")
    ends.unregister("1003")
    gone = esl.expect("CUSTOM", Event_Subclass="sofia::unregister", from_user="1003")
    assert gone["call-id"] == first["call-id"]
    assert not _is_registered(esl, "1003", wanted=False)


def test_contact_of_nobody(esl: EslClient, subject: SwitchUnderTest) -> None:
    """sofia_contact says when nobody is registered (12a)."""
    assert esl.api(f"sofia_contact */9999@{subject.domain}").startswith("error/user_not_registered")


def test_flush(esl: EslClient, ends: Endpoints, subject: SwitchUnderTest) -> None:
    """A flushed registration is told as sofia::expire with user and host (12e)."""
    ends.agent("1003")
    esl.expect("CUSTOM", Event_Subclass="sofia::register", from_user="1003")
    reply = esl.api(f"sofia profile internal flush_inbound_reg 1003@{subject.domain}")
    assert reply == "+OK flushing all registrations matching specified call_id\n"
    gone = esl.expect("CUSTOM", Event_Subclass="sofia::expire", user="1003")
    assert gone["host"] == subject.domain
    assert "from-user" not in gone
