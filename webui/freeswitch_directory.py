"""What FreeSWITCH's mod_xml_curl asks for each registration and each call to a device: who is this SIP user?

A slow answer holds up the whole SIP profile (docs/freeswitch.md, part two, section 6). So a registration reads one
row by its key, and what was read is remembered: calls are answered from memory, and so are registrations while the
database can't be reached.
"""

import hmac
from xml.etree import ElementTree

import structlog
from apiflask import APIBlueprint
from flask import Response, current_app, request
from peewee import PeeweeException

from orchestrator.database.models import SipCredential
from orchestrator.service.ports import Clock
from webui.permissions import public

log = structlog.get_logger()

bp = APIBlueprint("freeswitch", __name__, url_prefix="/freeswitch", enable_openapi=False)

#: Name among Flask's extensions.
EXTENSION = "zuoxi-directory"
#: The user name in the switch's basic authentication.
SWITCH_USER = "freeswitch"
#: How the switch reaches a registered device.
DIAL_STRING = "sofia/internal/${dialed_user}%${dialed_domain}"


class Directory:
    """The SIP users of all tenants, for the switches that know the secret."""

    def __init__(self, secret: str, domain: str, clock: Clock) -> None:
        """`domain` is the SIP domain, which is the realm too; `clock` tells which credentials have expired."""
        self._secret, self._domain, self._clock = secret, domain, clock
        self._known: dict[str, tuple[str, int | None]] = {}

    def admits(self, user: str | None, secret: str | None) -> bool:
        """Tell whether a switch has shown the shared secret."""
        shown = f"{user}:{secret}".encode()
        return hmac.compare_digest(shown, f"{SWITCH_USER}:{self._secret}".encode())

    def answer(self, user: str, domain: str, registering: bool) -> str:
        """Return the XML document for a SIP user."""
        askable = domain == self._domain and user.isprintable()
        credential = self._credential(user, registering) if askable else None
        return _not_found() if credential is None else _document(user, domain, credential)

    def _credential(self, user: str, registering: bool) -> str | None:
        if registering or user not in self._known:
            self._read(user)
        a1_hash, expires = self._known.get(user, ("", None))
        expired = expires is not None and expires <= self._clock.now()
        return None if not a1_hash or expired else a1_hash

    def _read(self, user: str) -> None:
        try:
            found = SipCredential.get_or_none(SipCredential.sip_user == user)
        except PeeweeException as error:
            log.warning("SIP user answered from memory", user=user, cause=repr(error))
            return
        if found is None:
            self._known.pop(user, None)
        else:
            self._known[user] = (found.a1_hash, found.expires)


@bp.post("/directory")
@public
def directory() -> Response:
    """Answer mod_xml_curl."""
    switch, users = request.authorization, _directory()
    if switch is None or not users.admits(switch.username, switch.password):
        return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="directory"'})
    form = request.form
    xml = users.answer(form.get("user", ""), form.get("domain", ""), form.get("action") == "sip_auth")
    return Response(xml, content_type="text/xml; charset=utf-8")


def _directory() -> Directory:
    found: Directory = current_app.extensions[EXTENSION]
    return found


def _document(user: str, domain: str, a1_hash: str) -> str:
    root, section = _root("directory")
    home = ElementTree.SubElement(section, "domain", name=domain)
    _param(home, "dial-string", DIAL_STRING)
    groups = ElementTree.SubElement(home, "groups")
    users = ElementTree.SubElement(ElementTree.SubElement(groups, "group", name="default"), "users")
    _param(ElementTree.SubElement(users, "user", id=user), "a1-hash", a1_hash)
    return ElementTree.tostring(root, encoding="unicode")


def _not_found() -> str:
    root, section = _root("result")
    ElementTree.SubElement(section, "result", status="not found")
    return ElementTree.tostring(root, encoding="unicode")


def _root(section: str) -> tuple[ElementTree.Element, ElementTree.Element]:
    root = ElementTree.Element("document", type="freeswitch/xml")
    return root, ElementTree.SubElement(root, "section", name=section)


def _param(parent: ElementTree.Element, name: str, value: str) -> None:
    params = ElementTree.SubElement(parent, "params")
    ElementTree.SubElement(params, "param", name=name, value=value)
