"""Test messages: by TLS of both kinds, to real servers, with a clear result (API-1)."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.support.mail_server import MailServer
from tests.support.mail_tls import certificate, known_only
from tests.support.redis_server import free_port
from tests.web.conftest import LogIn, Person
from webui.app import create_web
from webui.freeswitch_directory import Directory
from webui.services import Services

WAYS = ("smtp", "smtp+starttls", "smtps")


class TlsController(Controller):
    """A server that speaks TLS from the first byte, and none on top."""

    def factory(self) -> SMTP:
        """Make the server of a connection; passwords are fine, for TLS is there."""
        return SMTP(self.handler, authenticator=known_only, auth_require_tls=False)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box() -> MailServer:
    return MailServer()


@pytest.fixture
def serve(box: MailServer, tls: tuple[ssl.SSLContext, Path]) -> Iterator[Callable[[str], int]]:
    """Starts mail servers; tells their ports."""
    running: list[Controller] = []

    def start(way: str) -> int:
        place: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
        match way:
            case "smtps":
                server: Controller = TlsController(box, ssl_context=tls[0], **place)
            case "smtp+starttls":
                safe = {"tls_context": tls[0], "require_starttls": True, "authenticator": known_only}
                server = Controller(box, **safe, **place)
            case _:
                server = Controller(box, **place)
        server.start()
        running.append(server)
        return int(server.port)

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def admin_with(services: Services, pages: Path, published: None) -> Callable[[str], Person]:  # noqa: ARG001
    """Logs an administrator in to an application that sends by a URL."""

    def made(url: str) -> Person:
        settings = services.settings.model_copy(update={"smtp_url": url, "mail_from": "Zuoxi <calls@example.com>"})
        web = create_web(replace(services, settings=settings), Directory("x", "zuoxi.local", services.clock), pages)
        person = Person(web.app.test_client())
        assert person.post("/session", json={"login": "admin@acme", "password": "correct horse"}).status_code == 200
        return person

    return made


def ask(person: Person, **headers: str):  # noqa: ANN201 - a response
    return person.post("/config/notices/test", json={"address": "boss@example.com"}, headers=headers)


@pytest.mark.parametrize("way", WAYS)
def test_a_test_message_arrives(
    admin_with: Callable[[str], Person], serve: Callable[[str], int], box: MailServer, tls: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch, way: str,
) -> None:  # fmt: skip
    """API-1: plain, by STARTTLS and by TLS from the first byte, with the password where there is one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    login = "" if way == "smtp" else "zuoxi:pass%2Fword@"
    answer = ask(admin_with(f"{way}://{login}localhost:{serve(way)}"), **{"Accept-Language": "en"})
    assert answer.status_code == 204, answer.text
    [message] = box.messages
    assert (message["To"], message["Subject"]) == ("boss@example.com", "Test message from Zuoxi")


@pytest.mark.parametrize(
    ("way", "login", "trusted", "reason"),
    [
        ("smtp+starttls", "zuoxi:wrong@", True, "user name or password"),
        ("smtps", "zuoxi:wrong@", True, "user name or password"),
        ("smtp+starttls", "zuoxi:pass%2Fword@", False, "encrypted connection"),
        ("smtps", "zuoxi:pass%2Fword@", False, "encrypted connection"),
    ],
)
def test_what_fails_is_said(
    admin_with: Callable[[str], Person], serve: Callable[[str], int], box: MailServer, tls: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch, way: str, login: str, trusted: bool, reason: str,
) -> None:  # fmt: skip
    """API-1, SAFE-2: a wrong password, a certificate that nobody trusts: nothing is sent, the answer names it."""
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    answer = ask(admin_with(f"{way}://{login}localhost:{serve(way)}"), **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json["error"]["id"]) == (502, "mail_failed")
    assert reason in answer.json["error"]["message"]
    assert "wrong" not in answer.json["error"]["message"]
    assert box.messages == []


def test_a_server_that_refuses_or_is_away_is_told_apart(
    admin_with: Callable[[str], Person], serve: Callable[[str], int], box: MailServer
) -> None:
    """API-1: what the server said is shown."""
    box.refuse = 1
    refused = ask(admin_with(f"smtp://localhost:{serve('smtp')}"), **{"Accept-Language": "en"})
    assert "refused the message" in refused.json["error"]["message"]
    assert "451" in refused.json["error"]["message"]
    away = ask(admin_with(f"smtp://127.0.0.1:{free_port()}"), **{"Accept-Language": "en"})
    assert "can't be reached" in away.json["error"]["message"]


def test_without_a_mail_server_it_says_so(log_in: LogIn) -> None:
    """API-1: what is to be set, and that nobody but who may change the configuration tries."""
    assert ask(log_in("admin@acme")).json["error"]["id"] == "mail_not_set_up"
    assert ask(log_in("supervisor@acme")).status_code == 403
