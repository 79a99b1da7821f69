"""A session: what one leg is doing. One asyncio task a leg, as the real switch has one thread a leg.

A leg always runs one *step* (dialplan, park, one side of a bridge ...). Commands never act on it directly:
they put
a message into its queue, ask for a break, divert it to another step, or hang it up; the step notices
within a tick.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from simulator.billing import closing_variables
from simulator.channels import Channel
from simulator.endpoints import Person
from simulator.expansion import expand
from simulator.legs import Leg
from simulator.recording import Recordings

if TYPE_CHECKING:
    from simulator.bridging import Bridge
    from simulator.switch import Switch

Step = Callable[["Session"], Awaitable[None]]
Application = Callable[["Session", str], Awaitable[str]]
Ended = Literal["done", "break", "digit", "cut"]

NO_RESPONSE = "_none_"


@dataclass(slots=True)
class Message:
    """One application to execute; `uuid` comes back as Application-UUID."""

    application: str
    argument: str = ""
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


class Session(Leg):
    """One leg at work."""

    def __init__(self, switch: "Switch", channel: Channel) -> None:
        super().__init__(switch, channel)
        self.person = Person(self)
        self.recordings = Recordings(self)
        self.queue: deque[Message] = deque()
        self.urgent: deque[Message] = deque()
        self.digits: deque[str] = deque()
        self.bridge: Bridge | None = None
        self.talks_to: Session | None = None
        self.diversion: Step | None = None
        self.collecting = False
        self.playing = 0
        self.on_hangup: Callable[[], None] = lambda: None
        self._break_asked = False
        self._waiter: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._disposition = ""

    def notice_answer(self) -> None:
        """The far end picked up, or we did."""
        if self.channel.direction == "outbound":
            self.person.answered()

    # Life

    def start(self, step: Step) -> None:
        """Come into being and begin with a step."""
        self.switch.remember(self)
        self.channel.variables["session_id"] = str(self.switch.counters.sessions)
        self.publish("CHANNEL_CREATE")
        self._task = asyncio.create_task(self._run(step))

    async def _run(self, step: Step) -> None:
        while True:
            await step(self)
            if not self.alive:
                break
            if self.diversion is None:
                self.hang_up("NORMAL_CLEARING")
                break
            step, self.diversion = self.diversion, None
        self._finish()

    def vanish(self) -> None:
        """Disappear without an event, as after kill -9."""
        self.person.left()
        self.channel.hangup_cause = "SYSTEM_SHUTDOWN"
        self.timeline.note("gone", "SYSTEM_SHUTDOWN")
        if self._task is not None:
            self._task.cancel()

    @property
    def is_cut(self) -> bool:
        """What runs has to end: hung up, another step is waiting, or the bridge it ran in is over."""
        bridge_over = self.bridge is not None and self.bridge.over
        return not self.alive or self.diversion is not None or bridge_over

    # What others may do to a leg

    def divert(self, step: Step) -> None:
        """End the present step at the next tick and go on with another."""
        if self.alive:
            self.diversion = step
            self.poke()
            if self.talks_to is not None:
                self.talks_to.poke()

    def hang_up(self, cause: str, disposition: str = "", status: str = "") -> None:
        """Begin to hang up; `disposition` is who did it in SIP's words, `status` the SIP status that came."""
        if not self.alive:
            return
        channel = self.channel
        channel.hangup_cause, channel.answer_state = cause, "hangup"
        channel.times["hangup"] = channel.now()
        self._disposition = disposition or self._our_disposition()
        if disposition:
            channel.variables["sip_hangup_disposition"] = disposition
        if status:
            channel.variables["proto_specific_hangup_cause"] = f"sip:{status}"
        self.publish("CHANNEL_HANGUP")
        self.on_hangup()
        self.poke()

    def hang_up_by_peer(self) -> None:
        """The person at the far end hangs up (or gives up ringing)."""
        if self.channel.answered:
            self.hang_up("NORMAL_CLEARING", "recv_bye", "200")
        elif self.channel.direction == "inbound":
            self.hang_up("ORIGINATOR_CANCEL", "recv_cancel", "487")
        else:
            self.hang_up("CALL_REJECTED", "recv_refuse", "603")

    def _our_disposition(self) -> str:
        if self.channel.answered:
            return "send_bye"
        return "send_refuse" if self.channel.direction == "inbound" else "send_cancel"

    def send(self, message: Message, *, locked: bool = True) -> None:
        """Queue an application; unlocked ones nest into what is running (docs/freeswitch.md, music and prompts)."""
        (self.queue if locked else self.urgent).append(message)
        self.poke()

    def withdraw(self, argument: str) -> None:
        """Take back queued applications with this argument that have not begun."""
        self.queue = deque(message for message in self.queue if message.argument != argument)

    def stop_playing(self, *, flush: bool = False) -> None:
        """uuid_break: end the current item; `flush` also empties the queue, without any event for what was in it."""
        if flush:
            self.queue.clear()
        if self.playing:
            self._break_asked = True
            self.poke()

    def press(self, digit: str, source: str = "RTP") -> None:
        """The person presses a key. On an idle parked channel nobody reads media: no event, the key is lost."""
        in_bridge = self.bridge is not None and self.bridge.started
        if not self.alive or not (self.playing or self.collecting or in_bridge):
            return
        self.channel.digits_dialed += digit
        self.publish("DTMF", [], [("DTMF-Digit", digit), ("DTMF-Duration", "960"), ("DTMF-Source", source)], bare=True)
        if self.collecting:
            self.digits.append(digit)
            self.poke()
        elif self.playing and digit in self._terminators():
            self.channel.variables["playback_terminator_used"] = digit
            self.stop_playing()

    def _terminators(self) -> str:
        chosen = self.channel.variables.get("playback_terminators", "*")
        return {"any": "1234567890*#", "none": ""}.get(chosen, chosen)

    def poke(self) -> None:
        """Wake the leg."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What a step may do

    async def wait(self, seconds: float | None) -> Ended:
        """Let media run that long (None: for ever); says what ended it. Unlocked messages run inside."""
        loop = asyncio.get_running_loop()
        deadline = None if seconds is None else loop.time() + seconds
        while True:
            if self.is_cut:
                self._break_asked = False  # meant for what is over
                return "cut"
            if self._break_asked:
                self._break_asked = False
                return "break"
            if self.digits:
                return "digit"
            if self.urgent:
                began = loop.time()
                await self.execute(self.urgent.popleft())
                deadline = deadline and deadline + loop.time() - began
                continue
            remaining = None if deadline is None else deadline - loop.time()
            if remaining is not None and remaining <= 0:
                return "done"
            await self.doze(remaining)

    async def serve(self, over: Callable[[], bool] = lambda: False) -> None:
        """Parked or bridged: execute what is queued until the step has to end."""
        while not self.is_cut and not over():
            if self.urgent or self.queue:
                await self.execute((self.urgent or self.queue).popleft())
            else:
                await self.doze(None)
        if self.alive and self.is_cut:
            await self.flush_queue()

    async def flush_queue(self) -> None:
        """Queued playbacks end unheard, each with its PLAYBACK ERROR."""
        while self.queue:
            await self.execute(self.queue.popleft())

    async def doze(self, seconds: float | None) -> None:
        """Sleep until poked (a tick later) or until the time is over."""
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, self.poke)
        try:
            await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()
        if timer is None or loop.time() < timer.when():
            await asyncio.sleep(self.switch.tick)

    async def execute(self, message: Message) -> None:
        """Run one application between its EXECUTE and EXECUTE_COMPLETE events."""
        application = self.switch.applications.get(message.application)
        if application is None:
            self.hang_up("DESTINATION_OUT_OF_ORDER")
            return
        argument = expand(message.argument, self.channel.variables, self.switch.globals)
        about = [("Application", message.application), ("Application-UUID", message.uuid)]
        if argument:
            about.insert(1, ("Application-Data", argument))
        self._note_application(message.application, argument)
        self.publish("CHANNEL_EXECUTE", [], about)
        response = await application(self, argument)
        if response != NO_RESPONSE:
            self.channel.variables["current_application_response"] = response
        about.insert(-1, ("Application-Response", response))
        self.publish("CHANNEL_EXECUTE_COMPLETE", [], about)

    def _note_application(self, name: str, argument: str) -> None:
        self.channel.last_application = (name, argument)
        self.channel.variables["current_application"] = name
        self.channel.variables.pop("current_application_response", None)
        if argument:
            self.channel.variables["current_application_data"] = argument
        else:
            self.channel.variables.pop("current_application_data", None)

    def _finish(self) -> None:
        channel = self.channel
        channel.variables["sip_hangup_disposition"] = self._disposition
        self.enter("CS_HANGUP")
        self.recordings.stop_all()
        self.enter("CS_HANGUP", "HANGUP")
        channel.state = "CS_REPORTING"
        channel.variables["last_app"], channel.variables["last_arg"] = channel.last_application
        channel.variables |= closing_variables(channel)
        self.publish("CHANNEL_HANGUP_COMPLETE", [("Hangup-Cause", channel.hangup_cause)])
        self.publish("CHANNEL_DESTROY")
        self.switch.sessions.pop(channel.uuid, None)
        self.switch.schedule.remove(channel.uuid)
        self.timeline.note("gone", channel.hangup_cause)
        self.person.left()
        self.switch.changed()
