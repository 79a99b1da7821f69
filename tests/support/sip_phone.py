"""A SIP phone for tests against a real switch: registers, rings, answers or doesn't, calls, holds, presses keys, hums.

UDP and PCMU only. Every phone hums its own tone, so a test can say who hears whom. All phones of a test run share one
`SipLoop`; a phone's methods may be called from the test's thread.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_message import SipMessage, authorization, new_branch
from tests.support.sip_transactions import Address, Transactions

PHRASES = {404: "Not Found", 480: "Temporarily Unavailable", 486: "Busy Here", 603: "Decline"}


@dataclass
class Manner:
    """How a phone treats incoming calls. Seconds; `answer_after` None lets it ring, `refuse` is a status such as 486.

    `ring` False leaves out the 180; `dead` phones neither hear nor say anything.
    """

    answer_after: float | None = 0.0
    refuse: int | None = None
    ring: bool = True
    early_media: bool = False
    dead: bool = False


class Phone:
    """One device with one SIP user; `hertz` is the tone it hums into its calls."""

    def __init__(self, loop: SipLoop, user: str, password: str, server: Address, domain: str, hertz: int = 500) -> None:
        self.loop, self.user, self.password, self.server, self.domain = loop, user, password, server, domain
        self.hertz = hertz
        self.manner = Manner()
        self.calls: list[Call] = []
        self.registered_status = 0
        self.transactions = Transactions(loop, self._on_request)
        self.address = self.transactions.address
        self.contact = f"sip:{user}@{self.address[0]}:{self.address[1]}"
        self._register_id = secrets.token_hex(8)
        self._cseq = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What a person does

    def behave(self, manner: Manner) -> Self:
        """Treat the next calls in this way."""
        self.manner = manner
        self.transactions.deaf = manner.dead
        return self

    def register(self, expires: int = 300) -> Self:
        """Register for `expires` seconds (0 = unregister) and wait for the answer, in `registered_status`.

        Nothing refreshes it: a test that lasts longer registers for longer.
        """
        self.registered_status = 0
        self.loop.do(lambda: self._send_register(expires, ()))
        self.loop.wait(f"{self.user} to be registered", lambda: self.registered_status > 0)
        return self

    def dial(
        self, number: str, *, to: Address | None = None, display: str = "", user: str = "", domain: str = ""
    ) -> Call:
        """Call `number` and return at once; `display` and `user` go into From as they are."""
        return self.loop.do(lambda: self._dial(number, to or self.server, display, user or self.user, domain))

    def next_call(self, already: int = 0, timeout: float = 20.0) -> Call:
        """Wait for the call after the first `already` ones that came in or went out."""
        self.loop.wait(f"a call at {self.user}", lambda: len(self.calls) > already, timeout)
        return self.calls[already]

    def answer(self, call: Call) -> Call:
        """Pick up a ringing call."""
        self.loop.do(lambda: self._answer(call))
        return call

    def refuse(self, call: Call, code: int = 603) -> None:
        """Reject a ringing call."""
        self.loop.do(lambda: self._refuse(call, code))

    def close(self) -> None:
        """End every call and switch off; the registration stays, as when a phone loses power."""
        for call in self.calls:
            call.hang_up()
            self.loop.do(lambda call=call: call.end("us", "switched off"))  # type: ignore[misc]
        self.transactions.close()

    # Registration

    def _send_register(self, expires: int, extra: Iterable[tuple[str, str]]) -> None:
        self._cseq += 1
        host, port = self.address
        me = f"<sip:{self.user}@{self.domain}>"
        headers = [
            ("Via", f"SIP/2.0/UDP {host}:{port};branch={new_branch()};rport"),
            ("Max-Forwards", "70"),
            ("From", f"{me};tag={self._register_id}"),
            ("To", me),
            ("Call-ID", self._register_id),
            ("CSeq", f"{self._cseq} REGISTER"),
            ("Contact", f"<{self.contact}>"),
            ("Expires", str(expires)),
            ("User-Agent", "test phone"),
            *extra,
        ]
        message = SipMessage(f"REGISTER sip:{self.domain} SIP/2.0", headers)
        tried = bool(list(extra))
        self.transactions.request(message, self.server, lambda r: self._on_registered(r, expires, tried))

    def _on_registered(self, response: SipMessage, expires: int, tried: bool) -> None:
        challenge = response.get("WWW-Authenticate")
        if response.status == 401 and not tried:
            uri = f"sip:{self.domain}"
            value = authorization(challenge, self.user, self.password, "REGISTER", uri)
            self._send_register(expires, [("Authorization", value)])
        elif response.status >= 200:
            self.registered_status = response.status

    # Calls out

    def _dial(self, number: str, to: Address, display: str, user: str, domain: str) -> Call:
        domain = domain or self.domain
        local = f"{display} <sip:{user}@{domain}>;tag={secrets.token_hex(6)}".strip()
        call = Call(self, secrets.token_hex(10), to, local, f"<sip:{number}@{domain}>")
        self.calls.append(call)
        call.send_invite()
        return call

    # Calls in

    def _on_request(self, request: SipMessage, source: Address) -> None:
        call = next((c for c in self.calls if c.call_id == request.get("Call-ID")), None)
        if request.method == "INVITE":
            self._on_reinvite(call, request, source) if call else self._on_invite(request, source)
        elif request.method in ("BYE", "CANCEL"):
            self._on_end(call, request, source)
        elif request.method != "ACK":
            self.transactions.reply(request, request.answer(200, "OK"), source)

    def _on_invite(self, request: SipMessage, source: Address) -> None:
        local = f"{request.get('To')};tag={secrets.token_hex(6)}"
        call = Call(self, request.get("Call-ID"), source, local, request.get("From"), incoming=True)
        call.target, call.invite = request.contact, request
        call.on_offer(request.body)
        self.calls.append(call)
        self._treat(call, self.manner)

    def _treat(self, call: Call, manner: Manner) -> None:
        if manner.refuse:
            self._refuse(call, manner.refuse)
            return
        call.state = State.RINGING
        if manner.early_media:
            self._reply(call, 183, "Session Progress", call.answer_body())
        elif manner.ring:
            self._reply(call, 180, "Ringing")
        if manner.answer_after is not None:
            self.loop.later(manner.answer_after, lambda: self._answer(call))

    def _answer(self, call: Call) -> None:
        if call.state is State.RINGING:
            self._reply(call, 200, "OK", call.answer_body())
            call.code = 200
            call.become_up()

    def _refuse(self, call: Call, code: int) -> None:
        if call.state is not State.ENDED:
            self._reply(call, code, PHRASES.get(code, "Refused"))
            call.code = code
            call.end("us", "")

    def _reply(self, call: Call, code: int, phrase: str, body: str = "") -> None:
        assert call.invite is not None
        extra = [("Contact", f"<{self.contact}>")] + [("Content-Type", "application/sdp")] * bool(body)
        response = call.invite.answer(code, phrase, extra, body)
        response.headers = [(name, call.local if name == "To" else value) for name, value in response.headers]
        self.transactions.reply(call.invite, response, call.peer)

    def _on_reinvite(self, call: Call, request: SipMessage, source: Address) -> None:
        call.on_offer(request.body)
        extra = [("Contact", f"<{self.contact}>"), ("Content-Type", "application/sdp")]
        self.transactions.reply(request, request.answer(200, "OK", extra, call.answer_body()), source)

    def _on_end(self, call: Call | None, request: SipMessage, source: Address) -> None:
        self.transactions.reply(request, request.answer(200, "OK"), source)
        if call is None or call.state is State.ENDED:
            return
        if request.method == "CANCEL" and call.state is State.RINGING:
            self._reply(call, 487, "Request Terminated")
            call.code = 487
        call.end("them", request.get("Reason"))
