"""What the switch asks about SIP users."""

from base64 import b64encode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from peewee import OperationalError

from orchestrator.database.models import SipCredential
from webui.app import Web

SECRET = "the secret"


def basic(user: str = "freeswitch", secret: str = SECRET) -> dict[str, str]:
    """The header of basic authentication."""
    return {"Authorization": "Basic " + b64encode(f"{user}:{secret}".encode()).decode()}


@pytest.fixture
def switch(web: Web) -> FlaskClient:
    """A client of the directory; device acme1001 has a credential that doesn't expire."""
    SipCredential.create(sip_user="acme1001", a1_hash="a" * 32, issued=0, expires=None)
    return web.app.test_client()


def ask(switch: FlaskClient, user: str, action: str = "sip_auth", domain: str = "zuoxi.local") -> ElementTree.Element:
    """Ask as mod_xml_curl does."""
    form = {"section": "directory", "key": "id", "user": user, "domain": domain, "action": action}
    answer = switch.post("/freeswitch/directory", data=form, headers=basic())
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/xml")
    return ElementTree.fromstring(answer.text)  # noqa: S314 - made by our own server


def known(document: ElementTree.Element) -> bool:
    """Tell whether the document holds a user, and not `not found`."""
    found = document.find(".//user") is not None
    assert found != (document.find("section[@name='result']/result[@status='not found']") is not None)
    return found


def test_known_device(switch: FlaskClient) -> None:
    """WEB-1: the switch learns the A1 hash and how to reach the device; the form is that of mod_xml_curl."""
    document = ask(switch, "acme1001")
    assert document.get("type") == "freeswitch/xml"
    domain = document.find("section[@name='directory']/domain[@name='zuoxi.local']")
    assert domain is not None
    dial = domain.find("params/param[@name='dial-string']")
    assert dial is not None
    assert dial.get("value") == "sofia/internal/${dialed_user}%${dialed_domain}"
    hash_ = domain.find("groups/group/users/user[@id='acme1001']/params/param[@name='a1-hash']")
    assert hash_ is not None
    assert hash_.get("value") == "a" * 32


@pytest.mark.parametrize("user", ["nobody", "", '"><user id="x', "' OR 1=1 --", "../../etc/passwd", "ü\x01"])
def test_unknown_devices(switch: FlaskClient, user: str) -> None:
    """SAFE-2: whatever is asked for, the answer is well-formed and says that there is no such user."""
    assert not known(ask(switch, user))


def test_other_domain_is_unknown(switch: FlaskClient) -> None:
    """SAFE-3: devices exist in our own domain only."""
    assert not known(ask(switch, "acme1001", domain="evil.example"))


@pytest.mark.parametrize("headers", [{}, basic(secret="wrong"), basic(user="other"), {"Authorization": "Bearer x"}])
def test_the_secret_is_needed(switch: FlaskClient, headers: dict[str, str]) -> None:
    """SAFE-2: without the switches' secret nothing is told."""
    answer = switch.post("/freeswitch/directory", data={"user": "acme1001"}, headers=headers)
    assert answer.status_code == 401
    assert "a1-hash" not in answer.text


def test_expired_credential_is_none(switch: FlaskClient) -> None:
    """WEB-1: a short-lived password ends by itself, also for devices known before."""
    assert known(ask(switch, "acme1001"))
    SipCredential.update(expires=1).execute()
    assert not known(ask(switch, "acme1001"))
    assert not known(ask(switch, "acme1001", action="user_call"))


def test_new_password_counts_at_the_next_registration(switch: FlaskClient) -> None:
    """WEB-1: a renewed password works at once, although calls are answered from memory."""
    ask(switch, "acme1001")
    SipCredential.update(a1_hash="b" * 32).execute()
    renewed = ask(switch, "acme1001").find(".//param[@name='a1-hash']")
    assert renewed is not None
    assert renewed.get("value") == "b" * 32


def test_database_away(switch: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE-1: without the database known devices go on registering and ringing."""
    ask(switch, "acme1001")

    def fail(*_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(SipCredential, "get_or_none", fail)
    assert known(ask(switch, "acme1001"))
    assert known(ask(switch, "acme1001", action="user_call"))
    assert not known(ask(switch, "acme1002"))


def test_calls_do_not_touch_the_database(switch: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """WEB-1: calling a device that has registered reads nothing from the database."""
    ask(switch, "acme1001")
    monkeypatch.setattr(SipCredential, "get_or_none", None)
    assert known(ask(switch, "acme1001", action="user_call"))
