"""A leg of a call: the changes of its signalling state, each with the event that tells of it."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.channels import Channel
from simulator.observations import Timeline
from simulator.sip_variables import of_answer

if TYPE_CHECKING:
    from simulator.switch import Switch

CALL_STATES = {"DOWN": "0", "DIALING": "1", "RINGING": "2", "EARLY": "3", "ACTIVE": "4", "HELD": "5", "HANGUP": "7"}
"""Their numbers in switch_types.h."""


class Leg:
    """What SIP knows of a leg; what it is doing is in the session, which extends it."""

    def __init__(self, switch: "Switch", channel: Channel) -> None:
        self.switch = switch
        self.channel = channel
        self.timeline = Timeline(channel.now, changed=switch.changed)
        self.held = False
        self.on_answered: Callable[[], None] = lambda: None
        self.on_early_media: Callable[[], None] = lambda: None

    @property
    def alive(self) -> bool:
        """Not hung up yet."""
        return not self.channel.hangup_cause

    def notice_answer(self) -> None:
        """Told after every answer; does nothing here."""

    def publish(
        self,
        name: str,
        before: list[tuple[str, str]] | None = None,
        after: list[tuple[str, str]] | None = None,
        *,
        bare: bool = False,
    ) -> None:
        """Fire an event about this leg."""
        self.switch.publish_channel(name, self.channel, before or [], after or [], bare=bare)

    def enter(self, state: str, call_state: str = "") -> None:
        """Change the channel state, and the call state with its CALLSTATE event."""
        channel = self.channel
        channel.state = state
        if call_state and call_state != channel.call_state:
            was, channel.call_state = channel.call_state, call_state
            change = [("Original-Channel-Call-State", was), ("Channel-Call-State-Number", CALL_STATES[call_state])]
            self.publish("CHANNEL_CALLSTATE", change, bare=True)

    def answer(self) -> None:
        """200 OK, sent or received."""
        channel = self.channel
        if channel.answered or not self.alive:
            return
        channel.times["answered"] = channel.now()
        channel.answer_state = "answered"
        channel.variables |= of_answer()
        self.publish("CHANNEL_ANSWER")
        channel.variables["endpoint_disposition"] = "ANSWER"
        self.enter(channel.state, "ACTIVE")
        if self.timeline.latest == "ringing":
            self.timeline.note("silence")
        self.notice_answer()
        self.on_answered()

    def ring(self) -> None:
        """180 Ringing, sent or received."""
        if self.alive and not self.channel.times["progress"] and not self.channel.answered:
            self.channel.times["progress"] = self.channel.now()
            self.channel.variables["sip_to_tag"] = secrets.token_hex(6)
            self.publish("CHANNEL_PROGRESS")
            self.enter(self.channel.state, "RINGING")
            self.timeline.note("ringing")

    def early_media(self) -> None:
        """183 with media, sent or received."""
        channel = self.channel
        if self.alive and not channel.times["progress_media"] and not channel.answered:
            channel.times["progress_media"] = channel.now()
            channel.answer_state = "early"
            self.publish("CHANNEL_PROGRESS_MEDIA")
            self.enter(channel.state, "EARLY")
            self.on_early_media()

    def hold(self, *, on: bool) -> None:
        """The phone (or uuid_hold) puts the call on hold, or takes it back."""
        if not self.alive or on == self.held:
            return
        times, self.held = self.channel.times, on
        if on:
            times["last_hold"] = self.channel.now()
        else:
            times["hold_accum"] += self.channel.now() - times["last_hold"]
        self.publish("CHANNEL_HOLD" if on else "CHANNEL_UNHOLD")
        self.enter(self.channel.state, "HELD" if on else "ACTIVE")
