"""Phones registering at a real FreeSWITCH: over UDP, over a WebSocket, with the wrong password, and going away."""

import secrets
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from simple_websocket import Client  # type: ignore[import-untyped]

from tests.support.directory_server import DirectoryServer
from tests.support.real_esl import EslClient
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.sip_loop import SipLoop
from tests.support.sip_message import SipMessage, authorization, new_branch
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
    assert phone("1008", "wrong").register().registered_status == 403
    assert esl.wait("sofia::register_failure")["to-user"] == "1008"
    assert esl.api("sofia_contact */1008@zuoxi.local") == "error/user_not_registered"


def test_unknown_user(esl: EslClient, phone: Callable[..., Phone]) -> None:
    """SAFE-2: a user that no directory knows can't register."""
    assert phone("9999", "any").register().registered_status == 403
    assert esl.wait("sofia::register_failure")["to-user"] == "9999"


def web_register(socket: Client, user: str, password: str) -> SipMessage:
    """Register as a browser does, over its WebSocket; the final answer."""
    host = f"{secrets.token_hex(6)}.invalid"
    headers = [
        ("Via", f"SIP/2.0/WS {host};branch={new_branch()}"),
        ("From", f"<sip:{user}@{DOMAIN}>;tag=1"),
        ("To", f"<sip:{user}@{DOMAIN}>"),
        ("Call-ID", secrets.token_hex(8)),
        ("Contact", f"<sip:{secrets.token_hex(4)}@{host};transport=ws>"),
        ("User-Agent", "cc-page/1"),
    ]

    def ask(number: int, extra: list[tuple[str, str]]) -> SipMessage:
        message = SipMessage(f"REGISTER sip:{DOMAIN} SIP/2.0", [*headers, ("CSeq", f"{number} REGISTER"), *extra])
        socket.send(message.encode().decode())
        return SipMessage.parse(str(socket.receive(5)).encode())

    challenge = ask(1, []).get("WWW-Authenticate")
    proof = authorization(challenge, user, password, "REGISTER", f"sip:{DOMAIN}")
    return ask(2, [("Authorization", proof)])


def test_browser_registers_and_its_loss_is_seen_at_once(esl: EslClient, switch: RealSwitch) -> None:
    """WEB-1, STATE-6: a browser registers over a WebSocket; closing it unregisters within a second."""
    socket = Client(f"ws://127.0.0.1:{switch.ports['WS_PORT']}/", subprotocols=["sip"])
    assert web_register(socket, "1006", "secret-1006").status == 200
    event = esl.wait("sofia::register")
    assert (event["from-user"], event["user-agent"]) == ("1006", "cc-page/1")
    assert "transport=ws" in esl.api("sofia_contact */1006@zuoxi.local")
    socket.close()
    gone = esl.wait("sofia::unregister", 1)
    assert (gone["from-user"], gone["reason"]) == ("1006", "socket-disconnection")


def test_web_side_knows_the_passwords(tmp_path: Path, sip_loop: SipLoop) -> None:
    """WEB-1: users come from the web side's directory, asked with the secret; those it doesn't know from files."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    with DirectoryServer({"7001": "short-lived"}) as directory:
        settings = {"DIRECTORY_URL": directory.url, "DIRECTORY_SECRET": "shared-by-both"}
        switch = RealSwitch(tmp_path, settings)
        switch.add_users([("1001", "secret-1001")])
        with switch:
            web = Phone(sip_loop, "7001", "short-lived", switch.phones, DOMAIN)
            static = Phone(sip_loop, "1001", "secret-1001", switch.phones, DOMAIN)
            with web, static:
                assert (web.register().registered_status, static.register().registered_status) == (200, 200)
                assert switch.connect().subscribe().bgapi("originate user/7001@zuoxi.local &park()")
                web.next_call()
        assert directory.asked[0]["action"] == "sip_auth"
        scheme, _, credentials = directory.asked[0]["authorization"].partition(" ")
        assert (scheme, b64decode(credentials)) == ("Basic", b"freeswitch:shared-by-both")
