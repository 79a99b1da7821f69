"""One call of a test phone: its dialogue, its audio, and what a person could do with it."""

import re
import time
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.support.rtp_audio import Ear, RtpParty
from tests.support.sip_message import SipMessage, authorization, new_branch
from tests.support.sip_transactions import Address

if TYPE_CHECKING:
    from tests.support.sip_phone import Phone


class State(StrEnum):
    """Where a call is."""

    TRYING = "trying"
    RINGING = "ringing"
    UP = "up"
    ENDED = "ended"


class Call:
    """Made by `Phone`; methods may be called from a test, everything named `_on...` runs in the loop.

    `code` is the final status of the INVITE, `referred` that of the latest REFER, `reason` the Reason header that ended
    the call, `ended_by` "us" or "them".
    """

    def __init__(
        self, phone: "Phone", call_id: str, peer: Address, local: str, remote: str, incoming: bool = False
    ) -> None:
        self.phone, self.call_id, self.peer, self.incoming = phone, call_id, peer, incoming
        self.local, self.remote = local, remote  # From/To values as we write them, tags included
        self.target = re.sub(r"^.*<|>.*$", "", remote)
        self.state = State.TRYING
        self.code = self.referred = 0
        self.reason = self.ended_by = ""
        self.held_by_them = self.early_media = False
        self.answered_at = self.ended_at = 0.0
        self.invite: SipMessage | None = None
        self._cseq = 1
        self._password_tried = False
        self.party = RtpParty(phone.hertz)
        phone.loop.watch(self.party.socket, self.party.receive)
        phone.loop.send_with(self.party.send_frame)

    @property
    def ear(self) -> Ear:
        """What this end of the call hears."""
        return self.party.ear

    # What a person does

    def hang_up(self, extra: Iterable[tuple[str, str]] = ()) -> None:
        """End the call, whatever state it is in: BYE, CANCEL or 603."""
        self.phone.loop.do(lambda: self._hang_up(list(extra)))

    def hold(self) -> None:
        """Press hold: re-INVITE with sendonly; the microphone is off meanwhile."""
        self.phone.loop.do(lambda: self._reinvite("sendonly"))

    def resume(self) -> None:
        """Press hold again."""
        self.phone.loop.do(lambda: self._reinvite("sendrecv"))

    def press(self, keys: str) -> None:
        """Press keys of the keypad, as RTP events."""
        self.phone.loop.do(lambda: self.party.press(keys))

    def refer(self, target: str, replaces: "Call | None" = None) -> None:
        """Press transfer: REFER to a number of the phone's domain, or to the party of another call of this phone."""
        self.phone.loop.do(lambda: self._refer(target, replaces))

    # What a test waits for

    def wait(self, state: State, timeout: float = 20.0) -> "Call":
        """Wait until the call is in `state`; a call that ended instead raises AssertionError at once."""
        wanted = {state, State.ENDED}
        self.phone.loop.wait(f"{self.phone.user}'s call to be {state}", lambda: self.state in wanted, timeout)
        assert self.state == state, f"the call ended ({self.code} {self.reason}) instead of {state}"
        return self

    def wait_to_hear(self, hertz: int, timeout: float = 20.0) -> None:
        """Wait until the other side's tone is heard."""
        self.phone.loop.wait(f"{self.phone.user} to hear {hertz} Hz", lambda: self.ear.hears(hertz), timeout)

    def wait_for_keys(self, keys: str, timeout: float = 20.0) -> None:
        """Wait until these keys, and no others, have been heard."""
        self.phone.loop.wait(f"{self.phone.user} to get {keys}", lambda: self.ear.digits() == keys, timeout)

    # Dialogue

    def request(self, method: str, extra: Iterable[tuple[str, str]] = (), body: str = "") -> SipMessage:
        """A request inside this dialogue."""
        self._cseq += method not in ("ACK", "CANCEL")
        return self._message(method, new_branch(), extra, body)

    def _message(self, method: str, branch: str, extra: Iterable[tuple[str, str]], body: str) -> SipMessage:
        host, port = self.phone.address
        headers = [
            ("Via", f"SIP/2.0/UDP {host}:{port};branch={branch};rport"),
            ("Max-Forwards", "70"),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", f"<{self.phone.contact}>"),
            *extra,
        ]
        return SipMessage(f"{method} {self.target} SIP/2.0", headers, body)

    def send_invite(self, extra: Iterable[tuple[str, str]] = ()) -> None:
        """Send (or, with credentials, repeat) the INVITE of a call that this phone places."""
        sdp = [("Content-Type", "application/sdp"), *extra]
        self.invite = self.request("INVITE", sdp, self._sdp("sendrecv"))
        self.phone.transactions.request(self.invite, self.peer, self._on_invite_response)

    def _on_invite_response(self, response: SipMessage) -> None:
        if response.status < 200:
            self._on_progress(response)
        elif response.status < 300:
            self._on_accepted(response)
        else:
            self._ack(response, self.invite.branch if self.invite else "")
            self._on_refused(response)

    def _on_progress(self, response: SipMessage) -> None:
        if response.status > 100 and self.state is State.TRYING:
            self.state = State.RINGING
        if response.body:
            self.early_media = True
            self._connect_audio(response.body)

    def _on_accepted(self, response: SipMessage) -> None:
        self.remote, self.target = response.get("To"), response.contact
        self._ack(response, new_branch())
        if self.state is not State.ENDED:
            self.code = response.status
            self._connect_audio(response.body)
            self.become_up()

    def _on_refused(self, response: SipMessage) -> None:
        challenge = response.get("Proxy-Authenticate") or response.get("WWW-Authenticate")
        if challenge and not self._password_tried:
            self._password_tried = True
            name = "Proxy-Authorization" if response.status == 407 else "Authorization"
            value = authorization(challenge, self.phone.user, self.phone.password, "INVITE", self.target)
            self.send_invite([(name, value)])
        else:
            self.code = response.status
            self.end("them", response.get("Reason"))

    def _ack(self, response: SipMessage, branch: str) -> None:
        ack = self._message("ACK", branch, (), "")
        replaced = {"To": response.get("To"), "CSeq": f"{response.get('CSeq').split()[0]} ACK"}
        ack.headers = [(name, replaced.get(name, value)) for name, value in ack.headers]
        self.phone.transactions.send(ack, self.peer)

    def _hang_up(self, extra: list[tuple[str, str]]) -> None:
        if self.state is State.UP:
            self.phone.transactions.request(self.request("BYE", extra), self.peer, lambda _: None)
            self.end("us", "")
        elif self.state is not State.ENDED and self.incoming:
            self.phone.refuse(self, 603)
        elif self.state is not State.ENDED and self.invite:
            cancel = self._message("CANCEL", self.invite.branch, extra, "")
            self.phone.transactions.request(cancel, self.peer, lambda _: None)

    def _reinvite(self, direction: str) -> None:
        self.party.sending = direction == "sendrecv"
        message = self.request("INVITE", [("Content-Type", "application/sdp")], self._sdp(direction))
        self.phone.transactions.request(message, self.peer, self._on_reinvite_response)

    def _on_reinvite_response(self, response: SipMessage) -> None:
        if response.status >= 200:
            self._ack(response, new_branch())
            self._connect_audio(response.body)

    def _refer(self, target: str, replaces: "Call | None") -> None:
        uri = f"sip:{target}@{self.phone.domain}"
        if replaces:
            tags = [re.sub(r"^.*;tag=", "", value) for value in (replaces.remote, replaces.local)]
            uri += f"?Replaces={replaces.call_id}%3Bto-tag%3D{tags[0]}%3Bfrom-tag%3D{tags[1]}"
        extra = [("Refer-To", f"<{uri}>"), ("Referred-By", f"<sip:{self.phone.user}@{self.phone.domain}>")]
        self.phone.transactions.request(self.request("REFER", extra), self.peer, self._on_referred)

    def _on_referred(self, response: SipMessage) -> None:
        self.referred = response.status

    # Audio and ends

    def answer_body(self) -> str:
        """SDP of our 200."""
        return self._sdp("sendrecv")

    def on_offer(self, sdp: str) -> None:
        """The other side says (again) where its audio goes and whether it holds us."""
        self.held_by_them = "a=sendonly" in sdp or "a=inactive" in sdp
        self._connect_audio(sdp)

    def _sdp(self, direction: str) -> str:
        lines = ["v=0", f"o=- {self.party.port} {self._cseq} IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
        lines += [f"m=audio {self.party.port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000"]
        lines += ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", f"a={direction}", ""]
        return "\r\n".join(lines)

    def _connect_audio(self, sdp: str) -> None:
        host = re.search(r"^c=IN IP4 (\S+)", sdp, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
        if host and port:
            self.party.remote = (host[1], int(port[1]))

    def become_up(self) -> None:
        """Both sides have agreed."""
        self.state, self.answered_at = State.UP, time.monotonic()

    def end(self, by: str, reason: str) -> None:
        """The call is over: free its media."""
        if self.state is State.ENDED:
            return
        self.state, self.ended_by, self.reason, self.ended_at = State.ENDED, by, reason, time.monotonic()
        self.phone.loop.send_no_more(self.party.send_frame)
        self.phone.loop.forget(self.party.socket)
        self.party.close()
