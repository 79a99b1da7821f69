"""SIP registrations: who can be reached, and the sofia:: events about it."""

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from simulator.events import Headers

if TYPE_CHECKING:
    from simulator.switch import Switch


@dataclass(slots=True)
class Registration:
    """One contact of one user; a later device replaces the earlier one silently."""

    user: str
    realm: str
    user_agent: str = "simulated-phone/1.0"
    expires_seconds: int = 3600
    websocket: bool = False
    port: int = 5061
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    host: str = field(default_factory=lambda: secrets.token_hex(5))

    @property
    def uri(self) -> str:
        """The contact as the switch stores it, without angle brackets."""
        if not self.websocket:
            return f"sip:{self.user}@127.0.0.1:{self.port}"
        path = f"sip:{self.host}@127.0.0.1:{self.port};transport=ws"
        return f"sip:{self.host}@{self.host}.invalid;transport=ws;fs_nat=yes;fs_path={quote(path, safe='')}"

    @property
    def expires_at(self) -> int:
        """Epoch seconds; the switch adds 60 s to what the phone asked for."""
        return int(time.time()) + self.expires_seconds + 60


class Registrations:
    """All contacts, by user. The domain a caller of `user/` names is not looked at."""

    def __init__(self, switch: "Switch") -> None:
        self._switch = switch
        self.contacts: dict[str, Registration] = {}

    def register(self, registration: Registration) -> None:
        """A REGISTER was accepted: first time or refresh, the events are alike."""
        known = self.contacts.get(registration.user)
        if known is not None and known.user_agent == registration.user_agent:
            registration.call_id, registration.host = known.call_id, known.host
        self.contacts[registration.user] = registration
        common = self._register_headers(registration)
        self._switch.publish_custom("sofia::register_attempt", [*common, ("auth-result", "RENEWED")])
        context = [("user_context", "internal")] if registration.websocket else []
        self._switch.publish_custom("sofia::register", common + _directory_headers(registration) + context)
        self._switch.changed()

    def unregister(self, user: str) -> None:
        """The phone sent Expires: 0."""
        gone = self._forget(user)
        if gone is not None:
            self._switch.publish_custom("sofia::unregister", _unregister_headers(gone) + _directory_headers(gone))

    def drop_websocket(self, user: str) -> None:
        """The WebSocket broke: a short unregister event with a reason."""
        gone = self._forget(user)
        if gone is not None:
            self._switch.publish_custom(
                "sofia::unregister",
                [
                    ("profile-name", "internal"),
                    ("from-user", user),
                    ("from-host", gone.realm),
                    ("call-id", gone.call_id),
                    ("rpid", "unknown"),
                    ("reason", "socket-disconnection"),
                ],
            )

    def expire(self, user: str) -> None:
        """The registration ran out, or was flushed: `user`/`host` instead of `from-user`/`from-host`."""
        gone = self._forget(user)
        if gone is not None:
            self._switch.publish_custom("sofia::expire", _expire_headers(gone))

    def fail(self, user: str) -> None:
        """A REGISTER with a wrong password."""
        headers = [
            ("profile-name", "internal"),
            ("to-user", user),
            ("to-host", self._switch.domain),
            ("network-ip", "127.0.0.1"),
            ("user-agent", "simulated-phone/1.0"),
            ("network-port", "5064"),
            ("registration-type", "REGISTER"),
        ]
        self._switch.publish_custom("sofia::register_failure", headers)

    def _forget(self, user: str) -> Registration | None:
        gone = self.contacts.pop(user, None)
        self._switch.changed()
        return gone

    def _register_headers(self, contact: Registration) -> Headers:
        status = "Registered(WS-NAT)" if contact.websocket else "Registered(UDP)"
        return [
            ("profile-name", "internal"),
            ("from-user", contact.user),
            ("from-host", contact.realm),
            ("presence-hosts", "n/a"),
            ("contact", f'"" <{contact.uri}>'),
            ("call-id", contact.call_id),
            ("rpid", "unknown"),
            ("status", status),
            ("expires", str(contact.expires_seconds)),
            ("to-user", contact.user),
            ("to-host", contact.realm),
            ("network-ip", "127.0.0.1"),
            ("network-port", str(contact.port)),
            ("username", contact.user),
            ("realm", contact.realm),
            ("user-agent", contact.user_agent),
        ]


def _directory_headers(contact: Registration) -> Headers:
    return [
        ("sip_number_alias", contact.user),
        ("sip_auth_username", contact.user),
        ("sip_auth_realm", contact.realm),
        ("number_alias", contact.user),
        ("user_name", contact.user),
        ("domain_name", contact.realm),
    ]


def _unregister_headers(contact: Registration) -> Headers:
    return [
        ("profile-name", "internal"),
        ("username", contact.user),
        ("from-user", contact.user),
        ("from-host", contact.realm),
        ("contact", f'"" <{contact.uri}>'),
        ("call-id", contact.call_id),
        ("rpid", "unknown"),
        ("realm", contact.realm),
        ("network-ip", "127.0.0.1"),
        ("network-port", str(contact.port)),
        ("user-agent", contact.user_agent),
        ("expires", "0"),
    ]


def _expire_headers(contact: Registration) -> Headers:
    return [
        ("profile-name", "internal"),
        ("call-id", contact.call_id),
        ("user", contact.user),
        ("username", contact.user),
        ("host", contact.realm),
        ("contact", f'"" <{contact.uri}>'),
        ("expires", str(contact.expires_at)),
        ("user-agent", contact.user_agent),
        ("realm", contact.realm),
        ("network-ip", "127.0.0.1"),
        ("network-port", str(contact.port)),
    ]
