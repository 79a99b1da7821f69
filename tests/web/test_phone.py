"""The web phone's passwords."""

from hashlib import md5

import pytest
from flask.testing import FlaskClient

from orchestrator.database.models import SipCredential
from orchestrator.domain.commands import DropDevice
from tests.support.call_centre import NotingTelephony
from tests.web.conftest import LogIn
from tests.web.test_directory import ask, known
from webui.app import Web
from webui.settings import WebSettings

PAGE, OTHER = "page-0001", "page-0002"


@pytest.fixture(autouse=True)
def phone_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch's WebSocket."""
    monkeypatch.setenv("ZUOXI_WEB_PHONE_URL", "wss://switch.example:7443")


@pytest.fixture
def directory(web: Web) -> FlaskClient:
    """A switch that asks."""
    return web.app.test_client()


def asked_hash(directory: FlaskClient, user: str) -> str:
    """What the switch is told of a user who registers."""
    found = ask(directory, user).find(".//user/params/param[@name='a1-hash']")
    assert found is not None
    return found.get("value", "")


def test_password_of_a_page_lets_its_device_register(log_in: LogIn, directory: FlaskClient) -> None:
    """WEB-1: the page gets a password that is not the log-in's, the switch its hash; nothing else is stored."""
    answer = log_in("agent@acme").post("/phone", json={"page": PAGE})
    phone = answer.json
    assert answer.status_code == 200
    assert (phone["url"], phone["user"], phone["domain"]) == ("wss://switch.example:7443", "acme1001", "zuoxi.local")
    assert asked_hash(directory, "acme1001") == md5(f"acme1001:zuoxi.local:{phone['password']}".encode()).hexdigest()  # noqa: S324
    assert answer.headers["Cache-Control"] == "no-store"


def test_password_is_dead_once_the_login_has_ended(
    log_in: LogIn, directory: FlaskClient, telephony: NotingTelephony
) -> None:
    """WEB-1: logging out leaves nothing to register with, and the switch forgets the device at once."""
    person = log_in("agent@acme")
    person.post("/phone", json={"page": PAGE})
    assert person.delete("/session").status_code == 204
    assert not known(ask(directory, "acme1001"))
    assert telephony.take() == [DropDevice(leg="acme1001")]


def test_logging_out_elsewhere_leaves_the_phone_alone(log_in: LogIn, directory: FlaskClient) -> None:
    """WEB-1: a password belongs to the one log-in it was made for."""
    first, second = log_in("agent@acme"), log_in("agent@acme")
    first.post("/phone", json={"page": PAGE})
    second.delete("/session")
    assert known(ask(directory, "acme1001"))


def test_newest_page_has_the_phone(log_in: LogIn) -> None:
    """WEB-1: of several pages one rings: the older one is told at its next renewal."""
    person = log_in("agent@acme")
    person.post("/phone", json={"page": PAGE})
    assert person.post("/phone/renew", json={"page": PAGE}).status_code == 200
    person.post("/phone", json={"page": OTHER})
    refused = person.post("/phone/renew", json={"page": PAGE})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "phone_elsewhere")
    assert person.post("/phone/renew", json={"page": OTHER}).status_code == 200


def test_soft_phones_keep_their_password(log_in: LogIn) -> None:
    """WEB-1: a device with a password of its own is not taken by a page."""
    SipCredential.create(sip_user="acme1001", a1_hash="a" * 32, issued=0, expires=None)
    agent = log_in("agent@acme")
    assert agent.get("/phone").json["hindrance"] == "soft_phone"
    refused = agent.post("/phone", json={"page": PAGE})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "soft_phone")
    assert SipCredential.get().a1_hash == "a" * 32


@pytest.mark.parametrize("page", ["", "short", "x" * 41, "no spaces!", 12345678])
def test_pages_have_sensible_ids(log_in: LogIn, page: object) -> None:
    """SAFE-2: the id ends up in the phone's SIP messages."""
    assert log_in("agent@acme").post("/phone", json={"page": page}).status_code == 422


def test_whoever_is_no_agent_has_no_phone(log_in: LogIn) -> None:
    """WEB-1, ROLE-1: a supervisor who is no call agent."""
    assert log_in("supervisor@acme").post("/phone", json={"page": PAGE}).status_code == 404


def test_without_a_websocket_the_page_is_told(log_in: LogIn, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """WEB-1: an installation without a switch for browsers says so."""
    monkeypatch.delenv("ZUOXI_WEB_PHONE_URL")
    object.__setattr__(web.services, "web", WebSettings())
    agent = log_in("agent@acme")
    refused = agent.post("/phone", json={"page": PAGE})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "no_web_phone")
    standing = agent.get("/phone").json
    assert (standing["offered"], standing["reason"]) == (False, refused.json["error"]["message"])
